/**
 * When the next single picture goes, and how large it may be. One is on its way at a time, so that pictures never queue before
 * ops on a thin line: the next goes when somebody has seen the last, or when nobody has for long. Pure: time comes in.
 */
export interface StillSize {
  readonly widthPx: number;
  /** Of the JPEG, 0 to 1. */
  readonly quality: number;
  /** The picture is made coarser until it fits. */
  readonly mostBytes: number;
}

/** From the least up. */
export const STILL_SIZES: readonly StillSize[] = [
  { widthPx: 240, quality: 0.35, mostBytes: 4_000 },
  { widthPx: 320, quality: 0.45, mostBytes: 8_000 },
  { widthPx: 480, quality: 0.55, mostBytes: 16_000 },
  { widthPx: 640, quality: 0.65, mostBytes: 32_000 },
];
/** No two pictures are nearer than this, ms; the line rests for as long again as the last one took. */
const LEAST_GAP_MS = 1_500;
const MOST_GAP_MS = 12_000;
/** Seen faster than this, the next may be larger; slower than that, it is smaller. */
const QUICK_MS = 1_000;
const SLOW_MS = 4_000;
/** Nobody has seen it: it is given up, and the next is the smallest. */
const LOST_MS = 20_000;

export class StillFlow {
  /** How long the last took to be seen, ms. */
  lastMs: number | null = null;
  #size = 1;
  #n = 0;
  #sentAtMs: number | null = null;
  #nextAtMs = 0;

  /** The size of the picture that may go now; null: not yet. */
  due(nowMs: number): StillSize | null {
    if (this.#sentAtMs !== null && nowMs - this.#sentAtMs > LOST_MS) {
      this.#sentAtMs = null;
      this.#size = 0;
      this.lastMs = LOST_MS;
    }
    return this.#sentAtMs === null && nowMs >= this.#nextAtMs ? STILL_SIZES[this.#size]! : null;
  }

  /** Returns its number. */
  sent(nowMs: number): number {
    this.#sentAtMs = nowMs;
    this.#n += 1;
    return this.#n;
  }

  /** The first of those it was sent to has it. */
  seen(n: number, nowMs: number): void {
    if (n !== this.#n || this.#sentAtMs === null) return;
    const tookMs = nowMs - this.#sentAtMs;
    this.lastMs = tookMs;
    this.#sentAtMs = null;
    if (tookMs < QUICK_MS) this.#size = Math.min(STILL_SIZES.length - 1, this.#size + 1);
    else if (tookMs > SLOW_MS) this.#size = Math.max(0, this.#size - 1);
    this.#nextAtMs = nowMs + Math.min(MOST_GAP_MS, Math.max(LEAST_GAP_MS, tookMs));
  }
}
