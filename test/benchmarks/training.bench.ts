import type { Area } from './figures.ts';
import { engine } from './training/engine.figures.ts';

/** What training costs: the procedure engine. */
const training: Area = { name: 'training', parts: [engine] };
export default training;
