import type { StationGauge } from '#protocol/api/guidance';

/** What an instrument shows now, in its own unit. */
export interface Reading {
  readonly device: string;
  readonly value: number;
  /** By the hall's clock. */
  readonly atMs: number;
}

/**
 * The way by which readings come: properties of the plant or of a simulated machine. Unlike a tool's result a reading is about now:
 * the newest counts, and one that is missed is not asked for again.
 */
export interface ValueLine {
  readonly name: string;
  /** From now on these are read; called again when stations change. */
  read(gauges: readonly StationGauge[]): Promise<void>;
  close(): Promise<void>;
  isUp(device: string): boolean;
}

export interface ValueLineOptions {
  readonly take: (reading: Reading) => void;
  readonly nowMs: () => number;
  readonly failed: (thrown: unknown) => void;
}
