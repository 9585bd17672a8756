import { setTimeout as sleep } from 'node:timers/promises';
import { connectRoom, type RoomSession } from '#net/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { Line } from '../../support/line.ts';
import { openProject, signIn, solid, until, type Person } from '../../support/people.ts';
import { startHall, type Hall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';

const PARTS = 10_000;
const DROP_MS = 5_000;
/** People on the line that drops; they all come back at the same moment. */
const PEOPLE = 5;
const DROPS = 6;
/** Meanwhile somebody else moves a part this often, ms. */
const EDIT_EVERY_MS = 100;
const SHIFT_OPS = 100_000;

/** Back after a drop: how long, how many bytes; and a whole shift of edits made away from the server. */
export const resume: Part = {
  name: 'resume',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    const line = await Line.to(hall);
    try {
      return [...(await afterADrop(hall, line)), await afterAShift(hall, line)];
    } finally {
      await line.close();
      await hall.stop();
    }
  },
};

const enter = (hallUrl: string, { token }: Person, room: string): Promise<RoomSession> =>
  connectRoom({ hallUrl, token, room, device: 'bot' });

const move = (part: number, x: number) => ({
  moves: [
    {
      id: PartId.parse(`part-${part}`),
      poseInParent: {
        position: [x, 0, 0] as [number, number, number],
        rotation: [0, 0, 0, 1] as [number, number, number, number],
      },
    },
  ],
});

async function fill(session: RoomSession, count: number): Promise<void> {
  for (let from = 0; from < count; from += 500)
    session.submit('parts.add', { parts: Array.from({ length: 500 }, (_, i) => solid(`part-${from + i}`)) });
  await until('the parts are saved', () => session.pendingCount.get() === 0, 60_000);
}

async function afterADrop(hall: Hall, line: Line): Promise<Figure[]> {
  const people: Person[] = [];
  for (let i = 0; i <= PEOPLE; i++) people.push(await signIn(hall.url, `Person ${i}`));
  const [editor, ...others] = people as [Person, ...Person[]];
  const { room } = await openProject(editor, others);
  const stays = await enter(hall.url, editor, room);
  await fill(stays, PARTS);
  const snapshot = await fetch(`${hall.url}/api/rooms/${room}/snapshot`, {
    headers: { authorization: `Bearer ${editor.token}` },
  });
  const snapshotBytes = (await snapshot.arrayBuffer()).byteLength;
  const sessions = await Promise.all(others.map((person) => enter(line.url, person, room)));
  const times: number[] = [];
  const bytes: number[] = [];
  for (let drop = 0; drop < DROPS; drop++) {
    line.cut();
    await until('all are away', () => sessions.every(({ connection }) => connection.get().state !== 'live'));
    for (let at = 0; at < DROP_MS; at += EDIT_EVERY_MS) {
      stays.submit('part.move', move(at % PARTS, drop + at / DROP_MS));
      await sleep(EDIT_EVERY_MS);
    }
    line.reset();
    const startMs = performance.now();
    const back = sessions.map(
      ({ connection }) =>
        new Promise<void>((resolve) => {
          const stop = connection.subscribe(() => {
            if (connection.get().state !== 'live') return;
            times.push(performance.now() - startMs);
            stop();
            resolve();
          });
        }),
    );
    line.mend();
    await Promise.all(back);
    bytes.push(line.downBytes / PEOPLE);
    const hash = stateHash(stays.document.get());
    await until('all see the same', () => sessions.every(({ document }) => stateHash(document.get()) === hash));
  }
  await Promise.all([stays, ...sessions].map((session) => session.leave()));
  const note = `${PEOPLE} people at once, ${DROPS} drops of ${DROP_MS / 1000} s, ${DROP_MS / EDIT_EVERY_MS} edits of others meanwhile; from the moment the line is back, the wait for the next attempt included`;
  return [
    { name: `resume in a room of ${PARTS} parts, p50`, measured: percentile(times, 0.5), unit: 'ms', note },
    {
      name: `resume in a room of ${PARTS} parts, p95`,
      measured: percentile(times, 0.95),
      unit: 'ms',
      target: 1_000,
      note,
    },
    {
      name: 'resume: bytes down per person',
      measured: Math.max(...bytes) / 1000,
      unit: 'kB',
      target: snapshotBytes / 1000 / 10,
      note: `the delta, sign-in and people included, worst drop; the whole room has ${(snapshotBytes / 1000).toFixed(0)} kB`,
    },
  ];
}

async function afterAShift(hall: Hall, line: Line): Promise<Figure> {
  const ann = await signIn(hall.url, 'Ann');
  const { room } = await openProject(ann);
  const session = await enter(line.url, ann, room);
  await fill(session, 500);
  line.cut();
  await until('away', () => session.connection.get().state === 'reconnecting');
  for (let i = 0; i < SHIFT_OPS; i++) {
    session.submit('part.move', move(i % 500, i / 1000));
    if (i % 1000 === 0) await sleep(0);
  }
  const startMs = performance.now();
  line.mend();
  await until('all is saved', () => session.pendingCount.get() === 0, 300_000);
  const seconds = (performance.now() - startMs) / 1000;
  await session.leave();
  return {
    name: `${SHIFT_OPS} ops of an offline shift saved after the return`,
    measured: seconds,
    unit: 's',
    target: 60,
    note: `one person, ${Math.round(SHIFT_OPS / seconds)} ops/s; paced by the server's limit of messages`,
  };
}
