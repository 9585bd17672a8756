import { defineStrings } from '../../../ui/index.ts';

const en = {
  show: 'Expert',
  meaning: '{{name}} shows each step with hands and parts, until you have done it',
  mark: 'Let trainees follow this run',
  unmark: 'Trainees may follow this run: end that',
} as const;
const zh: { [K in keyof typeof en]: string } = {
  show: '专家示范',
  meaning: '{{name}}用双手和零件演示每一步，直到您完成',
  mark: '允许学员跟做这次演练',
  unmark: '学员可跟做这次演练：取消',
};
export const expertStrings = defineStrings('trainingExpert', { en, zh });
