import type { Document } from '#protocol/document/index';
import { toProblem, type Problem } from '#protocol/errors';
import { DESIGN_ROOMS } from '#protocol/design/index';
import { openEntry, openJournal, type Entry, type JournalState } from '#protocol/journal/index';
import { Timeline } from './past-timeline.ts';
import { Store, type Readable } from './store.ts';

/** Entries asked for at a time. */
const PAGE = 500;
/** Work between two frames: a slice of replay leaves room for drawing. */
const SLICE_MS = 8;

/** When what is wanted is shown. A drag asks more often than there are pictures: a page shows it a turn later, once. */
export type Soon = (act: () => void) => void;
export const AT_ONCE: Soon = (act) => act();
export const NEXT_TURN: Soon = (act) => void setTimeout(act);

/** Where a journal is read from. */
export interface JournalSource {
  /** Blocks from entry `from` on, at most `limit`; empty at the end. */
  entries(from: number, limit: number): Promise<readonly Uint8Array[]>;
  /** The state after entry 0 of a room that was forked. */
  begin(): Promise<JournalState>;
}

export interface PastState {
  /** The entry after which the room is shown, or null for now. */
  readonly seq: number | null;
  /** The entry the person asked for; another than `seq` while the replay is on its way there. */
  readonly wanted: number | null;
  /** Entries that the journal has now. */
  readonly total: number;
  /** Entries replayed so far. */
  readonly replayed: number;
  /** Entries that others and I added since now was left. */
  readonly news: number;
  /** Why the history cannot be read just now. */
  readonly failure: Problem | null;
  /** Entries a second while the past plays by itself. */
  readonly speed: number | null;
}

/**
 * Looks at a room as it was, without touching what it is: reads the journal, replays it in slices and says which
 * document to show. `show` is called with the document of the past, or with null for now.
 */
export class PastView {
  readonly state: Store<PastState>;
  #timeline: Timeline | null = null;
  #entries: Entry[] = [];
  #leftNowAt = 0;
  #running: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #isArriving = false;
  #sliceEndMs = -Infinity;
  readonly #stop: () => void;

  constructor(
    private readonly source: JournalSource,
    private readonly length: Readable<number>,
    private readonly show: (document: Document | null) => void,
    private readonly soon: Soon = AT_ONCE,
  ) {
    this.state = new Store<PastState>({
      ...{ seq: null, wanted: null, replayed: 0, news: 0, failure: null, speed: null },
      total: length.get(),
    });
    this.#stop = length.subscribe(() => this.#grown());
  }

  get isPast(): boolean {
    return this.state.get().seq !== null;
  }

  /** Entry `seq`, when it was replayed. */
  entryAt(seq: number): Entry | undefined {
    return this.#timeline?.entryAt(seq);
  }

