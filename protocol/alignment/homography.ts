/** Row-major 3 x 3, the last number 1. */
export type Homography = Float64Array;

type Point2 = readonly [number, number];

/** The plane map that takes four points to four others, or null when three of them lie on a line. */
export function homographyOf(from: readonly Point2[], to: readonly Point2[]): Homography | null {
  const rows = 8;
  const wide = 9;
  const a = new Float64Array(rows * wide);
  for (let i = 0; i < 4; i++) {
    const [x, y] = from[i]!;
    const [u, v] = to[i]!;
    a.set([x, y, 1, 0, 0, 0, -u * x, -u * y, u], 2 * i * wide);
    a.set([0, 0, 0, x, y, 1, -v * x, -v * y, v], (2 * i + 1) * wide);
  }
  for (let c = 0; c < rows; c++) {
    let pivot = c;
    for (let r = c + 1; r < rows; r++) if (Math.abs(a[r * wide + c]!) > Math.abs(a[pivot * wide + c]!)) pivot = r;
    if (Math.abs(a[pivot * wide + c]!) < 1e-12) return null;
    if (pivot !== c)
      for (let k = c; k < wide; k++) {
        const held = a[c * wide + k]!;
        a[c * wide + k] = a[pivot * wide + k]!;
        a[pivot * wide + k] = held;
      }
    for (let r = 0; r < rows; r++) {
      if (r === c) continue;
      const factor = a[r * wide + c]! / a[c * wide + c]!;
      if (factor !== 0) for (let k = c; k < wide; k++) a[r * wide + k]! -= factor * a[c * wide + k]!;
    }
  }
  const h = new Float64Array(9);
  for (let i = 0; i < rows; i++) h[i] = a[i * wide + rows]! / a[i * wide + i]!;
  h[8] = 1;
  return h.every(Number.isFinite) ? h : null;
}

export function through(h: Homography, x: number, y: number): [u: number, v: number] {
  const w = h[6]! * x + h[7]! * y + h[8]!;
  return [(h[0]! * x + h[1]! * y + h[2]!) / w, (h[3]! * x + h[4]! * y + h[5]!) / w];
}
