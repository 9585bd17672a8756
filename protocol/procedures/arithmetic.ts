/**
 * Angles from +, -, *, / and square root alone. IEEE 754 rounds those the same way on every machine, while `Math.sin`,
 * `Math.cos`, `Math.atan2` and `Math.hypot` may differ in the last bit between engines: a placement at the edge of its
 * tolerance would be accepted in one browser and refused in another, and a replay would not give the same state.
 * Errors are below 4e-16 of the result (measured against `Math` in the spec).
 */
const TAYLOR_TERMS = 11;

/** Arc tangent of y / x in (-pi, pi], as `Math.atan2`; both zero gives 0. */
export function angleOf(y: number, x: number): number {
  const [height, width] = [Math.abs(y), Math.abs(x)];
  if (height === 0 && width === 0) return 0;
  const steep = height > width;
  const small = arcTangent(steep ? width / height : height / width);
  const first = steep ? Math.PI / 2 - small : small;
  const angle = x < 0 ? Math.PI - first : first;
  return y < 0 ? -angle : angle;
}

/** For 0 <= x <= 1: halves the angle three times, so that the series starts below 0.1. */
function arcTangent(x: number): number {
  let reduced = x;
  for (let i = 0; i < 3; i++) reduced /= 1 + Math.sqrt(1 + reduced * reduced);
  const square = reduced * reduced;
  let sum = 0;
  for (let n = TAYLOR_TERMS; n >= 0; n--) sum = 1 / (2 * n + 1) - square * sum;
  return 8 * reduced * sum;
}

/** Sine and cosine for -2 pi <= angle <= 2 pi, enough for turns of symmetry. */
export function sineAndCosine(angleRad: number): [sine: number, cosine: number] {
  const quarters = Math.round(angleRad / (Math.PI / 2));
  const x = angleRad - quarters * (Math.PI / 2);
  const square = x * x;
  let sine = 0;
  let cosine = 0;
  for (let n = TAYLOR_TERMS; n >= 1; n--) {
    sine = 1 - (square * (n === TAYLOR_TERMS ? 1 : sine)) / (2 * n * (2 * n + 1));
    cosine = 1 - (square * (n === TAYLOR_TERMS ? 1 : cosine)) / (2 * n * (2 * n - 1));
  }
  sine *= x;
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [sine, cosine];
    case 1:
      return [cosine, -sine];
    case 2:
      return [-sine, -cosine];
    default:
      return [-cosine, sine];
  }
}

export const lengthOf = (v: readonly number[]): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
