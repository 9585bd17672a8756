import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { IndexedDbOutboxStore } from './outbox.indexeddb.ts';
import { AskedLocks } from './outbox.locks.ts';
import { MemoryOutboxStore } from './outbox.memory.ts';
import { behavesLikeAnOutboxStore } from './outbox.store.behaviour.ts';

const memory = new MemoryOutboxStore();
behavesLikeAnOutboxStore('Memory', () => memory);
behavesLikeAnOutboxStore('IndexedDB', () => new IndexedDbOutboxStore());
behavesLikeAnOutboxStore('IndexedDB on plain HTTP', () => new IndexedDbOutboxStore(new AskedLocks()));

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
