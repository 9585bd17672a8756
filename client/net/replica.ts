import {
  applyChanges,
  equalData,
  historyOf,
  rowKey,
  table,
  writtenKeys,
  type Change,
  type Document,
  type Entity,
} from '#protocol/document/index';
import { WorkhallError, type Problem } from '#protocol/errors';
import {
  advance,
  decodeSnapshot,
  openEntry,
  type Author,
  type JournalState,
  type Op,
  type RoomModel,
  type RoomModels,
} from '#protocol/journal/index';
import { correctedHistory, historyWith } from './pending-history.ts';
import { overtakenOps, type Foreign, type Overtaken } from './overtaken.ts';
import { keysOf, PendingOps, type Effect, type Pending } from './pending-ops.ts';

/** What a step did to what is shown. */
export interface Update {
  readonly changes: readonly Change[];
  /** Ops of mine that are on disk now. */
  readonly confirmed: readonly string[];
  /** Ops of mine that wait, and will replace what somebody else made later. */
  readonly overtaken: readonly Overtaken[];
}

/** In what the view no longer is "confirmed, with my pending ops on top". */
interface Dirt {
  /** Everything outside of these is right. Grows by what is tied to them. */
  readonly keys: Set<string>;
  /** Rows that only got another time from the server than I guessed, by the row of the guess. */
  readonly corrected: Map<Entity, Entity>;
  /** My steps are others, or in another order, than those that the view remembers. */
  isHistoryStale: boolean;
  isEverything: boolean;
}

/** Rounds in which ops that are applied again may turn out to touch more than before. */
const MAX_ROUNDS = 4;
/** More ops than this are applied again later, all at once, instead of for each message: 30 ms of work. */
const APPLY_AT_ONCE = 2_000;

/**
 * The local replica of one journal: what is confirmed (checked link by link against the chain), with my own unconfirmed
 * ops applied on top by the same reducer.
 *
 * What comes in costs what it touches, not what is pending. An op of mine that is confirmed as I applied it changes
 * nothing that is shown. When others' entries come in, only those ops of mine are applied again whose footprint meets
 * theirs, directly or through each other; where steps are taken back among them, or the room is nearly full, all are.
 * Where that is much work, the view stays as it is, and is brought up to date by `refresh` for many messages at once.
 */
export class Replica {
  #confirmed: JournalState;
  readonly #model: RoomModel;
  #view: Document;
  readonly #pending = new PendingOps();
  /** What the view lacks until `refresh`. */
  #stale: Dirt | null = null;

  constructor(
    snapshot: Uint8Array,
    private readonly models: RoomModels,
    readonly author: Author,
    private readonly nowMs: () => number,
    private readonly applyAtOnce = APPLY_AT_ONCE,
  ) {
    this.#confirmed = decodeSnapshot(snapshot);
    this.#model = modelIn(models, this.#confirmed.genesis.kind);
    this.#view = this.#confirmed.document;
  }

  /** Number of journal entries that are here. */
  get length(): number {
    return this.#confirmed.length;
  }

  get genesis(): JournalState['genesis'] {
    return this.#confirmed.genesis;
  }

  /** The confirmed state alone, for comparing hashes. */
  get confirmed(): JournalState {
    return this.#confirmed;
  }

  /** True when the view waits for `refresh`: others' newest changes are not in it yet, mine are. */
  get isStale(): boolean {
    return this.#stale !== null;
  }

  get document(): Document {
    return this.#view;
  }

