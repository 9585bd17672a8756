import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

const WINDOW_MS = 10_000;

/**
 * How late the frames of a tick leave, over the last ten to twenty seconds and all rooms of this process: from the moment
 * the tick was due to the moment its frames are with the sockets. A busy processor shows here before people feel it.
 */
export class TickMeter {
  #now: RecordableHistogram = createHistogram();
  #before: RecordableHistogram = createHistogram();
  #sinceMs = 0;

  /** `tookMs` from due to done. */
  record(tookMs: number, nowMs: number): void {
    if (nowMs - this.#sinceMs > WINDOW_MS) {
      [this.#before, this.#now] = [this.#now, createHistogram()];
      this.#sinceMs = nowMs;
    }
    this.#now.record(Math.max(1, Math.round(tookMs * 1000)));
  }

  /** 99 of 100 ticks were quicker than this, ms; 0 when no room is open. */
  get p99Ms(): number {
    const both = createHistogram();
    both.add(this.#before);
    both.add(this.#now);
    return both.count === 0 ? 0 : both.percentile(99) / 1000;
  }
}

/** One per process. */
export const tickMeter = new TickMeter();
