import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { decodeSnapshot } from '#protocol/journal/index';
import type { TakenRoom, TakenRooms } from './taken-rooms.ts';

const NAME = 'workhall.taken';
const VERSION = 1;

interface Tables extends DBSchema {
  rooms: { key: string; value: Omit<TakenRoom, 'blocks'> & { readonly length: number } };
  /** Key: room, number of the entry. */
  blocks: { key: [string, number]; value: Uint8Array };
}

/** In the browser's database. A crash of the browser loses nothing that was written; a power cut may take the last moments. */
export class IndexedDbTakenRooms implements TakenRooms {
  #database: Promise<IDBPDatabase<Tables>> | null = null;

  async open(room: string): Promise<TakenRoom | null> {
    const transaction = (await this.#open()).transaction(['rooms', 'blocks']);
    const found = await transaction.objectStore('rooms').get(room);
    if (!found) return null;
    const { length, ...taken } = found;
    const blocks: Uint8Array[] = [];
    // Only as far as nothing is missing: the rest comes from the hall.
    let cursor = await transaction.objectStore('blocks').openCursor(rangeOf(room, length));
    for (; cursor && cursor.key[1] === length + blocks.length; cursor = await cursor.continue())
      blocks.push(cursor.value);
    return { ...taken, blocks };
  }

  async put(room: string, { blocks, ...taken }: TakenRoom): Promise<void> {
    const { length } = decodeSnapshot(taken.snapshot);
    const transaction = (await this.#open()).transaction(['rooms', 'blocks'], 'readwrite', { durability: 'relaxed' });
    void transaction.objectStore('rooms').put({ ...taken, length }, room);
    void transaction.objectStore('blocks').delete(rangeOf(room));
    blocks.forEach((block, n) => void transaction.objectStore('blocks').put(block, [room, length + n]));
    await transaction.done;
  }

  async note(room: string, change: Partial<TakenRoom>): Promise<void> {
    const transaction = (await this.#open()).transaction('rooms', 'readwrite', { durability: 'relaxed' });
    const found = await transaction.store.get(room);
    if (found) await transaction.store.put({ ...found, ...change }, room);
    await transaction.done;
  }

  async append(room: string, from: number, blocks: readonly Uint8Array[]): Promise<void> {
    const transaction = (await this.#open()).transaction('blocks', 'readwrite', { durability: 'relaxed' });
    blocks.forEach((block, n) => void transaction.store.put(block, [room, from + n]));
    await transaction.done;
  }

  async remove(room: string): Promise<void> {
    const transaction = (await this.#open()).transaction(['rooms', 'blocks'], 'readwrite');
    void transaction.objectStore('rooms').delete(room);
    void transaction.objectStore('blocks').delete(rangeOf(room));
    await transaction.done;
  }

  #open(): Promise<IDBPDatabase<Tables>> {
    return (this.#database ??= openDB<Tables>(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore('rooms');
        database.createObjectStore('blocks');
      },
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      terminated: () => (this.#database = null),
    }));
  }
}

// An array sorts after every number: the upper end of all keys that begin this way.
const rangeOf = (room: string, from = 0) => IDBKeyRange.bound([room, from], [room, []]);
