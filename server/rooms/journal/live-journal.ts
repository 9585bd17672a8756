import type { Document } from '#protocol/document/index';
import { problem, toProblem, type Problem } from '#protocol/errors';
import type { ClientId, OpId, RoomId, UserId } from '#protocol/ids';
import {
  advance,
  decodeSnapshot,
  encodeSnapshot,
  MAX_OP_BYTES,
  openEntry,
  openJournal,
  sealEntry,
  type Author,
  type Entry,
  type JournalState,
  type Op,
  type StoredEntry,
} from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';
import { decide, type Role } from '#protocol/permissions/index';
import { Leases } from '../leases.ts';
import type { JournalFence, JournalStore } from './journal.store.ts';
import { isNotOwner, noSuchRoom } from './journal-problems.ts';

/** Entries between snapshots: a restart replays at most this many. */
const SNAPSHOT_EVERY = 500;
/** Entries read in one go while replaying. */
const READ_BATCH = 2000;
/** Refusals that are kept for who asks again; a client has at most 400 ops on the way. */
const REFUSALS_KEPT = 20_000;
/** How long to leave a disk alone that did not take a write and does not answer, ms. */
const READ_AGAIN_FIRST_MS = 100;
const READ_AGAIN_MOST_MS = 2_000;

export interface Submitter {
  readonly author: Author;
  readonly role: Role;
  /** Null for the server itself. */
  readonly session: ClientId | null;
  /** What a domain has against this op: it is refused as any other, and stays so. */
  readonly refusal?: Problem | null;
}

export type Verdict = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly problem: Problem };

interface Waiting {
  readonly stored: StoredEntry;
  readonly settle: (verdict: Verdict) => void;
}

export type JournalListener = {
  /** After the entries are on disk and their authors have their acknowledgement. */
  onEntries(entries: readonly StoredEntry[]): void;
  /** Writing failed: what was not acknowledged is gone from memory, everybody has to start from what is on disk. */
  onReset(problem: Problem): void;
};

/** What a process of several has in hand when it opens a journal. */
export interface Hold {
  /** Proves each write; without one nobody else writes. */
  readonly fence?: JournalFence;
  /** What was read of the journal before; the rest is read now. */
  readonly start?: JournalStart;
  /** A write was refused because another process owns the journal: this one is over. */
  onLost?(): void;
}

export interface JournalStart {
  readonly state: JournalState;
  /** Seq by op id, up to that state. */
  readonly opIds: ReadonlyMap<string, number>;
}

/**
 * One open journal: judges ops in the order they come, applies them at once, writes them in groups, and only then
 * acknowledges and tells others. While one group is being written the next one gathers, so the number of durable ops
 * per second grows with the load (group commit) and nobody waits for a timer.
 */
export class LiveJournal {
  readonly leases = new Leases();
  readonly #listeners = new Set<JournalListener>();
  readonly #refused = new Map<string, { readonly author: UserId; readonly problem: Problem }>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #snapshotLength: number;
  #durable: JournalState;
  /** Nothing more is taken: another process owns it, or is about to. */
  #isOver = false;
  /** A write failed, and what is on the disk is not known yet: nothing is decided until it is. */
  #notSaved: Problem | null = null;

  private constructor(
    readonly room: RoomId,
    private readonly store: JournalStore,
    private readonly nowMs: () => number,
    private state: JournalState,
    private readonly opIds: Map<string, number>,
    snapshotLength: number,
    private readonly hold: Hold,
  ) {
    this.#durable = state;
    this.#snapshotLength = snapshotLength;
  }

  /** Reads the newest snapshot and replays what came after it. `parentState` is asked for when a fork has no snapshot. */
  static async open(
    room: RoomId,
    store: JournalStore,
    nowMs: () => number,
    parentState: (room: RoomId, length: number) => Promise<JournalState>,
    hold: Hold = {},
  ): Promise<LiveJournal> {
    if (hold.start) {
      const opIds = new Map(hold.start.opIds);
      const state = await catchUp(hold.start.state, room, store, ({ entry }) => opIds.set(entry.id, entry.seq));
      return new LiveJournal(room, store, nowMs, state, opIds, hold.start.state.length, hold);
    }
    const { state, snapshotLength } = await loadState(room, store, parentState);
    return new LiveJournal(room, store, nowMs, state, await store.opIds(room), snapshotLength, hold);
  }

  /** What is on disk. Ops that are being written are not in it yet. */
  get durable(): JournalState {
    return this.#durable;
  }

  get document(): Document {
    return this.state.document;
  }

