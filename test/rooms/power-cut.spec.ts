import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import { partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import { Dice } from '../support/design-arbitraries.ts';
import { openProject, signIn, solid, until } from '../support/people.ts';
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
      const { dataDir, port } = hall;
      const sessions: RoomSession[] = [];
      const acknowledged = new Set<string>();
      let isOver = false;
      try {
        const ann = await signIn(hall.url, 'Ann');
        const { room } = await openProject(ann);
        for (let i = 0; i < PEOPLE; i++) sessions.push(await ann.enter(room));
        const work = sessions.map((session, n) => edit(session, n, dice, acknowledged, () => isOver));
        for (let round = 1; round <= ROUNDS; round++) {
          const before = acknowledged.size;
          await until('somebody gets something saved', () => acknowledged.size > before, 20_000);
          await sleep(dice.next() * 250);
          await hall.kill9();
          hall = await startHall({ dataDir, env: { PORT: String(port) } });
          expect(await healthOf(hall), `round ${round}`).toBe(200);
        }
        isOver = true;
        await Promise.all(work);
        for (const session of sessions) await until('all is saved', () => session.pendingCount.get() === 0, 30_000);
        const written = await opIdsOf(hall, ann.token, room);
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
        await Promise.all(sessions.map((session) => session.leave()));
        await hall.stop();
      }
    },
    60_000 + ROUNDS * 15_000,
  );
});

/** Adds and moves parts without a pause, connected or not, and notes what was acknowledged. */
async function edit(
  session: RoomSession,
  n: number,
  dice: Dice,
  acknowledged: Set<string>,
  isOver: () => boolean,
): Promise<void> {
  for (let i = 0; !isOver(); i++) {
    const known = [...partsOf(session.document.get()).keys()];
    const move = known.length > 20 || (known.length > 0 && dice.next() < 0.7);
    const outcome = move
      ? session.submit('part.move', {
          moves: [
            {
              id: PartId.parse(dice.pick(known)!),
              poseInParent: { position: [dice.upTo(9), 0, i % 10], rotation: [0, 0, 0, 1] },
            },
          ],
        })
      : session.submit('parts.add', { parts: [solid(`p${n}-${i}`)] });
    if ('id' in outcome)
      session.confirmed(outcome.id).then(
        () => acknowledged.add(outcome.id),
        () => undefined,
      );
    // While nobody listens the list of what waits stays short, so that each round writes something new.
    await sleep(session.pendingCount.get() > 200 ? 100 : dice.next() * 12);
  }
}

const healthOf = async (hall: Hall): Promise<number> => (await fetch(`${hall.url}/api/health`)).status;

async function opIdsOf(hall: Hall, token: string, room: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const answer = await fetch(`${hall.url}/api/rooms/${room}/entries?from=${ids.length}&limit=500`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { blocks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] };
    if (blocks.length === 0) return ids;
    ids.push(...blocks.map((bytes) => openEntry(bytes).entry.id));
  }
}
