import { setTimeout as sleep } from 'node:timers/promises';
import type { RoomSession } from '#net/index';
import { partsOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import type { Dice } from './design-arbitraries.ts';
import { solid } from './people.ts';

/** Adds and moves parts without a pause, connected or not, and notes what was acknowledged. */
export async function edit(
  session: RoomSession,
  n: number,
  dice: Dice,
  acknowledged: (id: string) => void,
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
        () => acknowledged(outcome.id),
        () => undefined,
      );
    // While nobody listens the list of what waits stays short, so that each round writes something new.
    await sleep(session.pendingCount.get() > 200 ? 100 : dice.next() * 12);
  }
}

/** Ids of everything that is in a journal, in its order. */
export async function opIdsOf(hallUrl: string, token: string, room: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const answer = await fetch(`${hallUrl}/api/rooms/${room}/entries?from=${ids.length}&limit=500`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { blocks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] };
    if (blocks.length === 0) return ids;
    ids.push(...blocks.map((bytes) => openEntry(bytes).entry.id));
  }
}
