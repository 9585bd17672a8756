import type { Area } from './figures.ts';
import { crowd } from './rooms/crowd.figures.ts';

/** The figures of the room engine: how many people, how many bytes, how many ops. */
const rooms: Area = { name: 'rooms', parts: [crowd] };
export default rooms;
