const WRAP = 2 ** 32;

/**
 * The server's clock as seen from here. The offset follows the fastest answers: a slow packet can only make the server
 * look older than it is.
 */
export class ServerTime {
  /** Server wall clock minus local wall clock, ms. */
  #offsetMs = 0;
  #bestDelayMs = Infinity;

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** As it was when the server was last heard, by an earlier page. */
  assume(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }

  /** `delayMs`: half of the round trip that brought this time. */
  learn(serverTimeMs: number, delayMs: number): void {
    // The best delay ages, so that a clock that drifts is followed.
    this.#bestDelayMs += 0.5;
    if (delayMs > this.#bestDelayMs) return;
    this.#bestDelayMs = delayMs;
    this.#offsetMs = serverTimeMs + delayMs - Date.now();
  }

  nowMs(): number {
    return Math.round(Date.now() + this.#offsetMs);
  }

  /** Turns the low 32 bits of a server time into local `performance.now()` time, ms. */
  toLocalMs(low32: number): number {
    const now = this.nowMs();
    let agoMs = ((now % WRAP) - low32) % WRAP;
    if (agoMs > WRAP / 2) agoMs -= WRAP;
    if (agoMs < -WRAP / 2) agoMs += WRAP;
    return performance.now() - agoMs;
  }
}
