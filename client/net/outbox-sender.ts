import type { Op } from '#protocol/journal/index';
import { MAX_UNANSWERED } from '#protocol/room/index';

/** Ops in one message; the server takes at most 100. */
const OPS_PER_MESSAGE = 100;
/** Parts in one message beyond which another op waits for the next: it stays under the frame limit. */
const PARTS_PER_MESSAGE = 500;
/** Sent and not answered at most: what has to be sent twice after a drop, and what the server has before it at once. */
const OPS_IN_FLIGHT = MAX_UNANSWERED;
const PARTS_IN_FLIGHT = 2_000;
/**
 * Messages a second on average and at once. The server closes beyond 100 and 400; presence, leases and pings take a
 * quarter of that.
 */
const MESSAGES_PER_SECOND = 60;
const MESSAGES_BURST = 120;

/** Sends ops in order, each once per connection, as fast as the server answers and never faster than it takes them. */
export class OutboxSender {
  #queue: Op[] = [];
  #next = 0;
  readonly #inFlight = new Map<string, number>();
  #partsInFlight = 0;
  #send: ((ops: Op[]) => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFlushQueued = false;
  #tokens = MESSAGES_BURST;
  #tokensAtMs = 0;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** A connection is there: everything unanswered goes out, again or for the first time. */
  begin(unanswered: readonly Op[], send: (ops: Op[]) => void): void {
    this.stop();
    this.#queue = [...unanswered];
    this.#send = send;
    // The server counts per connection.
    this.#tokens = MESSAGES_BURST;
    this.#tokensAtMs = this.nowMs();
    this.flush();
  }

  /** The connection is gone. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#send = null;
    this.#queue = [];
    this.#next = 0;
    this.#inFlight.clear();
    this.#partsInFlight = 0;
  }

  /** Ops of one turn travel in one message. Without a connection `begin` brings it. */
  push(op: Op): void {
    if (!this.#send) return;
    this.#queue.push(op);
    this.#queueFlush();
  }

  answered(id: string): void {
    const parts = this.#inFlight.get(id);
    if (parts === undefined) return;
    this.#inFlight.delete(id);
    this.#partsInFlight -= parts;
    // Full messages rather than one op per answer.
    const room = OPS_IN_FLIGHT - this.#inFlight.size;
    if (this.#waiting > 0 && room >= Math.min(OPS_PER_MESSAGE, this.#waiting)) this.#queueFlush();
  }

  /** Sends what may be sent now; the rest follows by itself. */
  flush(): void {
    this.#isFlushQueued = false;
    while (this.#send && this.#waiting > 0 && this.#hasRoom()) {
      if (!this.#takeToken()) return;
      this.#send(this.#takeMessage());
    }
  }

  get #waiting(): number {
    return this.#queue.length - this.#next;
  }

  #hasRoom(): boolean {
    return this.#inFlight.size < OPS_IN_FLIGHT && this.#partsInFlight < PARTS_IN_FLIGHT;
  }

  #takeToken(): boolean {
    const nowMs = this.nowMs();
    const gained = ((nowMs - this.#tokensAtMs) / 1000) * MESSAGES_PER_SECOND;
    this.#tokens = Math.min(MESSAGES_BURST, this.#tokens + gained);
    this.#tokensAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return true;
    }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.flush();
      },
      ((1 - this.#tokens) / MESSAGES_PER_SECOND) * 1000,
    );
    return false;
  }

  #takeMessage(): Op[] {
    const ops: Op[] = [];
    let parts = 0;
    while (this.#waiting > 0 && ops.length < OPS_PER_MESSAGE && this.#inFlight.size < OPS_IN_FLIGHT) {
      const op = this.#queue[this.#next]!;
      const size = partsIn(op);
      if (ops.length > 0 && parts + size > PARTS_PER_MESSAGE) break;
      this.#next += 1;
      this.#inFlight.set(op.id, size);
      this.#partsInFlight += size;
      parts += size;
      ops.push(op);
    }
    if (this.#next > 4_096 && this.#next * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#next);
      this.#next = 0;
    }
    return ops;
  }

  #queueFlush(): void {
    if (this.#isFlushQueued) return;
    this.#isFlushQueued = true;
    queueMicrotask(() => this.flush());
  }
}

function partsIn({ payload }: Op): number {
  const { parts, ids, moves } = payload as { parts?: unknown[]; ids?: unknown[]; moves?: unknown[] };
  return (parts ?? ids ?? moves ?? []).length;
}
