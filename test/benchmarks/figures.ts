/** One measured number and what it must be. */
export interface Figure {
  name: string;
  measured: number;
  unit: 's' | 'ms' | 'MB' | 'kB' | '1/s' | '%' | 'count' | 'mm' | 'px' | 'kbit/s';
  /** Without a target the figure is told, not judged. */
  target?: number;
  /** Which side of the target is good; default `below`. */
  is?: 'below' | 'above';
  /** What a reader must know to compare: load, samples, conditions. */
  note?: string;
}

/** A piece of an area that sets up, measures and cleans up by itself: `test/benchmarks/<area>/<part>.figures.ts`. */
export interface Part {
  name: string;
  measure(): Promise<Figure[]>;
}

/** The default export of `<area>.bench.ts`. */
export interface Area {
  name: string;
  parts: Part[];
}

/** The value below which `share` (0..1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** So much, or as little as `name` in the environment says: to try a benchmark out before it is run. */
export const sizeOf = (name: string, usual: number): number => Number(process.env[name] ?? usual);
