/** Noise of instruments from whole numbers alone, so that it is the same on every machine. xorshift32 (Marsaglia 2003). */
export function nextDice(dice: number): number {
  let x = dice;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

/** A generator's first state from any seed: xorshift needs one other than 0. */
export const firstDice = (seed: number): number => (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;

/** In (-1, 1), triangular: the mean of the two halves of the word. */
export const noiseOf = (dice: number): number => ((dice & 0xffff) + (dice >>> 16) - 65535) / 65536;
