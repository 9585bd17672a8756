import { decodeBlock, openEntry } from '#protocol/journal/index';
import { Store } from '../../net/store.ts';
import type { HallApi } from '../../net/api.ts';
import type { RoomSession } from '../../net/room-session.types.ts';
import type { HistoryEntry } from './model/history-lines.ts';

/** Entries asked for at a time, and how many are shown at first. */
const PAGE = 500;
const FIRST = 300;
/** Rest after a change before the new entries are fetched, ms. */
const SETTLE_MS = 1200;

export interface HistoryState {
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  /** Oldest first. */
  readonly lines: readonly HistoryEntry[];
  readonly hasOlder: boolean;
  readonly failure: unknown;
}

/** The newest part of the room's journal, kept up to date while somebody reads it. */
export class RoomHistory {
  readonly store = new Store<HistoryState>({ state: 'idle', lines: [], hasOlder: false, failure: null });
  #next = 0;
  #readers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;
  #running: Promise<void> | null = null;

  constructor(
    private readonly session: RoomSession,
    private readonly api: Pick<HallApi, 'entries' | 'room'>,
  ) {}

  /** Keeps the lines fresh until the returned function is called. */
  read = (): (() => void) => {
    if (this.#readers++ === 0) {
      const { connection } = this.session;
      const isThere = () => connection.get().state === 'live';
      const stopChanges = this.session.onChanges(() => {
        clearTimeout(this.#timer);
        // While away what I do is in nobody's journal yet.
        this.#timer = setTimeout(() => void (isThere() && this.refresh()), SETTLE_MS);
      });
      const stopLine = connection.subscribe(() => void (isThere() && this.refresh()));
      this.#stop = () => {
        stopChanges();
        stopLine();
      };
      void this.refresh();
    }
    return () => {
      if (--this.#readers > 0) return;
      clearTimeout(this.#timer);
      this.#stop?.();
    };
  };

  refresh = (): Promise<void> => (this.#running ??= this.#guard(() => this.#fetchNew()));
  loadOlder = (): Promise<void> => (this.#running ??= this.#guard(() => this.#fetchOlder()));

  async #guard(work: () => Promise<void>): Promise<void> {
    const known = this.store.get();
    this.store.set({ ...known, state: known.lines.length ? known.state : 'loading', failure: null });
    try {
      await work();
    } catch (failure) {
      this.store.update((state) => ({ ...state, state: 'failed', failure }));
    } finally {
      this.#running = null;
    }
  }

  async #fetchNew(): Promise<void> {
    if (this.#next === 0) this.#next = Math.max(0, (await this.api.room(this.session.room)).length - FIRST);
    for (;;) {
      const page = await this.#page(this.#next, PAGE);
      if (page.length > 0) this.#next = page.at(-1)!.seq + 1;
      const lines = [...this.store.get().lines, ...page];
      this.store.set({ state: 'ready', lines, hasOlder: (lines[0]?.seq ?? 0) > 0, failure: null });
      if (page.length < PAGE) return;
    }
  }

  async #fetchOlder(): Promise<void> {
    const { lines } = this.store.get();
    const first = lines[0]?.seq ?? 0;
    const from = Math.max(0, first - PAGE);
    const page = await this.#page(from, first - from);
    this.store.set({ state: 'ready', lines: [...page, ...lines], hasOlder: from > 0, failure: null });
  }

  async #page(from: number, limit: number): Promise<HistoryEntry[]> {
    const answer = decodeBlock(await this.api.entries(this.session.room, from, limit)) as { blocks: Uint8Array[] };
    return answer.blocks.map((block) => openEntry(block).entry);
  }
}
