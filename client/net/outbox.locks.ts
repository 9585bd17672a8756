/** Tells pages of one origin that live from those that are gone. */
export interface PageLocks {
  /**
   * Null when another page has it. Held until released, or until the page is gone: of one that was killed the browser
   * knows that a little later, and so much patience is had with it.
   */
  hold(name: string, patience?: AbortSignal): Promise<(() => void) | null>;
  /** The same for a name that this page has just made up: nobody has to be asked. */
  claim(name: string): Promise<() => void>;
}

/** How long a page that holds a lock may take to say so, ms. */
const ANSWER_MS = 300;

/** Web Locks; on plain HTTP, where browsers leave them out, a channel on which living pages answer. */
export function pageLocks(): PageLocks {
  const { locks } = globalThis.navigator ?? {};
  return locks ? new WebLocks(locks) : new AskedLocks();
}

class WebLocks implements PageLocks {
  constructor(private readonly locks: LockManager) {}

  async hold(name: string, patience?: AbortSignal): Promise<(() => void) | null> {
    const free = await this.#request(name, { ifAvailable: true });
    if (free || !patience || patience.aborted) return free;
    // Aborted while it waits, a request is refused: then the other page lives.
    return this.#request(name, { signal: patience }).catch(() => null);
  }

  #request(name: string, options: LockOptions): Promise<(() => void) | null> {
    return new Promise((resolve, reject) => {
      this.locks
        .request(name, options, (lock) => {
          if (!lock) return resolve(null);
          return new Promise<void>((release) => resolve(release));
        })
        .catch(reject);
    });
  }

  async claim(name: string): Promise<() => void> {
    return (await this.hold(name)) ?? (() => undefined);
  }
}

interface Word {
  readonly says: 'who' | 'me';
  readonly name: string;
  readonly from: number;
}

/**
 * A page that is asleep may not answer in time; its ops are then sent by two pages, which the server takes once, because
 * it knows them by their id.
 */
export class AskedLocks implements PageLocks {
  readonly #me = Math.random();
  readonly #held = new Set<string>();
  /** Asked for now, and who is told when somebody has it. */
  readonly #asked = new Map<string, () => void>();
  readonly #channel = new BroadcastChannel('workhall.outbox');

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
    // In Node a listening channel keeps the process alive.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  async hold(name: string): Promise<(() => void) | null> {
    if (this.#held.has(name) || this.#asked.has(name)) return null;
    const isTaken = await new Promise<boolean>((resolve) => {
      this.#asked.set(name, () => resolve(true));
      this.#say('who', name);
      setTimeout(() => resolve(false), ANSWER_MS);
    });
    this.#asked.delete(name);
    return isTaken ? null : this.claim(name);
  }

  async claim(name: string): Promise<() => void> {
    this.#held.add(name);
    return () => void this.#held.delete(name);
  }

  #hear({ says, name, from }: Word): void {
    if (says === 'me') return this.#asked.get(name)?.();
    // Of two that ask at the same time, the higher number wins.
    if (this.#held.has(name) || (this.#asked.has(name) && this.#me > from)) this.#say('me', name);
  }

  #say(says: Word['says'], name: string): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has one origin: ours
    this.#channel.postMessage({ says, name, from: this.#me } satisfies Word);
  }
}
