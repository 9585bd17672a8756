export interface Dice {
  /** Evenly between the two, 0 to 1 when left out. */
  uniform(from?: number, to?: number): number;
  /** Normal law of mean 0 and deviation 1. */
  normal(): number;
}

/** Deterministic dice (mulberry32): what failed can be rolled again. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    uniform: (from = 0, to = 1) => from + (to - from) * next(),
    normal: () => Math.sqrt(-2 * Math.log(next() + 1e-300)) * Math.cos(2 * Math.PI * next()),
  };
}
