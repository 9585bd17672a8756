import { defineStrings } from '../../ui/index.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const guidanceStrings = defineStrings('guidance', { en, zh });
export type GuidanceWords = ReturnType<typeof guidanceStrings.useText>;
