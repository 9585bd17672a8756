import { beforeEach, describe, expect, it } from 'vitest';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { GENESIS_TYPE, openEntry, sealEntry, type Genesis, type StoredEntry } from '#protocol/journal/index';
import type { JournalStore } from './journal.store.ts';

const genesis: Genesis = { kind: 'design', purpose: 'project', title: 'Pump' };

/** A chain of `count` entries, the genesis first. */
export function chainOf(room: RoomId, count: number): StoredEntry[] {
  const entries: StoredEntry[] = [];
  for (let seq = 0; seq < count; seq++)
    entries.push(
      sealEntry({
        v: 1,
        room,
        seq,
        prev: entries.at(-1)?.cid ?? null,
        id: OpId.parse(`${room}-${seq}`),
        author: { id: UserId.parse('ann'), name: 'Ann' },
        at: 1000 + seq,
        type: seq === 0 ? GENESIS_TYPE : 'part.rename',
        payload: seq === 0 ? genesis : { id: 'a', name: `Name ${seq}` },
      }),
    );
  return entries;
}

/** What every journal store promises. */
export function behavesLikeAJournalStore(name: string, open: () => Promise<JournalStore>): void {
  describe(`${name} as a journal store`, () => {
    let store: JournalStore;
    let room: RoomId;
    let chain: StoredEntry[];
    let rooms = 0;

    beforeEach(async () => {
      store = await open();
      room = RoomId.parse(`room-${name.replace(/\W/g, '')}-${(rooms += 1)}-${Date.now()}`);
      chain = chainOf(room, 8);
      await store.create(room, genesis, chain[0]!);
    });

    it('gives back the same bytes in the same order', async () => {
      await store.append(room, chain.slice(1, 4));
      await store.append(room, chain.slice(4));
      const read = await store.read(room, 2, 3);
      expect(read.map((bytes) => openEntry(bytes).cid.toString())).toEqual(
        chain.slice(2, 5).map(({ cid }) => cid.toString()),
      );
      expect(await store.find(room)).toEqual({ room, genesis, length: 8 });
    });

    it('refuses a second journal with the same id', async () => {
      await expect(store.create(room, genesis, chain[0]!)).rejects.toMatchObject({ problem: { key: 'room_exists' } });
    });

    it('refuses entries that do not follow the last one, and keeps none of them', async () => {
      await store.append(room, chain.slice(1, 3));
      await expect(store.append(room, [chain[2]!, chain[3]!])).rejects.toMatchObject({
        problem: { key: 'not_at_end' },
      });
      expect((await store.find(room))!.length).toBe(3);
    });

    it('knows each op by its id', async () => {
      await store.append(room, chain.slice(1));
      const ids = await store.opIds(room);
      expect(ids.size).toBe(8);
      expect(ids.get(`${room}-5`)).toBe(5);
    });

    it('finds the newest snapshot that is not too new', async () => {
      await store.saveSnapshot(room, 3, Uint8Array.of(3));
      await store.saveSnapshot(room, 6, Uint8Array.of(6));
      expect([...(await store.loadSnapshot(room, 5))!]).toEqual([3]);
      expect([...(await store.loadSnapshot(room, 6))!]).toEqual([6]);
      expect(await store.loadSnapshot(room, 2)).toBeNull();
    });

    it('says so when there is no such room', async () => {
      expect(await store.find(RoomId.parse('nowhere'))).toBeNull();
      expect(await store.read(RoomId.parse('nowhere'), 0, 5)).toEqual([]);
    });
  });
}
