/**
 * Small dense linear algebra for least squares: symmetric positive definite systems of at most a few hundred unknowns.
 * Matrices are row-major `Float64Array`s; nothing here allocates beyond its result.
 */

/** Lower triangle L with A = L Lᵀ, or null when A (n x n) is not positive definite within rounding. */
export function cholesky(a: Float64Array, n: number): Float64Array | null {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i === j) {
        if (!(sum > 1e-13 * Math.abs(a[i * n + i]!))) return null;
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / l[j * n + j]!;
    }
  return l;
}

/** Solves L y = b in place, where `b` has `columns` right-hand sides (n x columns). */
export function forwardSolve(l: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++)
    for (let c = 0; c < columns; c++) {
      let sum = b[i * columns + c]!;
      for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k * columns + c]!;
      b[i * columns + c] = sum / l[i * n + i]!;
    }
}

/** Solves Lᵀ x = y in place for one right-hand side. */
export function backwardSolve(l: Float64Array, n: number, y: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i]!;
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * y[k]!;
    y[i] = sum / l[i * n + i]!;
  }
}

/** x with A x = b for a positive definite A; null when A is not. */
export function solveSymmetric(a: Float64Array, n: number, b: Float64Array): Float64Array | null {
  const l = cholesky(a, n);
  if (!l) return null;
  const x = b.slice();
  forwardSolve(l, n, x, 1);
  backwardSolve(l, n, x);
  return x;
}

/** Inverse of a positive definite matrix; null when it is not. */
export function invertSymmetric(a: Float64Array, n: number): Float64Array | null {
  const l = cholesky(a, n);
  if (!l) return null;
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    forwardSolve(l, n, column, 1);
    backwardSolve(l, n, column);
    for (let r = 0; r < n; r++) inverse[r * n + c] = column[r]!;
  }
  return inverse;
}

/** J Σ Jᵀ for J (rows x n) and symmetric Σ (n x n). */
export function propagate(j: Float64Array, rows: number, sigma: Float64Array, n: number): Float64Array {
  const js = new Float64Array(rows * n);
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < n; k++) {
      const value = j[r * n + k]!;
      if (value !== 0) for (let c = 0; c < n; c++) js[r * n + c]! += value * sigma[k * n + c]!;
    }
  const out = new Float64Array(rows * rows);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < rows; c++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += js[r * n + k]! * j[c * n + k]!;
      out[r * rows + c] = sum;
    }
  return out;
}

/** Adds JᵀJ to the normal matrix and Jᵀr to the right-hand side; J is rows x n and already whitened. */
export function accumulate(
  normal: Float64Array,
  right: Float64Array,
  j: Float64Array,
  r: Float64Array,
  n: number,
): void {
  // Most of a row is empty: a corner knows its own marker and its own view only.
  const filled = new Int32Array(n);
  for (let row = 0; row < r.length; row++) {
    let count = 0;
    for (let a = 0; a < n; a++) if (j[row * n + a] !== 0) filled[count++] = a;
    for (let i = 0; i < count; i++) {
      const a = filled[i]!;
      const value = j[row * n + a]!;
      right[a]! += value * r[row]!;
      for (let k = 0; k < count; k++) {
        const b = filled[k]!;
        normal[a * n + b]! += value * j[row * n + b]!;
      }
    }
  }
}
