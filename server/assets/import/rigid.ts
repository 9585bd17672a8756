/** Rigid transforms for the import, in doubles: a row-major rotation and a translation in the unit of the caller. */
import type { Pose, Quat } from '#protocol/spatial/pose';

export type Triple = readonly [number, number, number];
export interface Rigid {
  /** Row-major 3 x 3. */
  readonly r: readonly [number, number, number, number, number, number, number, number, number];
  readonly t: Triple;
}

export const IDENTITY: Rigid = { r: [1, 0, 0, 0, 1, 0, 0, 0, 1], t: [0, 0, 0] };

/** Turns a Z-up file Y up: (x, y, z) -> (x, z, -y). */
export const Z_UP_TO_Y_UP: Quat = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2];

export function subtract(a: Triple, b: Triple): [number, number, number] {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}
export function cross(a: Triple, b: Triple): [number, number, number] {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
export function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
export function unit(a: Triple): [number, number, number] | undefined {
  const length = Math.hypot(a[0], a[1], a[2]);
  return length > 1e-12 ? [a[0] / length, a[1] / length, a[2] / length] : undefined;
}

/** The frame of an AXIS2_PLACEMENT_3D: z along `axis`, x along `reference` made square to it. */
export function fromAxes(origin: Triple, axis: Triple, reference: Triple): Rigid {
  const z = unit(axis) ?? [0, 0, 1];
  const along = dot(reference, z);
  const helper: Triple = Math.abs(z[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const x =
    unit([reference[0] - along * z[0], reference[1] - along * z[1], reference[2] - along * z[2]]) ??
    unit(cross(cross(z, helper), z))!;
  const y = cross(z, x);
  return { r: [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]], t: origin };
}

export function apply(m: Rigid, x: number, y: number, z: number): [number, number, number] {
  const { r, t } = m;
  return [
    r[0] * x + r[1] * y + r[2] * z + t[0],
    r[3] * x + r[4] * y + r[5] * z + t[1],
    r[6] * x + r[7] * y + r[8] * z + t[2],
  ];
}

/** `a` after `b`: maps a point by b, then by a. */
export function multiplyTransforms(a: Rigid, b: Rigid): Rigid {
  const [p, q] = [a.r, b.r];
  const at = (row: number, column: number) =>
    p[row * 3]! * q[column]! + p[row * 3 + 1]! * q[3 + column]! + p[row * 3 + 2]! * q[6 + column]!;
  return {
    r: [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)],
    t: apply(a, ...b.t),
  };
}

export function invertTransform(m: Rigid): Rigid {
  const [a, b, c, d, e, f, g, h, i] = m.r;
  const turned: Rigid = { r: [a, d, g, b, e, h, c, f, i], t: [0, 0, 0] };
  const t = apply(turned, ...m.t);
  return { r: turned.r, t: [-t[0], -t[1], -t[2]] };
}

export function isIdentity(m: Rigid): boolean {
  return (
    m.r.every((value, at) => Math.abs(value - IDENTITY.r[at]!) < 1e-12) && m.t.every((value) => Math.abs(value) < 1e-12)
  );
}

/** Shepperd's method; `scale` brings the translation to metres. */
export function toPose(m: Rigid, scale: number): Pose {
  const [a, b, c, d, e, f, g, h, i] = m.r;
  const trace = a + e + i;
  let q: [number, number, number, number];
  if (trace > 0) {
    const s = Math.sqrt(trace + 1) * 2;
    q = [(h - f) / s, (c - g) / s, (d - b) / s, s / 4];
  } else if (a > e && a > i) {
    const s = Math.sqrt(1 + a - e - i) * 2;
    q = [s / 4, (b + d) / s, (c + g) / s, (h - f) / s];
  } else if (e > i) {
    const s = Math.sqrt(1 + e - a - i) * 2;
    q = [(b + d) / s, s / 4, (f + h) / s, (c - g) / s];
  } else {
    const s = Math.sqrt(1 + i - a - e) * 2;
    q = [(c + g) / s, (f + h) / s, s / 4, (d - b) / s];
  }
  const length = Math.hypot(...q) * (q[3] < 0 ? -1 : 1);
  const clean = (value: number) => (Math.abs(value) < 1e-15 ? 0 : value);
  return {
    position: [clean(m.t[0] * scale), clean(m.t[1] * scale), clean(m.t[2] * scale)],
    rotation: [clean(q[0] / length), clean(q[1] / length), clean(q[2] / length), clean(q[3] / length)],
  };
}
