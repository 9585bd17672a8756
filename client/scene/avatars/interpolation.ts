import { CARRY_ON_MS, carryOn, mixBodies, PAUSE_MS, type Body, type BodySample } from '#protocol/presence/index';

/** Bounds of how far in the past we show others, ms. */
const MIN_DELAY_MS = 30;
const MAX_DELAY_MS = 250;
/** Where a pause in the motion is taken to have ended, ms before the state that ended it. */
const STEP_MS = 50;
/** Who was carried on and is not heard of again has stopped: they are back where they were last within this, ms. */
const SETTLE_MS = 150;
const KEPT = 12;

/**
 * Shows another person's motion smoothly: a little in the past, between the two states around that moment, and carried
 * on for a moment when the next one is not there yet. How little depends on how late states really arrive: their mean
 * lateness plus twice its deviation (smoothed as in RFC 3550 A.8).
 */
export class InterpolationBuffer {
  #samples: BodySample[] = [];
  #lateMs = 0;
  #deviationMs = 5;

  /** `arrivedMs` is when the state came, `atMs` when it was so, both on the local clock. */
  push(body: Body, atMs: number, arrivedMs: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs <= last.atMs) return;
    const lateMs = Math.max(0, arrivedMs - atMs);
    this.#deviationMs += (Math.abs(lateMs - this.#lateMs) - this.#deviationMs) / 16;
    this.#lateMs += (lateMs - this.#lateMs) / 8;
    // After a pause the person starts from where they rested, not from long ago.
    if (last && atMs - last.atMs > PAUSE_MS) this.#samples = [{ atMs: atMs - STEP_MS, body: last.body }];
    this.#samples.push({ atMs, body });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  get delayMs(): number {
    return Math.max(MIN_DELAY_MS, Math.min(MAX_DELAY_MS, this.#lateMs + 2 * this.#deviationMs));
  }

  get newest(): Body | undefined {
    return this.#samples.at(-1)?.body;
  }

  /** Whether another picture will look different. */
  isMoving(nowMs: number): boolean {
    const last = this.#samples.at(-1);
    return last !== undefined && nowMs - this.delayMs < last.atMs + CARRY_ON_MS + SETTLE_MS + STEP_MS;
  }

  at(nowMs: number): Body | null {
    const last = this.#samples.at(-1);
    if (!last) return null;
    const shownMs = nowMs - this.delayMs;
    if (shownMs >= last.atMs) {
      const carried = carryOn(this.#samples.at(-2), last, shownMs);
      const silentMs = shownMs - last.atMs - CARRY_ON_MS;
      return silentMs <= 0 ? carried : mixBodies(carried, last.body, Math.min(1, silentMs / SETTLE_MS));
    }
    for (let i = this.#samples.length - 2; i >= 0; i--) {
      const from = this.#samples[i]!;
      const to = this.#samples[i + 1]!;
      if (from.atMs <= shownMs) return mixBodies(from.body, to.body, (shownMs - from.atMs) / (to.atMs - from.atMs));
    }
    return this.#samples[0]!.body;
  }
}
