import type { RoomId } from '#protocol/ids';
import type { Genesis, StoredEntry } from '#protocol/journal/index';
import { JournalStore, type JournalRecord } from '../../server/rooms/journal/journal.store.ts';
import type { MemoryJournalStore } from '../../server/rooms/journal/memory-journal.store.ts';
import type { Owner, VirtualTime } from './virtual-time.ts';

/** What may go wrong with one write, and how often. */
export interface DiskFaults {
  /** The power goes before anything is written. */
  readonly crashBefore: number;
  /** The power goes in the middle: the first entries of the group are there. */
  readonly crashWithin: number;
  /** The power goes after the write, before anybody hears of it. */
  readonly crashAfter: number;
  /** The disk says no, and wrote nothing. */
  readonly refuse: number;
  /** The disk says no, but it is written: the answer of the database got lost. */
  readonly refuseAfter: number;
}

/**
 * The disk as one life of the server sees it: takes its time, fails, and takes the power down with it. What is on it
 * stays in `disk`, for the next life.
 */
export class FallibleDisk extends JournalStore {
  constructor(
    private readonly disk: MemoryJournalStore,
    private readonly time: VirtualTime,
    private readonly life: Owner,
    /** Not asked while nothing is to go wrong. */
    private readonly faults: () => DiskFaults | null,
    private readonly crash: () => void,
  ) {
    super();
  }

  create(room: RoomId, genesis: Genesis, first: StoredEntry): Promise<void> {
    return this.disk.create(room, genesis, first);
  }

  find(room: RoomId): Promise<JournalRecord | null> {
    return this.#after(0.2, () => this.disk.find(room));
  }

  async append(room: RoomId, entries: readonly StoredEntry[]): Promise<void> {
    const takesMs = 0.2 + this.time.dice.next() * 4;
    await this.#after(takesMs, () => this.#write(room, entries));
    // The answer takes a while, too: long enough for the power to go in between.
    await this.#after(0.1 + this.time.dice.next(), () => Promise.resolve());
  }

  read(room: RoomId, from: number, limit: number): Promise<Uint8Array[]> {
    return this.#after(0.1 + this.time.dice.next() * 3, () => this.disk.read(room, from, limit));
  }

  opIds(room: RoomId): Promise<Map<string, number>> {
    return this.#after(0.2, () => this.disk.opIds(room));
  }

  async saveSnapshot(room: RoomId, length: number, bytes: Uint8Array): Promise<void> {
    const chance = this.time.dice.next();
    await this.#after(1, () => Promise.resolve());
    if (this.faults() && chance < 0.05) return this.#die();
    if (this.faults() && chance < 0.15) throw new Error('no space left on device');
    await this.#after(1, () => this.disk.saveSnapshot(room, length, bytes));
  }

  loadSnapshot(room: RoomId, maxLength: number): Promise<Uint8Array | null> {
    return this.#after(0.2, () => this.disk.loadSnapshot(room, maxLength));
  }

  async #write(room: RoomId, entries: readonly StoredEntry[]): Promise<void> {
    const faults = this.faults();
    let chance = faults ? this.time.dice.next() : 1;
    const happens = (share: number) => (chance -= share) < 0;
    if (faults && happens(faults.crashBefore)) return this.#die();
    if (faults && happens(faults.crashWithin)) {
      await this.disk.append(room, entries.slice(0, this.time.dice.upTo(entries.length)));
      return this.#die();
    }
    if (faults && happens(faults.refuse)) throw new Error('no space left on device');
    await this.disk.append(room, entries);
    if (faults && happens(faults.crashAfter)) return this.#die();
    if (faults && happens(faults.refuseAfter)) throw new Error('connection terminated unexpectedly');
  }

  /** Who is dead gets no answer. */
  #die(): Promise<never> {
    this.crash();
    return new Promise(() => undefined);
  }

  #after<T>(ms: number, run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.time.after(ms, this.life, () => void run().then(resolve, reject));
    });
  }
}
