import { defineStrings } from './define-strings.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export const shared = defineStrings('shared', { en, zh });
