import { WorkhallError } from '#protocol/errors';
import { DESIGN_ROOMS } from '#protocol/design/index';
import { advance, openEntry, type Entry, type JournalState, type StoredEntry } from '#protocol/journal/index';

/** States are kept every so many entries: a step back replays fewer than this, about 1 ms. */
export const KEEP_EVERY = 32;

/**
 * A journal that can be walked to any entry, both ways. It is replayed once from its first entry, link by link, in
 * slices whose length the caller decides; documents share what did not change, so the kept states are small.
 * Entries are named by their seq: `stateAt(seq)` is the room after entry `seq`.
 */
export class Timeline {
  /** As they came, not read so far. */
  readonly #waiting: Uint8Array[] = [];
  readonly #stored: StoredEntry[] = [];
  readonly #kept: JournalState[] = [];
  /** The newest state that was replayed, and the one that was asked for last. */
  #end: JournalState;
  #last: JournalState;

  /** `first`: the block of entry 0; `begin`: the state after it (a fork brings its parent's parts along). */
  constructor(first: Uint8Array, begin: JournalState) {
    const opened = openEntry(first);
    if (begin.length !== 1 || !begin.head.equals(opened.cid)) throw doesNotFit(0, 'It is not how this journal begins.');
    this.#stored.push(opened);
    this.#kept.push(begin);
    this.#end = this.#last = begin;
  }

  /** Entries that are here, read or not. */
  get length(): number {
    return this.#stored.length + this.#waiting.length;
  }

  /** Entries that were replayed: states are known for each seq below this. */
  get replayed(): number {
    return this.#stored.length;
  }

  entryAt(seq: number): Entry | undefined {
    return this.#stored[seq]?.entry;
  }

  /** The entries that were replayed, oldest first. A copy. */
  entries(): Entry[] {
    return this.#stored.map(({ entry }) => entry);
  }

  /** The next blocks of the journal, in order. */
  add(blocks: readonly Uint8Array[]): void {
    this.#waiting.push(...blocks);
  }

  /**
   * Replays while `mayGoOn` says so (asked before each entry); false when nothing is left to do.
   * Throws a WorkhallError at an entry that does not follow.
   */
  work(mayGoOn: () => boolean): boolean {
    let done = 0;
    while (done < this.#waiting.length && mayGoOn()) {
      const stored = openEntry(this.#waiting[done]!);
      const next = advance(this.#end, stored, DESIGN_ROOMS);
      if (!next.ok) throw doesNotFit(stored.entry.seq, next.problem.message);
      this.#end = next.state;
      this.#stored.push(stored);
      if ((this.#stored.length - 1) % KEEP_EVERY === 0) this.#kept.push(this.#end);
      done++;
    }
    this.#waiting.splice(0, done);
    return this.#waiting.length > 0;
  }

  /** The room after entry `seq`, which must have been replayed. */
  stateAt(seq: number): JournalState {
    if (seq < 0 || seq >= this.#stored.length) throw new RangeError(`entry ${seq} of ${this.#stored.length}`);
    if (seq === this.#end.length - 1) return (this.#last = this.#end);
    const kept = this.#kept[Math.floor(seq / KEEP_EVERY)]!;
    // From where one stood, when that is nearer: playing forward applies one op per step.
    let state = this.#last.length - 1 <= seq && this.#last.length > kept.length ? this.#last : kept;
    while (state.length - 1 < seq) {
      const next = advance(state, this.#stored[state.length]!, DESIGN_ROOMS);
      if (!next.ok) throw doesNotFit(state.length, next.problem.message);
      state = next.state;
    }
    return (this.#last = state);
  }
}

const doesNotFit = (seq: number, why: string): WorkhallError =>
  new WorkhallError('journal', 'broken_chain', `The history does not fit together at entry ${seq}. ${why}`, {
    facts: { seq },
    next: 'Load it again; if it stays, ask the person who runs this hall to run “workhall replay”.',
  });
