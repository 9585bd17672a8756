import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectRoom, type RoomSession } from '#net/index';
import { stateHash } from '#protocol/document/index';
import { Dice } from '../support/design-arbitraries.ts';
import { edit, opIdsOf } from '../support/editing.ts';
import { Line } from '../support/line.ts';
import { openProject, signIn, until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** Every run does some; `POWER_CUTS=200 npx vitest run --project integration test/rooms/power-cut.spec.ts` does all. */
const ROUNDS = Number(process.env['POWER_CUTS'] ?? 6);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const PEOPLE = 4;

describe('a server that loses its power while it writes', () => {
  it(
    `keeps every acknowledged op, once, and comes up clean (${ROUNDS} rounds, seed ${SEED})`,
    async () => {
      const dice = new Dice(SEED);
      let hall = await startHall();
      const line = await Line.to(hall);
      const { dataDir, port } = hall;
      const sessions: RoomSession[] = [];
      const acknowledged = new Set<string>();
      let isOver = false;
      try {
        const ann = await signIn(hall.url, 'Ann');
        const { room } = await openProject(ann);
        for (let i = 0; i < PEOPLE; i++)
          sessions.push(await connectRoom({ hallUrl: line.url, token: ann.token, room, device: 'bot' }));
        const work = sessions.map((session, n) =>
          edit(
            session,
            n,
            dice,
            (id) => acknowledged.add(id),
            () => isOver,
          ),
        );
        for (let round = 1; round <= ROUNDS; round++) {
          const before = acknowledged.size;
          await until('somebody gets something saved', () => acknowledged.size > before, 20_000);
          await sleep(dice.next() * 250);
          // A server that dies alone leaves a database that finishes what it was told; without power nobody does.
          if (dice.next() < 0.5) await hall.kill9();
          else await hall.powerCut();
          // Nobody may send again what they were told is safe before we have looked.
          line.cut();
          const promised = [...acknowledged];
          hall = await startHall({ dataDir, env: { PORT: String(port) } });
          expect(await healthOf(hall), `round ${round}`).toBe(200);
          const there = new Set(await opIdsOf(hall.url, ann.token, room));
          expect(
            promised.filter((id) => !there.has(id)),
            `round ${round}`,
          ).toEqual([]);
          line.mend();
        }
        isOver = true;
        await Promise.all(work);
        for (const session of sessions) await until('all is saved', () => session.pendingCount.get() === 0, 30_000);
        const written = await opIdsOf(hall.url, ann.token, room);
        await until(
          'all have the same',
          () => new Set(sessions.map((session) => stateHash(session.document.get()))).size === 1,
        );
        expect(new Set(written).size).toBe(written.length);
        const kept = new Set(written);
        expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
        const fresh = await ann.enter(room);
        expect(stateHash(fresh.document.get())).toBe(stateHash(sessions[0]!.document.get()));
        await fresh.leave();
      } finally {
        isOver = true;
        line.mend();
        await Promise.all(sessions.map((session) => session.leave()));
        await line.close();
        await hall.stop();
      }
    },
    60_000 + ROUNDS * 15_000,
  );
});

const healthOf = async (hall: Hall): Promise<number> => (await fetch(`${hall.url}/api/health`)).status;
