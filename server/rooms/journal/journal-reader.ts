import type { RoomId } from '#protocol/ids';
import type { JournalState } from '#protocol/journal/index';
import type { JournalStore } from './journal.store.ts';
import { catchUp, loadState, type JournalStart } from './live-journal.ts';

/** A state nobody asked for this long is forgotten, ms. */
const IDLE_MS = 60_000;

interface Known {
  state: Promise<JournalState>;
  prepared?: JournalStart;
  timer?: NodeJS.Timeout;
}

/**
 * Journals that another process writes, read along: what was read once stays, and each look reads only what came after
 * it. What was acknowledged anywhere before the look is in it.
 */
export class JournalReader {
  readonly #known = new Map<RoomId, Known>();

  constructor(
    private readonly store: JournalStore,
    private readonly parentState: (room: RoomId, length: number) => Promise<JournalState>,
  ) {}

  state(room: RoomId): Promise<JournalState> {
    const known = this.#known.get(room);
    const state = known
      ? known.state.then((former) => catchUp(former, room, this.store))
      : loadState(room, this.store, this.parentState).then((loaded) => loaded.state);
    this.#remember(room, { ...known, state });
    return state;
  }

  /** Reads everything that an opening needs, so that it is short when it comes. */
  async prepare(room: RoomId): Promise<void> {
    const state = await this.state(room);
    const opIds = await this.store.opIds(room);
    const known = this.#known.get(room);
    if (known) known.prepared = { state, opIds };
  }

  /** What was prepared, for who opens the journal now; it is not read along here any more. */
  handOut(room: RoomId): JournalStart | undefined {
    const prepared = this.#known.get(room)?.prepared;
    this.forget(room);
    return prepared;
  }

  forget(room: RoomId): void {
    clearTimeout(this.#known.get(room)?.timer);
    this.#known.delete(room);
  }

  close(): void {
    for (const room of [...this.#known.keys()]) this.forget(room);
  }

  #remember(room: RoomId, known: Known): void {
    clearTimeout(known.timer);
    known.timer = setTimeout(() => this.forget(room), IDLE_MS).unref();
    this.#known.set(room, known);
    known.state.catch(() => this.forget(room));
  }
}
