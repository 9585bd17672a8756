import { describe, expect, it } from 'vitest';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { advance, encodeSnapshot, GENESIS_TYPE, openJournal, sealEntry } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { Dice, newPart } from '../../test/support/design-arbitraries.ts';
import type { TakenRoom, TakenRooms } from './taken-rooms.ts';

/** A journal of so many entries: the state after the first, and each block. */
function journal(entries: number): { taken: TakenRoom; blocks: Uint8Array[]; snapshotAt: (n: number) => Uint8Array } {
  const room = RoomId.parse('room');
  const author = { id: UserId.parse('ann'), name: 'Ann' };
  const payload = { kind: 'design', purpose: 'project', title: 'Pump' };
  const base = { v: 1, room, author, at: 0 } as const;
  const first = sealEntry({ ...base, seq: 0, prev: null, id: OpId.parse('e0'), type: GENESIS_TYPE, payload });
  const opened = openJournal(first, null, ROOM_MODELS);
  if (!opened.ok) throw new Error(opened.problem.message);
  const states = [opened.state];
  const blocks = [first.bytes];
  for (let seq = 1; seq < entries; seq++) {
    const parts = [newPart(`p${seq}`, null, new Dice(seq))];
    const added = { type: 'parts.add', payload: { parts } };
    const stored = sealEntry({ ...base, ...added, seq, prev: states.at(-1)!.head, id: OpId.parse(`e${seq}`) });
    const next = advance(states.at(-1)!, stored, ROOM_MODELS);
    if (!next.ok) throw new Error(next.problem.message);
    states.push(next.state);
    blocks.push(Uint8Array.from(stored.bytes));
  }
  // In Node small blocks are Buffers, which come back from a store as what they are.
  const snapshotAt = (n: number) => Uint8Array.from(encodeSnapshot(states[n - 1]!));
  return {
    taken: {
      person: { id: 'ann', name: 'Ann' },
      session: 'mark',
      role: 'designer',
      clockOffsetMs: 12,
      snapshot: snapshotAt(1),
      blocks: [],
    },
    blocks,
    snapshotAt,
  };
}

/** What every store of taken rooms promises. `open` gives the store as another page sees it. */
export function behavesLikeTakenRooms(name: string, open: () => TakenRooms): void {
  describe(`${name} as a store of taken rooms`, () => {
    const { taken, blocks, snapshotAt } = journal(6);

    it('knows only rooms that were taken along, until they are let go', async () => {
      expect(await open().open(`${name} a`)).toBeNull();
      await open().put(`${name} a`, taken);
      expect(await open().open(`${name} a`)).toEqual(taken);
      expect(await open().open(`${name} b`)).toBeNull();
      await open().remove(`${name} a`);
      expect(await open().open(`${name} a`)).toBeNull();
    });

    it('gives what came since, in order, and nothing beyond a gap', async () => {
      const rooms = open();
      await rooms.put(`${name} c`, taken);
      await Promise.all([
        rooms.append(`${name} c`, 1, [blocks[1]!]),
        rooms.append(`${name} c`, 2, [blocks[2]!, blocks[3]!]),
      ]);
      await rooms.append(`${name} c`, 5, [blocks[5]!]);
      expect((await open().open(`${name} c`))!.blocks).toEqual(blocks.slice(1, 4));
    });

    it('begins again with a newer state, and keeps nothing of the former one', async () => {
      const rooms = open();
      await rooms.put(`${name} d`, taken);
      await rooms.append(`${name} d`, 1, blocks.slice(1, 3));
      await rooms.put(`${name} d`, { ...taken, snapshot: snapshotAt(4), blocks: [blocks[4]!] });
      expect(await open().open(`${name} d`)).toEqual({ ...taken, snapshot: snapshotAt(4), blocks: [blocks[4]!] });
    });

    it('notes a new session and another clock', async () => {
      await open().put(`${name} e`, taken);
      await open().note(`${name} e`, { session: 'other', clockOffsetMs: -5 });
      expect(await open().open(`${name} e`)).toEqual({ ...taken, session: 'other', clockOffsetMs: -5 });
      await open().note(`${name} nowhere`, { session: 'other' });
      expect(await open().open(`${name} nowhere`)).toBeNull();
    });
  });
}
