import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { OpId } from '#protocol/ids';
import { IndexedDbOutboxStore } from './outbox.indexeddb.ts';
import { AskedLocks } from './outbox.locks.ts';
import { MemoryOutboxStore } from './outbox.memory.ts';
import { behavesLikeAnOutboxStore } from './outbox.store.behaviour.ts';

const memory = new MemoryOutboxStore();
behavesLikeAnOutboxStore('Memory', () => memory);
behavesLikeAnOutboxStore('IndexedDB', () => new IndexedDbOutboxStore());
behavesLikeAnOutboxStore('IndexedDB on plain HTTP', () => new IndexedDbOutboxStore(new AskedLocks()));

it('waits for the page that was just killed, so that what it left goes out before what is done now', async () => {
  const owner = (client: string) => ({ room: 'killed', user: 'ann', client });
  const added = ['1', '2', '3'].map((id) => ({
    op: { id: OpId.parse(id), type: 'part.scan', payload: {} },
    at: Number(id),
  }));
  const killed = await new IndexedDbOutboxStore().open(owner('first'));
  await killed.write({ added, answered: [], refused: [], dismissed: [] });
  setTimeout(() => void killed.close(), 40);
  const { left } = await new IndexedDbOutboxStore().open(owner('second'));
  expect(left.map(({ op }) => op.id)).toEqual(['1', '2', '3']);
});

describe('locks without Web Locks', () => {
  it('go to one of two pages that ask at once, and to the next one when that is done', async () => {
    const pages = [new AskedLocks(), new AskedLocks()];
    const held = (await Promise.all(pages.map((page) => page.hold('box')))).filter((release) => release !== null);
    expect(held).toHaveLength(1);
    expect(await new AskedLocks().hold('box')).toBeNull();
    held[0]!();
    expect(await new AskedLocks().hold('box')).not.toBeNull();
  });
});
