import type { ChildProcess } from 'node:child_process';
import { signIn } from '../../support/people.ts';
import { startHall, type Hall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';
import type { CrowdOrder } from './crowd.worker.ts';
import { forked, roomWithParts } from './load.ts';
import { pin } from './pinned.ts';
import type { StormOrder, StormResult } from './storm.worker.ts';

const AT_WORK = 50;
const COMING = 100;
/** More than there are seats for, in the same second: they must be told, and nobody else may suffer. */
const TOO_MANY = 10;
const SEATS = AT_WORK + COMING;
const WITHIN_MS = 1_000;
const WARM_UP_MS = 15_000;

/** A hundred people within a second, into a room where fifty are at work. */
export const joinStorm: Part = {
  name: 'join-storm',
  async measure(): Promise<Figure[]> {
    const hall = await startHall({ env: { ROOM_MAX_PEOPLE: String(SEATS) } });
    const workers: ChildProcess[] = [];
    try {
      const ann = await signIn(hall.url, 'Ann');
      const room = await roomWithParts(ann, AT_WORK);
      pin(hall.pid, 0);
      const crowd = forked('crowd.worker.ts', 1);
      workers.push(crowd);
      const order: CrowdOrder = {
        hallUrl: hall.url,
        rooms: [room],
        token: ann.token,
        people: AT_WORK,
        opsPerSecond: 2,
        partOf: 'part-',
        warmUpMs: 600_000,
        measureMs: 1,
      };
      crowd.send(order);
      await sleep(WARM_UP_MS);
      const calmMs = await tickP99Ms(hall);
      const stormy = { hallUrl: hall.url, token: ann.token, people: COMING + TOO_MANY, withinMs: WITHIN_MS };
      const storm = await blow({ ...stormy, room });
      const tickMs = await tickP99Ms(hall);
      const door = forked('bare-door.worker.ts', 0);
      workers.push(door);
      const port = await new Promise<number>((resolve) =>
        door.once('message', ({ port: its }: { port: number }) => resolve(its)),
      );
      const bare = await blow({ ...stormy, hallUrl: `http://127.0.0.1:${port}`, room: null });
      return figuresOf(storm, bare, tickMs, calmMs);
    } finally {
      for (const worker of workers) worker.kill();
      await hall.stop();
    }
  },
};

function figuresOf(storm: StormResult, bare: StormResult, tickMs: number, calmMs: number): Figure[] {
  const refused = Object.entries(storm.refused).map(([key, count]) => `${count} ${key}`);
  const note = `${COMING + TOO_MANY} people within ${WITHIN_MS / 1000} s into a room of ${SEATS} seats with ${AT_WORK} at work; each a whole client on one core: sign-in, snapshot, ticket, seat, socket, delta. Refused: ${refused.join(', ') || 'nobody'}`;
  const bareP95 = percentile(bare.inMs, 0.95);
  return [
    { name: 'join storm: in the room, p50', measured: percentile(storm.inMs, 0.5), unit: 'ms', note },
    { name: 'join storm: in the room, p95', measured: percentile(storm.inMs, 0.95), unit: 'ms', target: 3_000, note },
    {
      name: 'join storm: the same people, one request and one bare socket each, p95',
      measured: bareP95,
      unit: 'ms',
      note: `the whole way in is ${(percentile(storm.inMs, 0.95) / bareP95).toFixed(1)} x that`,
    },
    {
      name: 'join storm: tick p99 of those at work',
      measured: tickMs,
      unit: 'ms',
      target: 50,
      note: `over the 10 to 20 s around the storm; ${calmMs.toFixed(1)} ms before it`,
    },
    {
      name: 'join storm: people in the room at most',
      measured: Math.max(storm.present, AT_WORK + storm.inMs.length),
      unit: 'count',
      target: SEATS + 1,
      note: `${storm.inMs.length} of ${COMING} seats taken; the cap is ${SEATS}`,
    },
  ];
}

async function blow(order: StormOrder): Promise<StormResult> {
  const worker = forked('storm.worker.ts', 1);
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (result: StormResult) => resolve(result));
      worker.once('exit', (code) => reject(new Error(`The storm ended early (${code})`)));
      worker.send(order);
    });
  } finally {
    worker.kill();
  }
}

async function tickP99Ms(hall: Hall): Promise<number> {
  return Number(/tick p99 ([\d.]+) ms/.exec(await (await fetch(`${hall.url}/api/health`)).text())?.[1]);
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
