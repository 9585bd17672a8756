/** Below which value a chi-square variable with `degrees` of freedom lies with the probability of `z` (Wilson, Hilferty). */
function chiSquareQuantile(degrees: number, z: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * Math.max(0, 1 - spread + z * Math.sqrt(spread)) ** 3;
}

/** Standard normal quantiles that are used here. */
const Z_95 = 1.6448536;
const Z_9999 = 3.719016;

/** More than this by chance once in ten thousand. */
export const surelyTooLarge = (degrees: number): number => chiSquareQuantile(degrees, Z_9999);

/**
 * Length that a Gaussian error vector with this covariance (n x n) stays below in 95 % of cases.
 *
 * Three-moment chi-square approximation of a quadratic form (Imhof, Biometrika 48, 1961): only traces of powers are needed,
 * no eigenvalues. Right within 1.5 % of the length for one to three directions of any proportion.
 */
export function length95(covariance: Float64Array, n: number): number {
  let [c1, c2, c3] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    c1 += covariance[i * n + i]!;
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let k = 0; k < n; k++) square += covariance[i * n + k]! * covariance[k * n + j]!;
      c2 += i === j ? square : 0;
      c3 += square * covariance[j * n + i]!;
    }
  }
  if (!(c2 > 0) || !(c3 > 0)) return Math.sqrt(Math.max(0, c1));
  const degrees = c2 ** 3 / (c3 * c3);
  const squared = c1 + Math.sqrt(c2 / degrees) * (chiSquareQuantile(degrees, Z_95) - degrees);
  return Math.sqrt(Math.max(0, squared));
}