  /** Entries replayed so far, oldest first; the same list until there are more. */
  entries(): readonly Entry[] {
    if (this.#timeline && this.#entries.length !== this.#timeline.replayed) this.#entries = this.#timeline.entries();
    return this.#entries;
  }

  /** Reads and replays the whole journal, so that every moment is at hand. */
  prepare(): Promise<void> {
    return (this.#running ??= this.#run().finally(() => (this.#running = null)));
  }

  /** Shows the room after entry `seq`; the last one and all after it are now. */
  seek(seq: number): void {
    const { total } = this.state.get();
    const wanted = Math.max(0, Math.round(seq));
    if (wanted >= total - 1) return this.backToNow();
    if (this.state.get().wanted === null) this.#leftNowAt = total;
    this.#tell({ wanted, news: total - this.#leftNowAt });
    this.#arriveSoon();
    if (!this.#timeline || wanted >= this.#timeline.replayed) void this.prepare();
  }

  /** So many entries on (or back). */
  step(by: number): void {
    const { wanted, total } = this.state.get();
    this.pause();
    this.seek((wanted ?? total - 1) + by);
  }

  /** Goes on by itself, so many entries a second, until it is now again. */
  play(speed: number): void {
    this.pause();
    const { wanted, total } = this.state.get();
    // From now there is nothing to play: the whole history is what is meant.
    if (wanted === null) this.seek(0);
    if (total < 2) return;
    this.#tell({ speed });
    let lastMs = performance.now();
    let owed = 0;
    const beat = () => {
      const { seq, wanted: goal } = this.state.get();
      const nowMs = performance.now();
      // What is still on its way is waited for, not skipped.
      if (seq === goal) owed += ((nowMs - lastMs) / 1000) * speed;
      lastMs = nowMs;
      const steps = Math.floor(owed);
      owed -= steps;
      if (steps > 0 && goal !== null) this.seek(goal + steps);
      if (this.state.get().speed !== null) this.#timer = setTimeout(beat, Math.max(16, 500 / speed));
    };
    this.#timer = setTimeout(beat, Math.max(16, 500 / speed));
  }

  pause(): void {
    clearTimeout(this.#timer);
    if (this.state.get().speed !== null) this.#tell({ speed: null });
  }

  backToNow(): void {
    clearTimeout(this.#timer);
    if (this.state.get().wanted === null) return;
    this.#tell({ seq: null, wanted: null, news: 0, speed: null, failure: null });
    this.show(null);
  }

  /** Leaves the past and reads nothing more. */
  dispose(): void {
    this.#isOver = true;
    this.backToNow();
    this.#stop();
  }

  #tell(news: Partial<PastState>): void {
    this.state.update((known) => ({ ...known, ...news }));
  }

  #grown(): void {
    const total = this.length.get();
    const { wanted } = this.state.get();
    this.#tell({ total, news: wanted === null ? 0 : Math.max(0, total - this.#leftNowAt) });
    if (this.#timeline) void this.prepare();
  }

  async #run(): Promise<void> {
    try {
      if (this.state.get().failure) this.#tell({ failure: null });
      while (!this.#isOver) {
        await this.#replay();
        const known = this.#timeline?.length ?? 0;
        if (known >= this.length.get() && this.#timeline) return;
        const blocks = await this.source.entries(known, PAGE);
        if (this.#isOver || (blocks.length === 0 && this.#timeline)) return;
        if (this.#timeline) this.#timeline.add(blocks);
        else await this.#begin(blocks);
      }
    } catch (thrown) {
      // What was read may be another history than the one on the server (a restored backup): next time from the start.
      const failure = toProblem(thrown);
      if (failure.scope === 'journal') this.#timeline = null;
      this.pause();
      this.#tell({ failure });
    }
  }

  async #begin([first, ...rest]: readonly Uint8Array[]): Promise<void> {
    if (!first) return;
    const stored = openEntry(first);
    const isFork = (stored.entry.payload as { fork?: unknown } | null)?.fork !== undefined;
    const opened = isFork ? null : openJournal(stored, null, DESIGN_ROOMS);
    this.#timeline = new Timeline(first, opened?.ok ? opened.state : await this.source.begin());
    this.#timeline.add(rest);
  }

  /** In slices, so that drawing and drags go on meanwhile, also when pages come faster than they are replayed. */
  async #replay(): Promise<void> {
    for (let isLeft = this.#timeline !== null; isLeft && !this.#isOver;) {
      if (performance.now() >= this.#sliceEndMs) {
        await new Promise((resolve) => setTimeout(resolve));
        this.#sliceEndMs = performance.now() + SLICE_MS;
      }
      isLeft = this.#timeline!.work(() => performance.now() < this.#sliceEndMs);
      this.#tell({ replayed: this.#timeline!.replayed });
      this.#arrive();
    }
  }

  #arriveSoon(): void {
    if (this.#isArriving) return;
    this.#isArriving = true;
    this.soon(() => {
      this.#isArriving = false;
      this.#arrive();
    });
  }

  /** Shows what is wanted as soon as the replay has come that far. */
  #arrive(): void {
    const { seq, wanted } = this.state.get();
    if (wanted === null || wanted === seq || !this.#timeline || wanted >= this.#timeline.replayed) return;
    const { document } = this.#timeline.stateAt(wanted);
    this.#tell({ seq: wanted });
    this.show(document);
  }
}