  /** My unconfirmed ops in order: what has to be sent again after a drop. A copy: O(pending). */
  get pending(): readonly Op[] {
    return [...this.#pending].map(({ op }) => op);
  }

  /** The same without a copy, for who needs only the oldest. */
  waiting(): Iterable<{ readonly op: Op; readonly at: number }> {
    return this.#pending;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  pendingOp(id: string): { readonly op: Op; readonly at: number } | undefined {
    return this.#pending.get(id);
  }

  get undoable(): { target: string; type: string } | null {
    return historyOf(this.#view, this.author.id).undo.last() ?? null;
  }

  get redoable(): { target: string; type: string } | null {
    return historyOf(this.#view, this.author.id).redo.last() ?? null;
  }

  /** Applies an op of mine at once. A problem means that nothing was changed and nothing needs to be sent. */
  submit(op: Op): { op: Op; at: number; changes: readonly Change[] } | { problem: Problem } {
    const valid = this.#model.validate(op.type, op.payload);
    if (!valid.ok) return { problem: valid.problem };
    const checked = { ...op, payload: valid.payload };
    const at = this.nowMs();
    const applied = this.#apply(this.#view, checked, at);
    if (applied.problem) return { problem: applied.problem };
    this.#view = applied.document;
    this.#pending.push(checked, at, applied.effect);
    return { op: checked, at, changes: applied.effect.changes };
  }

  /** Takes up ops that an earlier page left. One that does not fit stays pending: the server says why. */
  restore(left: readonly { op: Op; at: number }[]): readonly Change[] {
    const before = this.#view;
    const touched = new Set<string>();
    for (const { op, at } of left) {
      const applied = this.#apply(this.#view, op, at);
      this.#view = applied.document;
      this.#pending.push(op, at, applied.effect);
      for (const key of writtenKeys(applied.effect.changes)) touched.add(key);
    }
    return compare(before, this.#view, touched);
  }

  /**
   * Takes entries in from the server. Entries that are here already are skipped.
   * Throws when the chain does not fit, and changes nothing then: the caller starts again from a snapshot.
   */
  receive(from: number, blocks: readonly Uint8Array[]): Update {
    const arrived: (Foreign & { readonly id: string })[] = [];
    let state = this.#confirmed;
    blocks.forEach((bytes, index) => {
      if (from + index < state.length) return;
      const stored = openEntry(bytes);
      const next = advance(state, stored, this.models);
      if (!next.ok) throw new Error(`Entry ${from + index} does not follow: ${next.problem.message}`);
      state = next.state;
      const { id, author, at, madeAt = at } = stored.entry;
      arrived.push({ id, author, at: madeAt, changes: next.changes });
    });
    this.#confirmed = state;
    const overtaken: Overtaken[] = [];
    const dirt = this.#stale ?? clean();
    const confirmed: string[] = [];
    for (const one of arrived) {
      const { id, author, changes } = one;
      const mine = this.#pending.get(id);
      if (mine) {
        this.#confirm(mine, changes, dirt);
        confirmed.push(id);
        continue;
      }
      for (const key of writtenKeys(changes)) dirt.keys.add(key);
      // In a training or a job everybody adds what they did: nothing is replaced there.
      if (author.id !== this.author.id && this.genesis.kind === 'design')
        overtaken.push(...overtakenOps(one, (key) => this.#pending.touching(key)));
      // From another window of mine: its steps and the ones here are one history.
      if (author.id === this.author.id) dirt.isEverything = true;
    }
    return { changes: arrived.length ? this.#repair(dirt) : [], confirmed, overtaken };
  }

  /** Takes ops of mine out that were refused, or that turn out to be in the snapshot; those that built on them follow. */
  withdraw(ids: readonly string[]): readonly Change[] {
    const dirt = this.#stale ?? clean();
    for (const id of ids) {
      const pending = this.#pending.get(id);
      if (!pending) continue;
      this.#pending.remove(pending);
      for (const key of writtenKeys(pending.effect.changes)) dirt.keys.add(key);
      if (pending.effect.footprint.history !== 'untouched') dirt.isHistoryStale = true;
    }
    return this.#repair(dirt);
  }

  /** Brings the view up to date now; returns which rows are others. O(pending) at most. */
  refresh(): readonly Change[] {
    return this.#stale ? this.#repair(this.#stale, Infinity) : [];
  }

  /** Starts again from a newer snapshot; unconfirmed ops stay on top. */
  restart(snapshot: Uint8Array): readonly Change[] {
    const before = this.#view;
    this.#confirmed = decodeSnapshot(snapshot);
    this.#stale = null;
    this.#applyAll();
    return compare(before, this.#view, allRows(before, this.#view));
  }

  #apply(document: Document, op: Op, at: number): { document: Document; effect: Effect; problem?: Problem } {
    const footprint = this.#model.footprint(document, op, this.author.id);
    const applied = this.#model.apply(document, { ...op, author: this.author, at });
    return applied.ok
      ? { document: applied.document, effect: { changes: applied.changes, footprint } }
      : { document, effect: { changes: [], footprint }, problem: applied.problem };
  }

  #confirm(mine: Pending, changes: readonly Change[], dirt: Dirt): void {
    const isNext = mine === this.#pending.first;
    this.#pending.remove(mine);
    const guessed = mine.effect.changes;
    const isAsGuessed =
      isNext &&
      !mine.keys.some((key) => dirt.keys.has(key)) &&
      guessed.length === changes.length &&
      guessed.every(({ table: name, id, after }, i) => {
        const real = changes[i]!;
        return name === real.table && id === real.id && (after === undefined) === (real.after === undefined);
      });
    if (!isAsGuessed) {
      for (const key of [...writtenKeys(guessed), ...writtenKeys(changes)]) dirt.keys.add(key);
      dirt.isHistoryStale = true;
      return;
    }
    // Times in a row, and my name as the server has it, are the server's.
    guessed.forEach(({ table: name, id, after }, i) => {
      const real = changes[i]!.after;
      if (!after || !real || equalData(after, real)) return;
      dirt.keys.add(rowKey(name, id));
      dirt.corrected.set(after, real);
    });
  }

  /** Makes the view "confirmed, with my pending ops on top" again; returns which rows are others now. */
  #repair(dirt: Dirt, most = this.applyAtOnce): readonly Change[] {
    const before = this.#view;
    const base = this.#confirmed.document;
    this.#stale = null;
    if (this.#pending.size === 0) {
      this.#view = base;
      return compare(before, base, dirt.isEverything ? allRows(before, base) : dirt.keys);
    }
    const isCrowded = dirt.keys.size > 0 && !this.#model.hasRoom(base, this.#pending.adds);
    if (dirt.isEverything || isCrowded || !this.#applyTied(dirt, most)) {
      if (this.#pending.size > most) {
        dirt.isEverything = true;
        this.#stale = dirt;
        return [];
      }
      for (const { keys } of this.#pending) for (const key of keys) dirt.keys.add(key);
      this.#applyAll();
      for (const { keys } of this.#pending) for (const key of keys) dirt.keys.add(key);
    }
    return compare(before, this.#view, dirt.keys);
  }

  #applyAll(): void {
    let view = this.#confirmed.document;
    for (const pending of this.#pending) {
      const applied = this.#apply(view, pending.op, pending.at);
      // One that no longer fits shows no effect; the server will refuse it with the reason.
      this.#pending.replace(pending, applied.effect);
      view = applied.document;
    }
    this.#view = view;
  }

  /** Applies what is tied to the dirt again. False: that is not enough, or not less work than applying all. */
  #applyTied(dirt: Dirt, most: number): boolean {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const tied = this.#pending.tiedTo(dirt.keys);
      if (this.#pending.readHistory && (tied.length > 0 || dirt.isHistoryStale)) return false;
      if (tied.length > most || (tied.length > this.#pending.size / 2 && tied.length > 16)) return false;
      let view = applyChanges(this.#view, compare(this.#view, this.#confirmed.document, dirt.keys));
      const effects: Effect[] = [];
      let isContained = true;
      for (const { op, at } of tied) {
        const applied = this.#apply(view, op, at);
        view = applied.document;
        effects.push(applied.effect);
        for (const key of keysOf(applied.effect)) {
          if (dirt.keys.has(key)) continue;
          dirt.keys.add(key);
          isContained = false;
        }
      }
      if (!isContained) continue;
      tied.forEach((pending, i) => this.#pending.replace(pending, effects[i]!));
      this.#view = { ...view, history: this.#historyAfter(dirt, tied.length > 0) };
      return true;
    }
    return false;
  }

  #historyAfter(dirt: Dirt, isAppliedAgain: boolean): Document['history'] {
    const { history } = this.#confirmed.document;
    const me = this.author.id;
    if (dirt.isHistoryStale || isAppliedAgain)
      return history.set(me, historyWith(historyOf(this.#confirmed.document, me), this.#pending));
    const mine = this.#view.history.get(me);
    return mine ? history.set(me, correctedHistory(mine, dirt.corrected)) : history;
  }
}

const clean = (): Dirt => ({ keys: new Set(), corrected: new Map(), isHistoryStale: false, isEverything: false });

/** The rows among the keys that differ between two documents. */
function compare(before: Document, after: Document, keys: Iterable<string>): Change[] {
  const changes: Change[] = [];
  for (const key of keys) {
    const slash = key.indexOf('/');
    const name = key.slice(0, slash);
    const id = key.slice(slash + 1);
    const was = table(before, name).get(id);
    const is = table(after, name).get(id);
    if (was === is || (was && is && equalData(was, is))) continue;
    changes.push({ table: name, id, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) });
  }
  return changes;
}

function allRows(...documents: readonly Document[]): Set<string> {
  const keys = new Set<string>();
  for (const document of documents)
    for (const [name, rows] of document.tables) for (const id of rows.keys()) keys.add(rowKey(name, id));
  return keys;
}

function modelIn(models: RoomModels, kind: keyof RoomModels): RoomModel {
  const model = models[kind];
  if (model) return model;
  throw new WorkhallError('room', 'other_kind', `This room is of another kind: ${kind}.`, {
    facts: { kind },
    next: 'Open it from its project page.',
  });
}
