import type { RoomSession } from '#net/index';
import { PartId } from '#protocol/ids';
import { openProject, signIn, solid, until, type Person } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';

const PEOPLE = 10;
/** Each person moves a part this often, ms: somebody who drags and drops without pause. */
const EVERY_MS = 100;
const DURATION_MS = 10_000;
/** Connections, code and plans are warm after this. */
const WARM_UP_MS = 1_500;

/** Ten people edit one room on loopback; the bots run in this process, the server in its own. */
export const ops: Part = {
  name: 'ops',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    try {
      const people: Person[] = [];
      for (let i = 0; i < PEOPLE; i++) people.push(await signIn(hall.url, `Person ${i}`));
      const { room } = await openProject(people[0]!, people.slice(1));
      const sessions = await Promise.all(people.map((person) => person.enter(room)));
      const first = sessions[0]!;
      first.submit('parts.add', { parts: people.map((_, i) => solid(`part-${i}`)) });
      await until('the parts', () => first.pendingCount.get() === 0);
      const { durable, visible } = await edit(sessions);
      await Promise.all(sessions.map((session) => session.leave()));
      const note = `${PEOPLE} people, ${durable.length} ops, one every ${EVERY_MS} ms each`;
      return [
        { name: 'op durable and acknowledged, p50', measured: percentile(durable, 0.5), unit: 'ms', note },
        { name: 'op durable and acknowledged, p95', measured: percentile(durable, 0.95), unit: 'ms', target: 10, note },
        { name: 'op durable and acknowledged, p99', measured: percentile(durable, 0.99), unit: 'ms', target: 30, note },
        {
          name: 'op visible at another client, p95',
          measured: percentile(visible, 0.95),
          unit: 'ms',
          target: 60,
          note,
        },
      ];
    } finally {
      await hall.stop();
    }
  },
};

async function edit(sessions: readonly RoomSession[]): Promise<{ durable: number[]; visible: number[] }> {
  const sentAtMs = new Map<number, number>();
  const durable: number[] = [];
  const visible: number[] = [];
  const startMs = performance.now();
  const isWarm = () => performance.now() - startMs > WARM_UP_MS;
  sessions.forEach((session, me) =>
    session.onChanges((changes, origin) => {
      if (origin !== 'other') return;
      for (const { after } of changes) {
        const mark = (after as { poseInParent?: { position: number[] } } | undefined)?.poseInParent?.position[0] ?? -1;
        const sent = sentAtMs.get(mark);
        // One watcher is enough: the person after the author.
        if (
          sent !== undefined &&
          Math.floor(mark) % sessions.length === (me + sessions.length - 1) % sessions.length &&
          isWarm()
        )
          visible.push(performance.now() - sent);
      }
    }),
  );
  let count = 0;
  await Promise.all(
    sessions.map(async (session, me) => {
      await new Promise((resolve) => setTimeout(resolve, (me * EVERY_MS) / sessions.length));
      for (let step = 0; performance.now() - startMs < DURATION_MS; step++) {
        // The position carries who moved and which step it was: whole part = person, fraction = step.
        const mark = me + (step + 1) / 4096;
        const sent = performance.now();
        sentAtMs.set(mark, sent);
        const moved = session.submit('part.move', {
          moves: [{ id: PartId.parse(`part-${me}`), poseInParent: { position: [mark, 0, 0], rotation: [0, 0, 0, 1] } }],
        });
        if ('problem' in moved) throw new Error(moved.problem.message);
        count += 1;
        void session.confirmed(moved.id).then(() => isWarm() && durable.push(performance.now() - sent));
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    }),
  );
  await until(`all ${count} ops are saved`, () => sessions.every((session) => session.pendingCount.get() === 0));
  return { durable, visible };
}
