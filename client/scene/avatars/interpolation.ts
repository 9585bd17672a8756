import type { Pose } from '#protocol/spatial/index';
import { lerp, slerp } from '../vec.ts';

/** Bounds of how far behind the newest state we show others, ms. */
const MIN_DELAY_MS = 40;
const MAX_DELAY_MS = 250;
/** A gap longer than this is a pause, not jitter. */
const PAUSE_MS = 500;
const KEPT = 12;

export interface Sample<T> {
  readonly atMs: number;
  readonly value: T;
}

/**
 * Shows another person's motion smoothly: a little in the past, between the two states around that moment. The delay
 * follows the rhythm in which states really arrive: one mean interval plus twice its jitter (as RFC 3550 A.8 smooths it).
 */
export class InterpolationBuffer<T> {
  readonly #mix: (a: T, b: T, t: number) => T;
  #samples: Sample<T>[] = [];
  #intervalMs = 50;
  #jitterMs = 5;

  constructor(mix: (a: T, b: T, t: number) => T) {
    this.#mix = mix;
  }

  push(value: T, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs <= last.atMs) return;
    if (last && atMs - last.atMs < PAUSE_MS) {
      const gap = atMs - last.atMs;
      this.#jitterMs += (Math.abs(gap - this.#intervalMs) - this.#jitterMs) / 16;
      this.#intervalMs += (gap - this.#intervalMs) / 8;
    } else if (last) {
      // After a pause the person starts from where they rested, not from long ago.
      this.#samples = [{ atMs: atMs - this.#intervalMs, value: last.value }];
    }
    this.#samples.push({ atMs, value });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  get delayMs(): number {
    return Math.max(MIN_DELAY_MS, Math.min(MAX_DELAY_MS, this.#intervalMs + 2 * this.#jitterMs));
  }

  get newest(): T | null {
    return this.#samples.at(-1)?.value ?? null;
  }

  /** Time since the newest state, ms. */
  ageMs(nowMs: number): number {
    const last = this.#samples.at(-1);
    return last ? nowMs - last.atMs : Infinity;
  }

  /** Whether another frame will look different. */
  isMoving(nowMs: number): boolean {
    return this.ageMs(nowMs) < this.delayMs + 50;
  }

  at(nowMs: number): T | null {
    const last = this.#samples.at(-1);
    if (!last) return null;
    const shownMs = nowMs - this.delayMs;
    if (shownMs >= last.atMs) return last.value;
    for (let i = this.#samples.length - 2; i >= 0; i--) {
      const from = this.#samples[i]!;
      const to = this.#samples[i + 1]!;
      if (from.atMs <= shownMs) return this.#mix(from.value, to.value, (shownMs - from.atMs) / (to.atMs - from.atMs));
    }
    return this.#samples[0]!.value;
  }
}

export const mixPose = (a: Pose, b: Pose, t: number): Pose => ({
  position: lerp(a.position, b.position, t),
  rotation: slerp(a.rotation, b.rotation, t),
});
