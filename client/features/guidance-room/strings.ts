import { defineStrings } from '../../ui/strings/define-strings.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const guidanceRoomStrings = defineStrings('guidanceRoom', { en, zh });
export type GuidanceRoomWords = typeof guidanceRoomStrings.text;
