import { equalData, historyOf, table, type Change, type Document } from '#protocol/document/index';
import type { Problem } from '#protocol/errors';
import { advance, decodeSnapshot, openEntry, type Author, type JournalState, type Op } from '#protocol/journal/index';
import { ROOM_MODELS } from '#protocol/journal/models';

interface Pending {
  readonly op: Op;
  /** My clock's guess of the time the server will write; replaced by the entry's. */
  readonly at: number;
  changes: readonly Change[];
}

/** What a step did to what is shown. */
interface Update {
  readonly changes: readonly Change[];
  /** Ops of mine that are on disk now. */
  readonly confirmed: readonly string[];
}

/**
 * The replica as it is easiest to believe: after everything that comes in, all my unconfirmed ops are applied again.
 * The property test holds the quick one in `client/net/replica.ts` to it.
 */
export class ReplayingReplica {
  #confirmed: JournalState;
  #view: Document;
  #pending: Pending[] = [];

  constructor(
    snapshot: Uint8Array,
    private readonly author: Author,
    private readonly nowMs: () => number,
  ) {
    this.#confirmed = decodeSnapshot(snapshot);
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

  get document(): Document {
    return this.#view;
  }

  /** My unconfirmed ops in order: what has to be sent again after a drop. */
  get pending(): readonly Op[] {
    return this.#pending.map(({ op }) => op);
  }

  get undoable(): { target: string; type: string } | null {
    return historyOf(this.#view, this.author.id).undo.last() ?? null;
  }

  get redoable(): { target: string; type: string } | null {
    return historyOf(this.#view, this.author.id).redo.last() ?? null;
  }

  /** Applies an op of mine at once. A problem means that nothing was changed and nothing needs to be sent. */
  submit(op: Op): { changes: readonly Change[] } | { problem: Problem } {
    const model = ROOM_MODELS[this.#confirmed.genesis.kind];
    const valid = model.validate(op.type, op.payload);
    if (!valid.ok) return { problem: valid.problem };
    const at = this.nowMs();
    const applied = model.apply(this.#view, { ...op, payload: valid.payload, author: this.author, at });
    if (!applied.ok) return { problem: applied.problem };
    this.#view = applied.document;
    this.#pending.push({ op: { ...op, payload: valid.payload }, at, changes: applied.changes });
    return { changes: applied.changes };
  }

  /**
   * Takes entries in from the server. Entries that are here already are skipped.
   * Throws when the chain does not fit: the caller starts again from a snapshot.
   */
  receive(from: number, blocks: readonly Uint8Array[]): Update {
    const touched: Change[] = this.#pending.flatMap(({ changes }) => changes);
    const confirmed: string[] = [];
    blocks.forEach((bytes, index) => {
      if (from + index < this.#confirmed.length) return;
      const stored = openEntry(bytes);
      const next = advance(this.#confirmed, stored, ROOM_MODELS);
      if (!next.ok) throw new Error(`Entry ${from + index} does not follow: ${next.problem.message}`);
      this.#confirmed = next.state;
      touched.push(...next.changes);
      const mine = this.#pending.findIndex(({ op }) => op.id === stored.entry.id);
      if (mine < 0) return;
      this.#pending.splice(mine, 1);
      confirmed.push(stored.entry.id);
    });
    return { changes: this.#rebase(touched), confirmed };
  }

  /** Takes a refused op of mine back, and applies those after it again. */
  reject(opId: string): readonly Change[] {
    const touched = this.#pending.flatMap(({ changes }) => changes);
    this.#pending = this.#pending.filter(({ op }) => op.id !== opId);
    return this.#rebase(touched);
  }

  /** Starts again from a newer snapshot; unconfirmed ops that are not in it stay on top. */
  restart(snapshot: Uint8Array): readonly Change[] {
    const before = this.#view;
    this.#confirmed = decodeSnapshot(snapshot);
    this.#rebase([]);
    return difference(before, this.#view);
  }

  /** Rebuilds the view; returns what differs from the former one among the touched rows. */
  #rebase(touched: Change[]): readonly Change[] {
    const before = this.#view;
    const model = ROOM_MODELS[this.#confirmed.genesis.kind];
    let view = this.#confirmed.document;
    for (const pending of this.#pending) {
      const applied = model.apply(view, { ...pending.op, author: this.author, at: pending.at });
      // One that no longer fits shows no effect; the server will refuse it with the reason.
      pending.changes = applied.ok ? applied.changes : [];
      if (applied.ok) view = applied.document;
    }
    this.#view = view;
    return compare(before, view, [...touched, ...this.#pending.flatMap(({ changes }) => changes)]);
  }
}

/** The rows among `touched` that differ between two documents, each once. */
function compare(before: Document, after: Document, touched: readonly Change[]): Change[] {
  const seen = new Set<string>();
  const changes: Change[] = [];
  for (const { table: name, id } of touched) {
    const key = `${name}/${id}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const was = table(before, name).get(id);
    const is = table(after, name).get(id);
    if (was === is || (was && is && equalData(was, is))) continue;
    changes.push({ table: name, id, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) });
  }
  return changes;
}

function difference(before: Document, after: Document): Change[] {
  const all: Change[] = [];
  for (const document of [before, after])
    for (const [name, rows] of document.tables) for (const id of rows.keys()) all.push({ table: name, id });
  return compare(before, after, all);
}
