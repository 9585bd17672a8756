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

const QUESTION = Buffer.of(1);

/**
 * How far behind a client's line is. What this process still holds of the sent bytes tells only half of it: the kernel
 * takes megabytes into its own buffer, which is minutes on a line of 64 kbit/s. So a ping of the WebSocket itself is sent
 * behind everything else (RFC 6455, 5.5.2; browsers answer by themselves), and its answer tells when all that was
 * before it has arrived.
 */
export class LineMeter {
  #askedAtMs: number | null = null;
  #askAtMs = 0;
  #lastMs = 0;
  #bestMs = Infinity;

  readonly #socket: WebSocket;

  constructor(client: Client, nowMs: () => number) {
    this.#socket = client.ref as unknown as WebSocket;
    this.#socket.on('pong', (answered: Buffer) => {
      // Colyseus asks as well, with nothing in it, to see whether anybody is still there.
      if (this.#askedAtMs === null || !answered.equals(QUESTION)) return;
      this.#lastMs = nowMs() - this.#askedAtMs;
      this.#bestMs = Math.min(this.#bestMs + FORGET_MS, this.#lastMs);
      this.#askedAtMs = null;
      const isSteady = this.#lastMs < this.#bestMs + STEADY_MS;
      this.#askAtMs = nowMs() + (isSteady ? LOOK_EVERY_MS : this.#isOver(this.#lastMs) ? 0 : LOOK_AGAIN_MS);
    });
  }

  /** Whether more would only wait behind what is on its way. Asked once per tick. */
  isLate(nowMs: number): boolean {
    if (this.#askedAtMs === null && nowMs >= this.#askAtMs && this.#socket.readyState === this.#socket.OPEN) {
      this.#askedAtMs = nowMs;
      this.#socket.ping(QUESTION);
    }
    return this.#isOver(this.#askedAtMs === null ? this.#lastMs : Math.max(this.#lastMs, nowMs - this.#askedAtMs));
  }

  #isOver(lagMs: number): boolean {
    return lagMs > LATE_MS + (Number.isFinite(this.#bestMs) ? this.#bestMs : 0);
  }
}
