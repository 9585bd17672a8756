import type { Area } from './figures.ts';
import { bundle } from './hall/bundle.figures.ts';
import { importing } from './hall/import.figures.ts';
import { join } from './hall/join.figures.ts';
import { memory } from './hall/memory.figures.ts';
import { ops } from './hall/ops.figures.ts';
import { start } from './hall/start.figures.ts';

/** The figures of the whole hall: what a person who runs it or works in it would feel. */
const hall: Area = { name: 'hall', parts: [start, memory, ops, importing, bundle, join] };
export default hall;
