import type { Area } from './figures.ts';
import { crowd } from './rooms/crowd.figures.ts';
import { joinStorm } from './rooms/join-storm.figures.ts';
import { opCost } from './rooms/op-cost.figures.ts';
import { peers } from './rooms/peers.figures.ts';
import { processes } from './rooms/processes.figures.ts';
import { resume } from './rooms/resume.figures.ts';
import { throughput } from './rooms/throughput.figures.ts';
import { voice } from './rooms/voice.figures.ts';

/** The figures of the room engine: how many people, how many bytes, how many ops, how soon one is back. */
const rooms: Area = { name: 'rooms', parts: [opCost, throughput, resume, joinStorm, crowd, peers, voice, processes] };
export default rooms;
