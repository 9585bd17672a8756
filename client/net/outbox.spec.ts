import { describe, expect, it } from 'vitest';
import { problem } from '#protocol/errors';
import { OpId } from '#protocol/ids';
import { MemoryOutboxStore } from './outbox.memory.ts';
import { Outbox, type Refusal } from './outbox.ts';
import type { OutboxStore, OutboxTurn, WaitingOp } from './outbox.store.ts';

const owner = { room: 'room', user: 'ann', client: 'one' };
const waiting = (id: string): WaitingOp => ({ op: { id: OpId.parse(id), type: 'part.rename', payload: {} }, at: 1 });
const refusal = (id: string, wasTold = false): Refusal => ({
  op: waiting(id).op,
  problem: problem('design', 'no_such_part', 'Gone.'),
  atMs: 2,
  wasTold,
});
const noTrouble = () => expect.unreachable('the device keeps everything');

/** A memory store that tells what was written, and can be out of order. */
function watched(fails = false) {
  const turns: OutboxTurn[] = [];
  const memory = new MemoryOutboxStore();
  const store: OutboxStore = {
    open: async (who) => {
      const box = await memory.open(who);
      return {
        ...box,
        write: async (turn) => {
          if (fails) throw new DOMException('full', 'QuotaExceededError');
          turns.push(turn);
          await box.write(turn);
        },
      };
    },
  };
  return { store, turns };
}

describe('the outbox of a page', () => {
  it('writes everything of one turn at once', async () => {
    const { store, turns } = watched();
    const outbox = await Outbox.open(store, owner, noTrouble);
    for (let i = 0; i < 50; i++) outbox.add(waiting(`op${i}`));
    await outbox.close();
    expect(turns.map(({ added }) => added.length)).toEqual([50]);
  });

  it('writes nothing for what was answered within the turn', async () => {
    const { store, turns } = watched();
    const outbox = await Outbox.open(store, owner, noTrouble);
    outbox.add(waiting('quick'));
    outbox.answered('quick');
    await outbox.close();
    expect(turns).toEqual([]);
  });

  it('lists what I was told of at once too, but not over a reload', async () => {
    const { store } = watched();
    const outbox = await Outbox.open(store, owner, noTrouble);
    outbox.add(waiting('seen'));
    outbox.add(waiting('unseen'));
    outbox.refuse([refusal('seen', true), refusal('unseen')]);
    expect(outbox.refused.get().map(({ op }) => op.id)).toEqual(['seen', 'unseen']);
    await outbox.close();
    const next = await Outbox.open(store, { ...owner, client: 'two' }, noTrouble);
    expect(next.refused.get().map(({ op }) => op.id)).toEqual(['unseen']);
    expect(next.left()).toEqual([]);
  });

  it('lists what it cannot read any more instead of sending or losing it', async () => {
    const { store } = watched();
    const first = await Outbox.open(store, owner, noTrouble);
    first.add({ op: { ...waiting('odd').op, id: 'not an id!' as OpId }, at: 1 });
    first.add(waiting('fine'));
    await first.close();
    const next = await Outbox.open(store, { ...owner, client: 'two' }, noTrouble);
    expect(next.left().map(({ op }) => op.id)).toEqual(['fine']);
    expect(next.refused.get()).toMatchObject([{ op: { id: 'not an id!' }, problem: { key: 'malformed' } }]);
  });

  it('says once when the device keeps nothing, and goes on in memory', async () => {
    const { store } = watched(true);
    const troubles: string[] = [];
    const outbox = await Outbox.open(store, owner, ({ key }) => troubles.push(key));
    for (let i = 0; i < 3; i++) {
      outbox.add(waiting(`op${i}`));
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(troubles).toEqual(['outbox_not_kept']);
    const broken: OutboxStore = { open: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    const other = await Outbox.open(broken, owner, ({ key }) => troubles.push(key));
    other.add(waiting('a'));
    await other.close();
    expect(troubles).toEqual(['outbox_not_kept', 'outbox_not_kept']);
  });
});
