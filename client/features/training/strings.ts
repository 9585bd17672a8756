import { defineStrings } from '../../ui/index.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const trainingStrings = defineStrings('training', { en, zh });
export type TrainingWords = ReturnType<typeof trainingStrings.useText>;
