import { roomStrings } from '../strings.ts';

const STEPS = {
  'parts.add': 'step_add',
  'parts.delete': 'step_delete',
  'part.move': 'step_move',
  'part.place': 'step_place',
  'part.rename': 'step_rename',
  'part.setMaterial': 'step_material',
  'part.setHidden': 'step_hide',
  'part.setDimensions': 'step_dimension',
  'comment.add': 'step_comment',
  'comment.reply': 'step_reply',
  'comment.resolve': 'step_resolve',
  'comment.delete': 'step_uncomment',
} as const;

/** What an op type is called when it is taken back. */
export function useStepName(): (opType: string) => string {
  const t = roomStrings.useText();
  return (opType) => t(STEPS[opType as keyof typeof STEPS] ?? 'step_something');
}
