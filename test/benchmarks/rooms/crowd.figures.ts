import { signIn, type Person } from '../../support/people.ts';
import type { Hall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';
import type { BareOrder } from './bare-ws.worker.ts';
import type { CrowdOrder, CrowdResult } from './crowd.worker.ts';
import { forked, measured, roomWithParts, startMeasuredHall } from './load.ts';
import { cpuSeconds, pin } from './pinned.ts';

/** Until the compiler has nothing left to do: a hall is large, and open for more than a minute. */
const WARM_UP_MS = 35_000;
const MEASURE_MS = 15_000;
const OPS_PER_SECOND = 2;
const MEETINGS = 10;
const MEETING_PEOPLE = 30;
const SIZES = (process.env['CROWDS'] ?? '100,300,600').split(',').map(Number);

interface Measured extends CrowdResult {
  tickP99Ms: number;
  cpuShare: number;
}

/** Active people in one room on one core: what they cost the server, and what each of them receives. */
export const crowd: Part = {
  name: 'crowd',
  async measure(): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const people of SIZES) {
      const hall = await startMeasuredHall();
      try {
        const ann = await signIn(hall.url, 'Ann');
        const room = await roomWithParts(ann, people);
        pin(hall.pid, 0);
        figures.push(...figuresOf(await fill(hall, ann, [room], people, OPS_PER_SECOND)));
        // Presence alone, for the ratio: the bare loop has no journal to write.
        figures.push(await besideBare('in one hall', hall, ann, [room], people));
      } finally {
        await hall.stop();
      }
    }
    return [...figures, await meetings()];
  },
};

/** Ten meetings of thirty: everybody near everybody, and so the same buffers for all of a room, as the bare loop has them. */
async function meetings(): Promise<Figure> {
  const hall = await startMeasuredHall();
  try {
    const ann = await signIn(hall.url, 'Ann');
    const rooms: string[] = [];
    for (let i = 0; i < MEETINGS; i++) rooms.push(await roomWithParts(ann, 1));
    pin(hall.pid, 0);
    return await besideBare(`in rooms of ${MEETING_PEOPLE}`, hall, ann, rooms, MEETINGS * MEETING_PEOPLE);
  } finally {
    await hall.stop();
  }
}

/** So many people in some rooms, every tenth of them editing so often: what that cost. */
export async function fill(
  hall: Hall,
  ann: Person,
  rooms: readonly string[],
  people: number,
  opsPerSecond: number,
  times = { warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS },
  at: (moment: 'measuring' | 'measured') => Promise<unknown> = async () => undefined,
): Promise<Measured> {
  const order: CrowdOrder = {
    hallUrl: hall.url,
    rooms,
    token: ann.token,
    people,
    opsPerSecond,
    partOf: 'part-',
    ...times,
  };
  let health = '';
  const result = await measured<CrowdOrder, CrowdResult>('crowd.worker.ts', order, hall.pid, async (moment) => {
    await at(moment);
    if (moment === 'measured') health = await (await fetch(`${hall.url}/api/health`)).text();
  });
  return { ...result, tickP99Ms: Number(/tick p99 ([\d.]+) ms/.exec(health)?.[1]) };
}

/**
 * People in a hall, and beside them the same people at a bare `ws` loop that sends them as many bytes in as many different
 * frames: both at the same time, on the same core, so that whatever else this machine does is done to both.
 */
async function besideBare(
  where: string,
  hall: Hall,
  ann: Person,
  rooms: readonly string[],
  people: number,
): Promise<Figure> {
  const like = await fill(hall, ann, rooms, people, 0, { warmUpMs: 5_000, measureMs: 5_000 });
  const bare = forked('bare-ws.worker.ts', 0);
  const ask = <Answer>(question: BareOrder | 'sent') =>
    new Promise<Answer>((resolve) => {
      bare.once('message', resolve);
      bare.send(question);
    });
  const sharedBy = Math.max(1, Math.round(like.sharedBy));
  const bytes = Math.max(1, Math.round(like.bytesDown / like.seconds / people / 20));
  const { port } = await ask<{ port: number }>({ bytes, rooms: rooms.length, sharedBy });
  const beside = forked('crowd.worker.ts', 1);
  try {
    beside.send({
      ...{ hallUrl: `ws://127.0.0.1:${port}`, rooms: [], token: '', people, opsPerSecond: 0, partOf: '' },
      ...{ warmUpMs: 10 * (WARM_UP_MS + MEASURE_MS), measureMs: 1 },
    } satisfies CrowdOrder);
    const spent: { cpuSeconds: number; sentBytes: number }[] = [];
    const moving = await fill(
      hall,
      ann,
      rooms,
      people,
      0,
      { warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS },
      async () => {
        const used = cpuSeconds(bare.pid!);
        spent.push({ cpuSeconds: used, ...(await ask<{ sentBytes: number }>('sent')) });
      },
    );
    const [from, to] = spent as [(typeof spent)[0], (typeof spent)[0]];
    const perByte = (to.cpuSeconds - from.cpuSeconds) / (to.sentBytes - from.sentBytes);
    const ours = (moving.cpuShare * moving.seconds) / moving.bytesDown;
    return {
      name: `${people} active people ${where}, nobody editing: server CPU per delivered byte, against a bare ws loop`,
      measured: ours / perByte,
      unit: 'count',
      target: 1.25,
      note: `times; the bare loop sends as many bytes in as many different frames to the same clients 20 times a second (each to ${sharedBy} of them) and reads the same frames, unexamined, on the same core at the same time; server at ${(moving.cpuShare * 100).toFixed(0)} % of a core`,
    };
  } finally {
    beside.kill();
    bare.kill();
  }
}

function figuresOf(crowd: Measured): Figure[] {
  const { people, seconds, bytesDown, presenceBytesDown, entriesDown, acks, closed, tickP99Ms, cpuShare } = crowd;
  const statesPerSecond = crowd.framesSent / seconds / people;
  const perClient = bytesDown / seconds / people / 1000;
  const conditions = `hall of 60 x 60 m, everybody active, 10 % editing ${OPS_PER_SECOND} ops/s; ${(acks / seconds).toFixed(0)} ops/s acknowledged; ${closed} dropped`;
  return [
    {
      name: `${people} active people in one room: tick p99`,
      measured: tickP99Ms,
      unit: 'ms',
      target: 25,
      note: `${conditions}; server at ${(cpuShare * 100).toFixed(0)} % of a core`,
    },
    {
      name: `${people} active people: down-link per client`,
      measured: perClient,
      unit: 'kB',
      ...(people === 100 ? { target: 40 } : {}),
      note: 'per second, ops and presence',
    },
    {
      name: `${people} active people: pose bytes per shown person`,
      measured: ((presenceBytesDown / Math.max(1, entriesDown)) * statesPerSecond) / 1000,
      unit: 'kB',
      target: 0.75,
      note: `per second, as a near person costs: ${statesPerSecond.toFixed(1)} states a second`,
    },
  ];
}
