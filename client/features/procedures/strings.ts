import { defineStrings } from '../../ui/index.ts';
import { en } from './strings.en.ts';
import { zh } from './strings.zh.ts';

export const procedureStrings = defineStrings('procedures', { en, zh });
export type ProcedureWords = ReturnType<typeof procedureStrings.useText>;
