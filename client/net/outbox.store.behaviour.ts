import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '#protocol/errors';
import { OpId } from '#protocol/ids';
import type { OutboxBox, OutboxStore, OutboxTurn, RefusedOp, WaitingOp } from './outbox.store.ts';

const waiting = (id: string, at = 1): WaitingOp => ({
  op: { id: OpId.parse(id), type: 'part.rename', payload: { id: 'a', name: id } },
  at,
});
const refusal = (id: string, atMs = 5): RefusedOp => ({
  op: waiting(id).op,
  problem: problem('design', 'no_such_part', 'This part is not there any more.', { facts: { part: 'a' } }),
  atMs,
});
const turn = (some: Partial<OutboxTurn>): OutboxTurn => ({
  added: [],
  answered: [],
  refused: [],
  dismissed: [],
  ...some,
});
const ids = (list: readonly { op: { id: string } }[]) => list.map(({ op }) => op.id);

/** What every outbox store promises. `open` gives the store as another page sees it. */
export function behavesLikeAnOutboxStore(name: string, open: () => OutboxStore): void {
  describe(`${name} as an outbox`, () => {
    let rooms = 0;
    let clients = 0;
    let room: string;
    const page = (user = 'ann', where = room): Promise<OutboxBox> =>
      open().open({ room: where, user, client: `${name} client ${(clients += 1)}` });

    beforeEach(() => {
      room = `${name} room ${(rooms += 1)}`;
    });

    it('gives the next page what a closed one left, in order and as it was', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('x', 3), waiting('a', 4)] }));
      await first.write(turn({ added: [waiting('m', 4)] }));
      await first.close();
      const second = await page();
      expect(second.left).toEqual([waiting('x', 3), waiting('a', 4), waiting('m', 4)]);
    });

    it('forgets what the server has answered', async () => {
      const first = await page();
      await first.write(turn({ added: ['a', 'b', 'c', 'd', 'e'].map((id) => waiting(id)) }));
      await first.write(turn({ answered: ['a', 'b', 'd'] }));
      await first.close();
      expect(ids((await page()).left)).toEqual(['c', 'e']);
    });

    it('leaves the box of a page that is open alone', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('a')] }));
      const second = await page();
      expect(second.left).toEqual([]);
      await second.write(turn({ added: [waiting('b')] }));
      await first.close();
      expect(ids((await page()).left)).toEqual(['a']);
      await second.close();
      expect(ids((await page()).left)).toEqual(['b']);
    });

    it('gives what was left to one page only, also when two open at once', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('a'), waiting('b')] }));
      await first.close();
      const two = await Promise.all([page(), page()]);
      expect(two.flatMap(({ left }) => ids(left))).toEqual(['a', 'b']);
    });

    it('keeps what was taken over, until it is answered, through page after page', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('a'), waiting('b')] }));
      await first.close();
      const second = await page();
      await second.write(turn({ answered: ['a'], added: [waiting('c')] }));
      await second.close();
      const third = await page();
      expect(ids(third.left)).toEqual(['b', 'c']);
      await third.write(turn({ answered: ['b', 'c'] }));
      await third.close();
      expect((await page()).left).toEqual([]);
    });

    it('takes over several closed pages, the older one first', async () => {
      const [late, early] = [await page(), await page()];
      await late.write(turn({ added: [waiting('l1', 20), waiting('l2', 21)] }));
      await early.write(turn({ added: [waiting('e1', 10), waiting('e2', 30)] }));
      await Promise.all([late.close(), early.close()]);
      const left = ids((await page()).left);
      expect(left.indexOf('l1')).toBeLessThan(left.indexOf('l2'));
      expect(left.indexOf('e1')).toBeLessThan(left.indexOf('e2'));
      expect(left).toHaveLength(4);
    });

    it('shows nothing to another person or in another room', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('a')], refused: [refusal('r')] }));
      await first.close();
      for (const other of [await page('ben'), await page('ann', `${room}-other`)]) {
        expect(other.left).toEqual([]);
        expect(other.refused).toEqual([]);
      }
    });

    it('lists refused ops with their reason until they are dismissed', async () => {
      const first = await page();
      await first.write(turn({ added: [waiting('a'), waiting('b')] }));
      await first.write(turn({ answered: ['a', 'b'], refused: [refusal('a', 6), refusal('b', 7)] }));
      await first.close();
      const second = await page();
      expect(second.left).toEqual([]);
      expect(second.refused).toEqual([refusal('a', 6), refusal('b', 7)]);
      await second.write(turn({ dismissed: ['a'] }));
      await second.close();
      expect(ids((await page()).refused)).toEqual(['b']);
    });

    it('holds thousands of ops', async () => {
      const first = await page();
      const many = Array.from({ length: 4_000 }, (_, i) => waiting(`op${i}`, i));
      for (let i = 0; i < many.length; i += 1_000) await first.write(turn({ added: many.slice(i, i + 1_000) }));
      await first.write(turn({ answered: many.slice(0, 1_500).map(({ op }) => op.id) }));
      await first.close();
      const { left } = await page();
      expect(left).toHaveLength(2_500);
      expect(left[0]!.op.id).toBe('op1500');
      expect(left.at(-1)!.op.id).toBe('op3999');
    });
  });
}
