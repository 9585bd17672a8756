import { defineStrings } from '../../ui/index.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const helpStrings = defineStrings('help', { en, zh });
