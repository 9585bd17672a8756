import type { Client } from '@colyseus/core';
import type WebSocket from 'ws';

/** Between two looks at a line that is well, and at one that is getting full, ms. */
const LOOK_EVERY_MS = 2_000;
const LOOK_AGAIN_MS = 200;
/** What a line that is well varies by, ms. */
const STEADY_MS = 60;
/** What waits on a line for longer than this, beyond its own round trip, is too much, ms. */
const LATE_MS = 250;
/** How fast a best round trip is forgotten, ms per answer: people move from one network to another. */
const FORGET_MS = 2;

/** What a ping has in it that asks for a line; Colyseus pings as well, with nothing in it. */
export const LINE_QUESTION = Buffer.of(1);

/**
 * How far behind a client's line is. What this process still holds of the sent bytes tells only half of it: the kernel
 * takes megabytes into its own buffer, which is minutes on a line of 64 kbit/s. So a ping of the WebSocket itself is sent
 * behind everything else (RFC 6455, 5.5.2; browsers answer by themselves), and its answer tells when all that was
 * before it has arrived. Whoever sends asks `isDue` and lets the question go with a frame: a write of its own for three
 * bytes would cost as much as the frame.
 */
export class LineMeter {
  #askedAtMs = 0;
  #bestMs = Infinity;
  /** When it is to be asked next; never, while an answer is awaited. */
  #askAtMs = 0;
  /** From when on it is late: always, after an answer that was; never, while none is awaited. */
  #lateFromMs = Infinity;

  readonly #socket: WebSocket;

  constructor(
    client: Client,
    private readonly nowMs: () => number,
  ) {
    this.#socket = client.ref as unknown as WebSocket;
    this.#socket.on('pong', (answered: Buffer) => void (answered.equals(LINE_QUESTION) && this.answered()));
  }

  /** True when the line is to be asked now: `LINE_QUESTION` goes out with this very tick then. */
  isDue(nowMs: number): boolean {
    if (nowMs < this.#askAtMs) return false;
    this.#askAtMs = Infinity;
    this.#askedAtMs = nowMs;
    this.#lateFromMs = Math.min(this.#lateFromMs, nowMs + this.#limitMs);
    return true;
  }

  /** Asks without a frame, when none goes out. */
  ask(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping(LINE_QUESTION);
  }

  answered(): void {
    if (this.#askAtMs !== Infinity) return;
    const nowMs = this.nowMs();
    const tookMs = nowMs - this.#askedAtMs;
    this.#bestMs = Math.min(this.#bestMs + FORGET_MS, tookMs);
    const isLate = tookMs > this.#limitMs;
    this.#lateFromMs = isLate ? -Infinity : Infinity;
    const isSteady = tookMs < this.#bestMs + STEADY_MS;
    this.#askAtMs = nowMs + (isSteady ? LOOK_EVERY_MS : isLate ? 0 : LOOK_AGAIN_MS);
  }

  /** Whether more would only wait behind what is on its way. */
  isLate(nowMs: number): boolean {
    return nowMs > this.#lateFromMs;
  }

  /** What an answer may take. */
  get #limitMs(): number {
    return LATE_MS + (Number.isFinite(this.#bestMs) ? this.#bestMs : 0);
  }
}
