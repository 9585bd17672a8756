import { normalizeQuat, type Quat, type Vec3 } from '../spatial/index.ts';

/** Row-major 3 x 3. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** Quaternion of a turn by `|w|` radians about `w`. */
export function turn(w: Vec3): Quat {
  const angle = Math.hypot(w[0], w[1], w[2]);
  const half = angle / 2;
  // sin(half) / angle, its limit near zero.
  const scale = angle < 1e-6 ? 0.5 - (angle * angle) / 48 : Math.sin(half) / angle;
  return normalizeQuat([w[0] * scale, w[1] * scale, w[2] * scale, Math.cos(half)]);
}

/** Angle between two rotations, 0 to pi, exact also for tiny ones. */
export function angleBetween(a: Quat, b: Quat): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  const chord = Math.hypot(a[0] - sign * b[0], a[1] - sign * b[1], a[2] - sign * b[2], a[3] - sign * b[3]);
  return 4 * Math.asin(Math.min(1, chord / 2));
}

/** Quaternion of a rotation matrix (Shepperd: the largest term first). */
export function quatOf(m: Matrix3): Quat {
  const trace = m[0] + m[4] + m[8];
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace);
    return normalizeQuat([(m[7] - m[5]) / s, (m[2] - m[6]) / s, (m[3] - m[1]) / s, s / 4]);
  }
  if (m[0] > m[4] && m[0] > m[8]) {
    const s = 2 * Math.sqrt(Math.max(0, 1 + m[0] - m[4] - m[8]));
    return normalizeQuat([s / 4, (m[1] + m[3]) / s, (m[2] + m[6]) / s, (m[7] - m[5]) / s]);
  }
  if (m[4] > m[8]) {
    const s = 2 * Math.sqrt(Math.max(0, 1 + m[4] - m[0] - m[8]));
    return normalizeQuat([(m[1] + m[3]) / s, s / 4, (m[5] + m[7]) / s, (m[2] - m[6]) / s]);
  }
  const s = 2 * Math.sqrt(Math.max(0, 1 + m[8] - m[0] - m[4]));
  return normalizeQuat([(m[2] + m[6]) / s, (m[5] + m[7]) / s, s / 4, (m[3] - m[1]) / s]);
}

export const subtract = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
