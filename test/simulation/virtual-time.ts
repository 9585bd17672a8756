import { Dice } from '../support/design-arbitraries.ts';

/** Whoever is at work: timers belong to who sets them, and end with them. */
export interface Owner {
  readonly isGone: boolean;
}

interface Event {
  readonly atMs: number;
  /** Events of one moment happen in the order in which they were asked for. */
  readonly n: number;
  readonly owner: Owner;
  run: (() => void) | null;
}

const REAL = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  setImmediate: globalThis.setImmediate,
  clearImmediate: globalThis.clearImmediate,
  now: performance.now.bind(performance),
  date: Date.now,
  random: Math.random,
  getRandomValues: crypto.getRandomValues.bind(crypto),
};

const START_MS = Date.UTC(2026, 0, 1);

interface Timer {
  event: Event;
  again: { everyMs: number; run: () => void } | undefined;
  ref(): Timer;
  unref(): Timer;
  hasRef(): boolean;
}

/**
 * A world without waiting and without chance: timers, clocks and random numbers of everything that runs in this process
 * come from here while it is installed. A moment happens when all that was due before it has been done, promises
 * included; between two moments nothing passes. The same seed gives the same history again.
 */
export class VirtualTime {
  nowMs = 0;
  readonly dice: Dice;
  readonly world: Owner = { isGone: false };
  events = 0;
  #owner: Owner = this.world;
  #heap: Event[] = [];
  #n = 0;
  #failure: unknown = null;

  constructor(seed: number) {
    this.dice = new Dice(seed);
    for (let i = 0; i < 20; i++) this.dice.next();
  }

  install(): void {
    const timer = (event: Event, again?: Timer['again']): Timer => {
      const one: Timer = { event, again, ref: () => one, unref: () => one, hasRef: () => true };
      return one;
    };
    const clear = (one: Timer | undefined | null) => {
      if (!one) return;
      one.event.run = null;
      one.again = undefined;
    };
    const repeat = (one: Timer, owner: Owner) => {
      if (!one.again) return;
      const { everyMs, run } = one.again;
      one.event = this.#push(everyMs, owner, () => {
        repeat(one, owner);
        run();
      });
    };
    Object.assign(globalThis, {
      setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        timer(this.#push(Math.max(1, ms), this.#owner, () => run(...args))),
      setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
        timer(this.#push(0, this.#owner, () => run(...args))),
      setInterval: (run: () => void, ms = 1) => {
        const one = timer(
          this.#push(0, this.#owner, () => undefined),
          { everyMs: Math.max(1, ms), run },
        );
        repeat(one, this.#owner);
        return one;
      },
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    });
    performance.now = () => this.nowMs;
    Date.now = () => START_MS + Math.floor(this.nowMs);
    Math.random = () => this.dice.next();
    crypto.getRandomValues = <T extends ArrayBufferView | null>(array: T): T => {
      const bytes = array as unknown as Uint8Array;
      for (let i = 0; i < bytes.length; i++) bytes[i] = this.dice.upTo(256);
      return array;
    };
  }

  restore(): void {
    const { now, date, random, getRandomValues, ...timers } = REAL;
    Object.assign(globalThis, timers);
    performance.now = now;
    Date.now = date;
    Math.random = random;
    crypto.getRandomValues = getRandomValues;
  }

  /** Something that happens to `owner` later, unless they are gone by then. */
  after(ms: number, owner: Owner, run: () => void): void {
    this.#push(ms, owner, run);
  }

  /** For what runs on behalf of somebody else, within a moment. */
  as<T>(owner: Owner, run: () => T): T {
    const former = this.#owner;
    this.#owner = owner;
    try {
      return run();
    } finally {
      this.#owner = former;
    }
  }

  /** Ends everything, with the reason. */
  fail(cause: unknown): void {
    this.#failure ??= cause;
  }

  /** Lets time pass until something is true; throws what failed, or when it takes longer than `mostMs`. */
  async until(what: string, isTrue: () => boolean, mostMs: number): Promise<void> {
    const endMs = this.nowMs + mostMs;
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (isTrue()) return;
      const event = this.#pop();
      if (!event || event.atMs > endMs) throw new Error(`In vain, after ${mostMs / 1000} s: ${what}`);
      this.nowMs = event.atMs;
      const { run } = event;
      if (!run || event.owner.isGone) continue;
      this.#owner = event.owner;
      this.events += 1;
      run();
      // Everything that follows from it by promises happens at the same moment.
      await new Promise<void>((resolve) => REAL.setImmediate(resolve));
      this.#owner = this.world;
    }
  }

  #push(ms: number, owner: Owner, run: () => void): Event {
    const event: Event = { atMs: this.nowMs + ms, n: this.#n++, owner, run };
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!isBefore(event, heap[up]!)) break;
      heap[at] = heap[up]!;
      at = up;
    }
    heap[at] = event;
    return event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let down = at * 2 + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down += 1;
      if (!isBefore(heap[down]!, last)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Event, b: Event) => a.atMs < b.atMs || (a.atMs === b.atMs && a.n < b.n);
