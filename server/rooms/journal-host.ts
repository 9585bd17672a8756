import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OpId, RoomId } from '#protocol/ids';
import {
  GENESIS_TYPE,
  openEntry,
  sealEntry,
  type Author,
  type Genesis,
  type JournalState,
  type Op,
  type StoredEntry,
} from '#protocol/journal/index';
import type { Participant } from '#protocol/room/index';
import { Clock, Ids } from '../platform/clock/index.ts';
import { JournalStore } from './journal/journal.store.ts';
import { LiveJournal, loadState, type Hold, type Verdict } from './journal/live-journal.ts';
import { RoomHost, type NewRoom, type SubmitOptions } from './room-host.ts';

/** An open journal nobody watches is closed after this long, ms. */
const IDLE_MS = 60_000;

/** Keeps at most one live journal per room in this process; Colyseus rooms and domains share it. */
@Injectable()
export class JournalHost extends RoomHost implements OnApplicationShutdown {
  readonly #open = new Map<RoomId, Promise<LiveJournal>>();
  readonly #idleTimers = new Map<RoomId, NodeJS.Timeout>();
  /** Filled by the Colyseus side; a room nobody is in has no entry. */
  readonly rosters = new Map<RoomId, () => readonly Participant[]>();

  constructor(
    protected readonly store: JournalStore,
    protected readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  async create({
    room = RoomId.parse(this.ids.next()),
    kind = 'design',
    purpose,
    title,
    author,
    fork,
  }: NewRoom): Promise<RoomId> {
    const parent = fork ? await this.state(fork.room, fork.length) : null;
    const genesis: Genesis = {
      kind,
      purpose,
      title,
      ...(fork && parent ? { fork: { room: fork.room, head: parent.head, length: parent.length } } : {}),
    };
    const first = sealEntry({
      v: 1,
      room,
      seq: 0,
      prev: null,
      id: OpId.parse(this.ids.next()),
      author,
      at: this.clock.nowMs(),
      type: GENESIS_TYPE,
      payload: genesis,
    });
    await this.store.create(room, genesis, first);
    return room;
  }

  async submit(
    room: RoomId,
    author: Author,
    ops: readonly Op[],
    { via, role = 'owner' }: SubmitOptions = {},
  ): Promise<Verdict[]> {
    const journal = await this.journal(room);
    return Promise.all(ops.map((op, index) => journal.submit(op, { author, role, session: null }, via?.[index])));
  }

  async state(room: RoomId, length?: number): Promise<JournalState> {
    const newest = (await this.journal(room)).durable;
    if (length === undefined || length >= newest.length) return newest;
    return (await loadState(room, this.store, (parent, at) => this.state(parent, at), length)).state;
  }

  async entries(room: RoomId, from: number, limit: number): Promise<StoredEntry[]> {
    return (await this.store.read(room, from, limit)).map(openEntry);
  }

  async snapshot(room: RoomId): Promise<{ bytes: Uint8Array; length: number }> {
    return (await this.journal(room)).snapshot();
  }

  async participants(room: RoomId): Promise<readonly Participant[]> {
    return this.rosters.get(room)?.() ?? [];
  }

  /** The live journal of a room; opened when it is not. */
  journal(room: RoomId): Promise<LiveJournal> {
    this.#restartIdleTimer(room);
    const known = this.#open.get(room);
    if (known) return known;
    const opening = this.#openNow(room);
    this.#open.set(room, opening);
    opening.catch(() => this.forget(room));
    return opening;
  }

  /** The live journal of a room when it is open, or opening, in this process. */
  openHere(room: RoomId): Promise<LiveJournal> | undefined {
    return this.#open.get(room);
  }

  get roomsHere(): RoomId[] {
    return [...this.#open.keys()];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.roomsHere.map((room) => this.close(room)));
  }

  /** Writes what there is to write, keeps a snapshot and lets the journal go. */
  async close(room: RoomId): Promise<void> {
    const journal = await this.#open.get(room)?.catch(() => undefined);
    this.forget(room);
    if (!journal) return;
    await journal.freeze();
    await this.letGo(journal);
    await journal.close();
  }

  /** What this process must have in hand before it opens a journal. In a hall of one process: nothing. */
  protected async hold(_room: RoomId): Promise<Hold> {
    return {};
  }

  protected async letGo(_journal: LiveJournal): Promise<void> {}

  async #openNow(room: RoomId): Promise<LiveJournal> {
    const parentState = (parent: RoomId, length: number) => this.state(parent, length);
    return LiveJournal.open(room, this.store, () => this.clock.nowMs(), parentState, await this.hold(room));
  }

  #restartIdleTimer(room: RoomId): void {
    clearTimeout(this.#idleTimers.get(room));
    this.#idleTimers.set(room, setTimeout(() => void this.#closeIdle(room), IDLE_MS).unref());
  }

  async #closeIdle(room: RoomId): Promise<void> {
    const journal = await this.#open.get(room);
    if (!journal) return;
    if (journal.isWatched) return this.#restartIdleTimer(room);
    await this.close(room);
  }

  /** Without a word to anybody: for a journal that is another's, or could not be opened. */
  protected forget(room: RoomId): void {
    clearTimeout(this.#idleTimers.get(room));
    this.#idleTimers.delete(room);
    this.#open.delete(room);
  }
}
