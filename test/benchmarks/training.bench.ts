import type { Area } from './figures.ts';
import { engine } from './training/engine.figures.ts';
import { equipment } from './training/equipment.figures.ts';
import { lrs } from './training/lrs.figures.ts';
import { recording } from './training/recording.figures.ts';
import { room } from './training/room.figures.ts';

/** What training costs: the procedure engine, learning records. */
const training: Area = { name: 'training', parts: [engine, equipment, lrs, room, recording] };
export default training;
