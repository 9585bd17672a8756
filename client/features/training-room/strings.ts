import { defineStrings } from '../../ui/strings/define-strings.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const trainingRoomStrings = defineStrings('trainingRoom', { en, zh });
export type TrainingRoomWords = typeof trainingRoomStrings.text;
