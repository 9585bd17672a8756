import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { pageLocks, type PageLocks } from './outbox.locks.ts';
import type { OutboxBox, OutboxOwner, OutboxStore, OutboxTurn, RefusedOp, WaitingOp } from './outbox.store.ts';

const NAME = 'workhall.outbox';
const VERSION = 1;
/**
 * How long the locks of pages that seem to live are waited for, ms, all together. A page that was killed keeps its own
 * for some 40 ms (Chromium 156); without what it left, this one's ops would go out before it.
 */
const ENDING_MS = 500;

interface Tables extends DBSchema {
  /** Key: room, user, client, number within the box. */
  waiting: { key: [string, string, string, number]; value: WaitingOp };
  /** Key: room, user, op id. */
  refused: { key: [string, string, string]; value: RefusedOp };
}

/** In the browser's database: over reloads, crashes and restarts, per origin. Works on plain HTTP too. */
export class IndexedDbOutboxStore implements OutboxStore {
  #database: Promise<IDBPDatabase<Tables>> | null = null;

  constructor(private readonly locks: PageLocks = pageLocks()) {}

  async open(owner: OutboxOwner): Promise<OutboxBox> {
    // Before the first write: a box without a living page is anybody's.
    const release = await this.locks.claim(lockOf(owner.client));
    try {
      const database = await (this.#database ??= openDatabase(() => (this.#database = null)));
      const box = new IndexedDbBox(database, owner, release);
      const clients = await orphans(database, owner);
      const patience = clients.length > 0 ? AbortSignal.timeout(ENDING_MS) : undefined;
      for (const client of clients) {
        const free = await this.locks.hold(lockOf(client), patience);
        if (!free) continue;
        await box.takeOver(client);
        free();
      }
      await box.readRefused();
      return box;
    } catch (thrown) {
      release();
      throw thrown;
    }
  }
}

/** In which rooms ops of a person wait on this device, and how many. */
export async function waitingRooms(user: string): Promise<{ room: string; count: number }[]> {
  const database = await openDatabase(() => undefined);
  try {
    const found: { room: string; count: number }[] = [];
    const { store } = database.transaction('waiting');
    // From room to room: as many steps as there are rooms.
    for (let after: IDBValidKey[] = []; ;) {
      const cursor = await store.openKeyCursor(IDBKeyRange.lowerBound(after, true));
      if (!cursor) return found;
      const [room] = cursor.key;
      const count = await store.count(IDBKeyRange.bound([room, user], [room, user, []]));
      if (count > 0) found.push({ room, count });
      after = [room, []];
    }
  } finally {
    database.close();
  }
}

/** How many ops of a person wait on this device for one room. */
export const waitingIn = async (user: string, room: string): Promise<number> =>
  (await waitingRooms(user)).find((one) => one.room === room)?.count ?? 0;

class IndexedDbBox implements OutboxBox {
  readonly left: WaitingOp[] = [];
  refused: RefusedOp[] = [];
  readonly #numbers = new Map<string, number>();
  #next = 0;

  constructor(
    private readonly database: IDBPDatabase<Tables>,
    private readonly owner: OutboxOwner,
    private readonly release: () => void,
  ) {}

  async takeOver(client: string): Promise<void> {
    const transaction = this.database.transaction('waiting', 'readwrite');
    const found = await transaction.store.getAll(boxRange(this.owner, client));
    void transaction.store.delete(boxRange(this.owner, client));
    for (const waiting of found) void transaction.store.put(waiting, this.#keyOf(waiting.op.id));
    await transaction.done;
    for (const waiting of found) this.left.push(waiting);
  }

  async readRefused(): Promise<void> {
    const { room, user } = this.owner;
    const found = await this.database.getAll('refused', IDBKeyRange.bound([room, user], [room, user, []]));
    this.refused = found.sort((a, b) => a.atMs - b.atMs);
  }

  async write({ added, answered, refused, dismissed }: OutboxTurn): Promise<void> {
    const { room, user } = this.owner;
    // Not flushed to the platter each time: what may be lost with the power are the last moments, on this side only.
    const transaction = this.database.transaction(['waiting', 'refused'], 'readwrite', { durability: 'relaxed' });
    const waiting = transaction.objectStore('waiting');
    const refusals = transaction.objectStore('refused');
    for (const one of added) void waiting.put(one, this.#keyOf(one.op.id));
    for (const [from, to] of this.#runs(answered))
      void waiting.delete(IDBKeyRange.bound(this.#key(from), this.#key(to)));
    for (const one of refused) void refusals.put(one, [room, user, one.op.id]);
    for (const id of dismissed) void refusals.delete([room, user, id]);
    await transaction.done;
  }

  async close(): Promise<void> {
    this.release();
  }

  #key(n: number): [string, string, string, number] {
    return [this.owner.room, this.owner.user, this.owner.client, n];
  }

  #keyOf(id: string): [string, string, string, number] {
    const n = this.#next++;
    this.#numbers.set(id, n);
    return this.#key(n);
  }

  /** Ops are answered in order: most of a turn is one stretch of numbers. */
  #runs(ids: readonly string[]): [number, number][] {
    const runs: [number, number][] = [];
    for (const id of ids) {
      const n = this.#numbers.get(id);
      if (n === undefined) continue;
      this.#numbers.delete(id);
      const last = runs.at(-1);
      if (last && last[1] + 1 === n) last[1] = n;
      else runs.push([n, n]);
    }
    return runs;
  }
}

/** The pages that wrote something for this person in this room and are not this one; the oldest box first. */
async function orphans(database: IDBPDatabase<Tables>, { room, user, client }: OutboxOwner): Promise<string[]> {
  const store = database.transaction('waiting').store;
  const found: { client: string; at: number }[] = [];
  let range = IDBKeyRange.bound([room, user], [room, user, []]);
  // From the first op of each box to the first of the next: as many steps as there are boxes.
  for (let cursor = await store.openCursor(range); cursor; cursor = await store.openCursor(range)) {
    const other = cursor.key[2];
    if (other !== client) found.push({ client: other, at: cursor.value.at });
    range = IDBKeyRange.bound([room, user, other, []], [room, user, []]);
  }
  return found.sort((a, b) => a.at - b.at).map((one) => one.client);
}

// An array sorts after every number and every string: the upper end of all keys that begin this way.
const boxRange = ({ room, user }: OutboxOwner, client: string) =>
  IDBKeyRange.bound([room, user, client], [room, user, client, []]);

const lockOf = (client: string) => `workhall.outbox.${client}`;

const openDatabase = (onGone: () => void) =>
  openDB<Tables>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore('waiting');
      database.createObjectStore('refused');
    },
    // A newer version of the hall in another tab goes first; this page goes on in memory until it is reloaded.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    terminated: onGone,
  });
