import { writtenKeys, type Change, type Footprint } from '#protocol/document/index';
import type { Op } from '#protocol/journal/index';

/** What an op of mine did to the view when it was last applied. */
export interface Effect {
  /** Empty when it does not fit at present: the server will say so. */
  readonly changes: readonly Change[];
  readonly footprint: Footprint;
}

/** An op of mine that the server has not answered. */
export interface Pending {
  readonly op: Op;
  /** My clock's guess of the time the server will write; replaced by the entry's. */
  readonly at: number;
  /** Rises with the order of submitting. */
  readonly n: number;
  effect: Effect;
  /** Everything it reads or writes. */
  keys: readonly string[];
}

/**
 * My unconfirmed ops in order, found by id, and by what they touch. Adding, and taking the oldest, cost the same
 * however many there are: a whole offline shift leaves a hundred thousand.
 */
export class PendingOps implements Iterable<Pending> {
  #slots: (Pending | null)[] = [];
  /** The number of the op in slot 0. */
  #base = 0;
  /** Slots before this one are empty. */
  #head = 0;
  readonly #byId = new Map<string, Pending>();
  readonly #byKey = new Map<string, Set<Pending>>();
  #adds = 0;
  #historyReaders = 0;

  get size(): number {
    return this.#byId.size;
  }

  get first(): Pending | null {
    return this.#slots[this.#head] ?? null;
  }

  /** Rows that all of them together may bring in. */
  get adds(): number {
    return this.#adds;
  }

  /** Whether one of them takes a step back or again. */
  get readHistory(): boolean {
    return this.#historyReaders > 0;
  }

  get(id: string): Pending | undefined {
    return this.#byId.get(id);
  }

  push(op: Op, at: number, effect: Effect): void {
    const pending: Pending = { op, at, n: this.#base + this.#slots.length, effect, keys: [] };
    this.#slots.push(pending);
    this.#byId.set(op.id, pending);
    this.#index(pending);
  }

  /** Those that write, or read, a row. */
  touching(key: string): Iterable<Pending> {
    return this.#byKey.get(key) ?? [];
  }

  /** After it was applied again. */
  replace(pending: Pending, effect: Effect): void {
    this.#unindex(pending);
    pending.effect = effect;
    this.#index(pending);
  }

  remove(pending: Pending): void {
    this.#byId.delete(pending.op.id);
    this.#unindex(pending);
    this.#slots[pending.n - this.#base] = null;
    while (this.#head < this.#slots.length && this.#slots[this.#head] === null) this.#head += 1;
    if (this.#head < 1024 || this.#head * 2 < this.#slots.length) return;
    this.#slots = this.#slots.slice(this.#head);
    this.#base += this.#head;
    this.#head = 0;
  }

  *[Symbol.iterator](): Generator<Pending> {
    for (let i = this.#head; i < this.#slots.length; i++) if (this.#slots[i]) yield this.#slots[i]!;
  }

  /** From the newest to the oldest. */
  *backwards(): Generator<Pending> {
    for (let i = this.#slots.length - 1; i >= this.#head; i--) if (this.#slots[i]) yield this.#slots[i]!;
  }

  /**
   * The ops that share a key with `keys`, those that share one with them, and so on, in order. `keys` grows to
   * everything they touch: what is outside of it has nothing to do with them.
   */
  tiedTo(keys: Set<string>): Pending[] {
    const found = new Set<Pending>();
    // A set hands out what is added while it is walked.
    for (const key of keys)
      for (const pending of this.#byKey.get(key) ?? []) {
        if (found.has(pending)) continue;
        found.add(pending);
        for (const other of pending.keys) keys.add(other);
      }
    return [...found].sort((a, b) => a.n - b.n);
  }

  #index(pending: Pending): void {
    pending.keys = keysOf(pending.effect);
    for (const key of pending.keys) {
      const ops = this.#byKey.get(key);
      if (ops) ops.add(pending);
      else this.#byKey.set(key, new Set([pending]));
    }
    const { adds, history } = pending.effect.footprint;
    this.#adds += adds;
    if (history === 'reads') this.#historyReaders += 1;
  }

  #unindex(pending: Pending): void {
    for (const key of pending.keys) {
      const ops = this.#byKey.get(key);
      ops?.delete(pending);
      if (ops?.size === 0) this.#byKey.delete(key);
    }
    const { adds, history } = pending.effect.footprint;
    this.#adds -= adds;
    if (history === 'reads') this.#historyReaders -= 1;
  }
}

export const keysOf = ({ changes, footprint }: Effect): string[] => [
  ...new Set([...footprint.keys, ...writtenKeys(changes)]),
];
