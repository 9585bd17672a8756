import { problem, type Problem } from '#protocol/errors';
import { Op } from '#protocol/journal/index';
import { isReplacement } from './overtaken.ts';
import { IndexedDbOutboxStore } from './outbox.indexeddb.ts';
import { MemoryOutboxStore } from './outbox.memory.ts';
import type { OutboxBox, OutboxOwner, OutboxStore, OutboxTurn, RefusedOp, WaitingOp } from './outbox.store.ts';
import { Store } from './store.ts';

/** Refusals that the person was told of at once are listed too, but only the newest, and not over a reload. */
const TOLD_AT_MOST = 50;

export interface Refusal extends RefusedOp {
  /** True when the person saw it happen: the step was taken back under their hand, with the reason. */
  readonly wasTold: boolean;
}

let browserOutbox: OutboxStore | null = null;

/** In a browser unsent ops outlive the page; a program that wants that brings its own store. */
export function defaultOutbox(): OutboxStore {
  if (typeof indexedDB === 'undefined') return new MemoryOutboxStore();
  return (browserOutbox ??= new IndexedDbOutboxStore());
}

/** What I have not dismissed yet, and what the device keeps until the server has answered. Writes once per turn. */
export class Outbox {
  readonly refused: Store<readonly Refusal[]>;
  /** Taken by the server, but older than what they replaced; kept and dismissed in the same way. */
  readonly replaced: Store<readonly Refusal[]>;
  readonly #box: OutboxBox;
  readonly #onTrouble: (trouble: Problem) => void;
  readonly #page: string;
  /** Left by closed pages, and turned out to be on the server's disk. */
  readonly #known = new Set<string>();
  #turn = emptyTurn();
  #writing: Promise<void> | null = null;
  #hasTrouble = false;

  private constructor(box: OutboxBox, page: string, onTrouble: (trouble: Problem) => void) {
    this.#box = box;
    this.#page = page;
    this.#onTrouble = onTrouble;
    const known = box.refused.map((one) => ({ ...one, wasTold: false }));
    this.refused = new Store<readonly Refusal[]>(known.filter((one) => !isReplacement(one)));
    this.replaced = new Store<readonly Refusal[]>(known.filter(isReplacement));
  }

  /** Where the device keeps nothing (storage forbidden), ops live as long as the page, and the person is told. */
  static async open(store: OutboxStore, owner: OutboxOwner, onTrouble: (trouble: Problem) => void): Promise<Outbox> {
    try {
      return new Outbox(await store.open(owner), owner.client, onTrouble);
    } catch (cause) {
      onTrouble(notKept(cause));
      return new Outbox(await new MemoryOutboxStore().open(owner), owner.client, onTrouble);
    }
  }

  /** What closed pages left. What cannot be read any more is listed as refused. */
  left(): readonly WaitingOp[] {
    const readable: WaitingOp[] = [];
    for (const waiting of this.#box.left) {
      if (this.#known.has(waiting.op.id)) continue;
      const op = Op.safeParse(waiting.op);
      if (op.success) readable.push({ ...waiting, op: op.data });
      else this.refuse([{ op: waiting.op, problem: unreadable(), atMs: waiting.at, wasTold: false }]);
    }
    return readable;
  }

  /** Those of `left` that are in the journal after all. */
  forget(ids: readonly string[]): void {
    const saved = new Set(ids);
    for (const { op } of this.#box.left) {
      if (!saved.has(op.id) || this.#known.has(op.id)) continue;
      this.#known.add(op.id);
      this.answered(op.id);
    }
  }

  add(waiting: WaitingOp): void {
    this.#turn.added.set(waiting.op.id, { ...waiting, page: this.#page });
    this.#write();
  }

  /** It is on the server's disk. */
  answered(id: string): void {
    // Nothing to forget where nothing was written yet.
    if (!this.#turn.added.delete(id)) this.#turn.answered.push(id);
    this.#write();
  }

  refuse(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) {
      this.answered(refusal.op.id);
      if (!refusal.wasTold) this.#turn.refused.push(withoutTold(refusal));
    }
    const [replaced, refused] = [refusals.filter(isReplacement), refusals.filter((one) => !isReplacement(one))];
    const told = [...this.refused.get(), ...refused].filter(({ wasTold }) => wasTold);
    const old = new Set(told.slice(0, -TOLD_AT_MOST));
    if (refused.length > 0) this.refused.update((list) => [...list, ...refused].filter((one) => !old.has(one)));
    if (replaced.length > 0) this.replaced.update((list) => [...list, ...replaced]);
  }

  /** The person has seen them. Default: all. */
  dismiss(ids: readonly string[] = this.refused.get().map(({ op }) => op.id)): void {
    const seen = new Set(ids);
    for (const list of [this.refused, this.replaced])
      if (list.get().some(({ op }) => seen.has(op.id))) list.update((all) => all.filter(({ op }) => !seen.has(op.id)));
    this.#turn.dismissed.push(...ids);
    this.#write();
  }

  /** Resolves when what was said so far is on the device. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Writes what is left to write; what is unanswered is for the next page. */
  async close(): Promise<void> {
    this.#write();
    await this.#writing;
    await this.#box.close();
  }

  #write(): void {
    this.#writing ??= this.#writeTurns();
  }

  async #writeTurns(): Promise<void> {
    // What one turn of the page does goes into one write; while that runs, the next one gathers.
    await Promise.resolve();
    while (
      this.#turn.added.size +
      this.#turn.answered.length +
      this.#turn.refused.length +
      this.#turn.dismissed.length
    ) {
      const { added, ...rest } = this.#turn;
      this.#turn = emptyTurn();
      try {
        await this.#box.write({ ...rest, added: [...added.values()] });
      } catch (cause) {
        if (!this.#hasTrouble) this.#onTrouble(notKept(cause));
        this.#hasTrouble = true;
      }
    }
    this.#writing = null;
  }
}

interface Turn extends Omit<OutboxTurn, 'added'> {
  readonly added: Map<string, WaitingOp>;
  readonly answered: string[];
  readonly refused: RefusedOp[];
  readonly dismissed: string[];
}

const emptyTurn = (): Turn => ({ added: new Map(), answered: [], refused: [], dismissed: [] });

const withoutTold = ({ op, problem: reason, atMs }: Refusal): RefusedOp => ({ op, problem: reason, atMs });

const notKept = (cause: unknown): Problem =>
  problem('room', 'outbox_not_kept', 'This device keeps no changes that are not saved yet.', {
    facts: { cause: cause instanceof Error ? cause.name : String(cause) },
    next: 'Leave this page open until everything is saved; free some space or allow the page to keep data.',
  });

const unreadable = (): Problem =>
  problem('room', 'malformed', 'This change was kept by another version of the page and cannot be read any more.', {
    next: 'Make it again.',
  });
