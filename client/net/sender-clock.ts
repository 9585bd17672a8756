const WRAP = 2 ** 16;
/** How fast an old best transit is forgotten, ms per state: a clock that drifts is followed. */
const FORGET_MS = 0.2;

/**
 * Another person's clock as seen from here, from the low 16 bits that their states carry. It follows the fastest of
 * them: what the network and the server's ticks delayed shows as a late arrival, not as a pause in the motion.
 */
export class SenderClock {
  #lastLow: number | null = null;
  #senderMs = 0;
  /** Local minus sender time of the fastest state so far, ms. */
  #offsetMs = Infinity;
  #lastArrivalMs = 0;

  /** Local time, ms, at which the state with this stamp was so; never later than `nowMs`. */
  toLocalMs(low: number, nowMs: number): number {
    // After half a wrap without news the stamps say nothing about each other.
    if (this.#lastLow === null || nowMs - this.#lastArrivalMs > WRAP / 2) {
      this.#senderMs = low;
      this.#offsetMs = Infinity;
    } else {
      const step = (low - this.#lastLow + WRAP) % WRAP;
      this.#senderMs += step > WRAP / 2 ? step - WRAP : step;
    }
    this.#lastLow = low;
    this.#lastArrivalMs = nowMs;
    this.#offsetMs = Math.min(this.#offsetMs + FORGET_MS, nowMs - this.#senderMs);
    return this.#senderMs + this.#offsetMs;
  }
}
