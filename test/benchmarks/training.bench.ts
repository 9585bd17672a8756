import type { Area } from './figures.ts';
import { engine } from './training/engine.figures.ts';
import { equipment } from './training/equipment.figures.ts';
import { lrs } from './training/lrs.figures.ts';

/** What training costs: the procedure engine, learning records. */
const training: Area = { name: 'training', parts: [engine, equipment, lrs] };
export default training;
