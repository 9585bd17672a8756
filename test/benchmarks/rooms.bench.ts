import type { Area } from './figures.ts';
import { crowd } from './rooms/crowd.figures.ts';
import { opCost } from './rooms/op-cost.figures.ts';

/** The figures of the room engine: how many people, how many bytes, how many ops. */
const rooms: Area = { name: 'rooms', parts: [opCost, crowd] };
export default rooms;
