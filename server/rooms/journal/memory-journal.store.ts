import { WorkhallError } from '#protocol/errors';
import type { RoomId } from '#protocol/ids';
import type { Genesis, StoredEntry } from '#protocol/journal/index';
import { JournalStore, type JournalRecord } from './journal.store.ts';
import { notAtEnd, roomExists } from './journal-problems.ts';

interface Shelf {
  readonly genesis: Genesis;
  readonly entries: { id: string; bytes: Uint8Array }[];
  readonly snapshots: Map<number, Uint8Array>;
}

/** Journals in memory, for simulations and fuzzing: as strict as the real store, as lasting as the process. */
export class MemoryJournalStore extends JournalStore {
  readonly #shelves = new Map<RoomId, Shelf>();

  async create(room: RoomId, genesis: Genesis, first: StoredEntry): Promise<void> {
    if (this.#shelves.has(room)) throw roomExists(room);
    this.#shelves.set(room, { genesis, entries: [{ id: first.entry.id, bytes: first.bytes }], snapshots: new Map() });
  }

  async find(room: RoomId): Promise<JournalRecord | null> {
    const shelf = this.#shelves.get(room);
    return shelf ? { room, genesis: shelf.genesis, length: shelf.entries.length } : null;
  }

  async append(room: RoomId, entries: readonly StoredEntry[]): Promise<void> {
    const shelf = this.#shelf(room);
    if (entries[0] && entries[0].entry.seq !== shelf.entries.length) throw notAtEnd(room, entries[0].entry.seq);
    for (const { entry, bytes } of entries) shelf.entries.push({ id: entry.id, bytes });
  }

  async read(room: RoomId, from: number, limit: number): Promise<Uint8Array[]> {
    return (this.#shelves.get(room)?.entries ?? []).slice(from, from + limit).map((entry) => entry.bytes);
  }

  async opIds(room: RoomId): Promise<Map<string, number>> {
    return new Map(this.#shelf(room).entries.map(({ id }, seq) => [id, seq]));
  }

  async saveSnapshot(room: RoomId, length: number, bytes: Uint8Array): Promise<void> {
    this.#shelf(room).snapshots.set(length, bytes);
  }

  async loadSnapshot(room: RoomId, maxLength: number): Promise<Uint8Array | null> {
    const lengths = [...(this.#shelves.get(room)?.snapshots.keys() ?? [])].filter((length) => length <= maxLength);
    return lengths.length ? this.#shelf(room).snapshots.get(Math.max(...lengths))! : null;
  }

  #shelf(room: RoomId): Shelf {
    const shelf = this.#shelves.get(room);
    if (!shelf)
      throw new WorkhallError('journal', 'no_such_room', 'There is no such room.', { facts: { room }, status: 404 });
    return shelf;
  }
}
