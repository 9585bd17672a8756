import { defineStrings } from '../../../ui/index.ts';

const en = {
  record: 'Record steps',
  recordMeaning: 'Do the assembly: every part that you put down becomes a step of a procedure',
  recording: 'Recording steps',
  begin: 'Take a part, put it where it belongs, let go. That is a step.',
  steps: 'Steps so far',
  onto: '{{part}} → {{mount}}',
  note: 'What to say about: {{part}}',
  notePlaceholder: 'Note for this step',
  undoLast: 'Undo the last step',
  cancel: 'Stop without a draft',
  done: 'Done: open the draft',
  draftTitle: 'Recorded: {{title}}',
  chapter: 'Assembly',
  put: 'Put “{{part}}” onto “{{mount}}”',
  putDown: 'Put “{{part}}” where the ghost shows it',
} as const;
const zh: { [K in keyof typeof en]: string } = {
  record: '录制步骤',
  recordMeaning: '动手装配：每放好一个零件，就成为规程的一步',
  recording: '正在录制步骤',
  begin: '拿起零件，放到位，松手，即为一步。',
  steps: '已录步骤',
  onto: '{{part}} → {{mount}}',
  note: '关于“{{part}}”的说明',
  notePlaceholder: '本步说明',
  undoLast: '撤销上一步',
  cancel: '停止，不生成草稿',
  done: '完成，打开草稿',
  draftTitle: '录制：{{title}}',
  chapter: '装配',
  put: '将“{{part}}”装到“{{mount}}”上',
  putDown: '将“{{part}}”放到虚影所示位置',
};
export const recordStrings = defineStrings('recordSteps', { en, zh });
