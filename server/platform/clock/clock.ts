/** Where time comes from. Ops carry their time, so a replay never asks a clock. */
export abstract class Clock {
  /** Milliseconds since the Unix epoch. */
  abstract nowMs(): number;
}

export class SystemClock extends Clock {
  nowMs(): number {
    return Date.now();
  }
}

/** A clock that moves only when told. */
export class FixedClock extends Clock {
  constructor(private currentMs = Date.UTC(2026, 0, 1)) {
    super();
  }

  nowMs(): number {
    return this.currentMs;
  }

  advance(byMs: number): void {
    this.currentMs += byMs;
  }
}