  subscribe(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get fence(): JournalFence | undefined {
    return this.hold.fence;
  }

  /** Resolves when ops can be judged: at once, unless a write failed and the disk does not answer. */
  async ready(): Promise<void> {
    while (this.#notSaved && this.#writing) await this.#writing;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Judges and applies one op. The promise settles when it is on disk, or at once with the reason why it is refused. */
  submit(op: Op, by: Submitter, via?: Entry['via']): Promise<Verdict> {
    return new Promise((settle) => this.take(op, by, settle, via));
  }

  /** As `submit`; `settle` is called before anybody hears of the entry. */
  take(op: Op, by: Submitter, settle: (verdict: Verdict) => void, via?: Entry['via']): void {
    if (this.#isOver) return settle({ ok: false, problem: notSaved('not_owner') });
    const known = this.opIds.get(op.id);
    if (known !== undefined) return void this.#answerRepeated(op.id, known).then(settle);
    if (this.#notSaved) return settle({ ok: false, problem: this.#notSaved });
    const refused = this.#refusal(op.id, by.author.id) ?? by.refusal ?? this.#judge(op, by, settle, via);
    if (!refused) return;
    if (by.session) this.#remember(op.id, by.author.id, refused);
    settle({ ok: false, problem: refused });
  }

  /** What became of ops of this person, as far as it is known; one that is being written counts as taken. */
  answered(ids: readonly OpId[], author: UserId): ({ id: OpId; seq: number } | { id: OpId; problem: Problem })[] {
    const answered: ({ id: OpId; seq: number } | { id: OpId; problem: Problem })[] = [];
    for (const id of ids) {
      const seq = this.opIds.get(id);
      const refused = this.#refusal(id, author);
      if (seq !== undefined) answered.push({ id, seq });
      else if (refused) answered.push({ id, problem: refused });
    }
    return answered;
  }

  #refusal(id: string, author: UserId): Problem | undefined {
    const refused = this.#refused.get(id);
    return refused?.author === author ? refused.problem : undefined;
  }

  /** Null when it is taken. */
  #judge(op: Op, by: Submitter, settle: (verdict: Verdict) => void, via?: Entry['via']): Problem | null {
    const model = ROOM_MODELS[this.state.genesis.kind];
    const valid = model.validate(op.type, op.payload);
    if (!valid.ok) return valid.problem;
    const at = Math.max(this.nowMs(), this.state.lastAt);
    const { action, situation } = model.demand(this.state.document, { ...op, payload: valid.payload }, by.author.id);
    const isClosed = via === undefined && model.isClosed(this.state.document, this.state.genesis, at);
    const denied = decide(by.role, action, { ...situation, held: 'nobody', room: isClosed ? 'closed' : 'open' });
    if (denied) return denied;
    const stored = sealEntry({
      v: 1,
      room: this.room,
      seq: this.state.length,
      prev: this.state.head,
      id: op.id,
      author: by.author,
      at,
      madeAt: op.madeAt === undefined ? undefined : Math.min(op.madeAt, at),
      type: op.type,
      payload: valid.payload,
      group: op.group,
      via,
    });
    if (stored.bytes.length > MAX_OP_BYTES) return tooLarge(stored.bytes.length);
    const before = this.state.document;
    const next = advance(this.state, stored, ROOM_MODELS);
    if (!next.ok) return next.problem;
    const held = this.leases.judge(before, next.changes, by.session, op.fence);
    if (held) return held;
    this.state = next.state;
    this.opIds.set(op.id, stored.entry.seq);
    this.#waiting.push({ stored, settle });
    this.#writing ??= this.#write();
    return null;
  }

  /**
   * A refused op stays refused: its sender may not have heard, has gone on, and sends it again with the next connection.
   * Taken then, it would come after what the same person did later.
   */
  #remember(id: string, author: UserId, reason: Problem): void {
    this.#refused.set(id, { author, problem: reason });
    if (this.#refused.size <= REFUSALS_KEPT) return;
    for (const oldest of this.#refused.keys()) {
      this.#refused.delete(oldest);
      return;
    }
  }

  async read(from: number, limit: number): Promise<Uint8Array[]> {
    return this.store.read(this.room, from, limit);
  }

  snapshot(): { bytes: Uint8Array; length: number } {
    return { bytes: encodeSnapshot(this.#durable), length: this.#durable.length };
  }

  /** Takes nothing more; resolves when what was taken is on disk. Ops that come now are answered `not_saved`. */
  async freeze(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
  }

  /** Waits for what is being written and keeps a snapshot, so that the next open is short. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#keepSnapshot(1);
  }

  async #write(): Promise<void> {
    // One turn of the event loop gathers the ops of all sockets that are readable now.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const stateAfter = this.state;
      try {
        await this.store.append(
          this.room,
          group.map(({ stored }) => stored),
          this.hold.fence,
        );
      } catch (thrown) {
        this.#reset(group, thrown);
        await this.#readAgain();
        continue;
      }
      this.#durable = stateAfter;
      for (const { settle, stored } of group) settle({ ok: true, seq: stored.entry.seq });
      const entries = group.map(({ stored }) => stored);
      for (const listener of this.#listeners) listener.onEntries(entries);
    }
    this.#writing = null;
    if (this.#durable.length - this.#snapshotLength >= SNAPSHOT_EVERY) await this.#keepSnapshot(SNAPSHOT_EVERY);
  }

  async #keepSnapshot(minimum: number): Promise<void> {
    const { length } = this.#durable;
    const before = this.#snapshotLength;
    if (length - before < minimum) return;
    this.#snapshotLength = length;
    // A snapshot saves time at the next open, nothing else: one that cannot be written is tried again after more ops.
    await this.store.saveSnapshot(this.room, length, this.snapshot().bytes).catch(() => {
      if (this.#snapshotLength === length) this.#snapshotLength = before;
    });
  }

  /** Back to what was on disk before. Nobody was told that the lost ops were saved; their senders send them again. */
  #reset(group: readonly Waiting[], thrown: unknown): void {
    const lost = [...group, ...this.#waiting];
    const reason = notSaved(toProblem(thrown).key);
    this.#waiting = [];
    this.#notSaved = reason;
    this.state = this.#durable;
    for (const { stored } of lost) this.opIds.delete(stored.entry.id);
    if (isNotOwner(thrown)) this.#isOver = true;
    for (const { settle } of lost) settle({ ok: false, problem: reason });
    if (this.#isOver) return this.hold.onLost?.();
    for (const listener of this.#listeners) listener.onReset(reason);
  }

  /**
   * Takes in what is on the disk after all: a write that failed may have got there, when only its answer was lost, and
   * another writer may have been there. Asks until the disk answers.
   */
  async #readAgain(): Promise<void> {
    for (let waitMs = READ_AGAIN_FIRST_MS; !this.#isOver; waitMs = Math.min(READ_AGAIN_MOST_MS, waitMs * 2)) {
      try {
        const found: StoredEntry[] = [];
        this.#durable = await catchUp(this.#durable, this.room, this.store, (stored) => found.push(stored));
        this.state = this.#durable;
        for (const { entry } of found) this.opIds.set(entry.id, entry.seq);
        this.#notSaved = null;
        if (found.length) for (const listener of this.#listeners) listener.onEntries(found);
        return;
      } catch {
        // The disk does not answer: ops are refused as not saved until it does.
        await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  /** A repeated op gets its first answer, once that is on disk; when that write fails, nothing is decided. */
  async #answerRepeated(id: string, seq: number): Promise<Verdict> {
    if (seq >= this.#durable.length) await this.#writing;
    if (this.opIds.get(id) === seq && seq < this.#durable.length) return { ok: true, seq };
    return { ok: false, problem: notSaved('lost') };
  }
}

function following(room: RoomId, state: JournalState, stored: StoredEntry): JournalState {
  const next = advance(state, stored, ROOM_MODELS);
  if (!next.ok) throw new Error(`Journal ${room} breaks at entry ${state.length}: ${next.problem.message}`);
  return next.state;
}

/** State of a journal after `maxLength` entries (default: all). */
export async function loadState(
  room: RoomId,
  store: JournalStore,
  parentState: (room: RoomId, length: number) => Promise<JournalState>,
  maxLength = Number.MAX_SAFE_INTEGER,
): Promise<{ state: JournalState; snapshotLength: number }> {
  const record = await store.find(room);
  if (!record) throw noSuchRoom(room);
  const end = Math.min(record.length, maxLength);
  const kept = await store.loadSnapshot(room, end);
  let state = kept ? decodeSnapshot(kept) : null;
  const snapshotLength = state?.length ?? 0;
  if (!state) {
    const [bytes] = await store.read(room, 0, 1);
    const fork = record.genesis.fork;
    const parent = fork ? (await parentState(fork.room, fork.length)).document : null;
    const opened = openJournal(openEntry(bytes!), parent, ROOM_MODELS);
    if (!opened.ok) throw new Error(`Journal ${room} does not open: ${opened.problem.message}`);
    state = opened.state;
  }
  return { state: await catchUp(state, room, store, undefined, end), snapshotLength };
}

/** Reads on from a state to the end of the journal, or to `end` entries. */
export async function catchUp(
  start: JournalState,
  room: RoomId,
  store: JournalStore,
  onEntry?: (stored: StoredEntry) => void,
  end = Number.MAX_SAFE_INTEGER,
): Promise<JournalState> {
  let state = start;
  while (state.length < end) {
    const limit = Math.min(READ_BATCH, end - state.length);
    const blocks = await store.read(room, state.length, limit);
    for (const bytes of blocks) {
      const stored = openEntry(bytes);
      state = following(room, state, stored);
      onEntry?.(stored);
    }
    if (blocks.length < limit) break;
  }
  return state;
}

const notSaved = (cause: string): Problem =>
  problem('journal', 'not_saved', 'The server could not write to disk; your last steps are not saved yet.', {
    facts: { cause },
    next: 'They are kept on your side and sent again.',
  });

const tooLarge = (bytes: number): Problem =>
  problem('room', 'op_too_large', 'This change is too large to send in one piece.', {
    facts: { bytes, limit: MAX_OP_BYTES },
    next: 'Send it as several ops of one group.',
  });
