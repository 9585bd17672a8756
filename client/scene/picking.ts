import type { Vec3 } from '#protocol/spatial/index';
import type { Bounds, ShapeGeometry } from './geometry.ts';
import { cross, dot, sub, type Ray } from './vec.ts';

/** Where a ray meets a shape, in the shape's own frame. */
export interface ShapeHit {
  /** Along the ray, metres. */
  readonly distanceM: number;
  readonly triangle: number;
  readonly normal: Vec3;
}

/** Distance at which the ray enters the box (0 when it starts inside), or null when it misses. */
export function rayEntersBounds(ray: Ray, bounds: Bounds, marginM = 0): number | null {
  let near = 0;
  let far = Infinity;
  for (let axis = 0; axis < 3; axis++) {
    const origin = ray.origin[axis]!;
    const direction = ray.direction[axis]!;
    const low = bounds.min[axis]! - marginM;
    const high = bounds.max[axis]! + marginM;
    if (Math.abs(direction) < 1e-12) {
      if (origin < low || origin > high) return null;
      continue;
    }
    const a = (low - origin) / direction;
    const b = (high - origin) / direction;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
    if (near > far) return null;
  }
  return near;
}

/** Nearest triangle that shows its front or back to the ray (Moeller and Trumbore 1997), nearer than `limitM`. */
export function rayHitsShape(ray: Ray, shape: ShapeGeometry, limitM = Infinity): ShapeHit | null {
  const { positions: p, indices } = shape;
  const [ox, oy, oz] = ray.origin;
  const [dx, dy, dz] = ray.direction;
  let best = limitM;
  let triangle = -1;
  for (let i = 0; i < indices.length; i += 3) {
    const a = indices[i]! * 3;
    const b = indices[i + 1]! * 3;
    const c = indices[i + 2]! * 3;
    const ax = p[a]!;
    const ay = p[a + 1]!;
    const az = p[a + 2]!;
    const e1x = p[b]! - ax;
    const e1y = p[b + 1]! - ay;
    const e1z = p[b + 2]! - az;
    const e2x = p[c]! - ax;
    const e2y = p[c + 1]! - ay;
    const e2z = p[c + 2]! - az;
    const px = dy * e2z - dz * e2y;
    const py = dz * e2x - dx * e2z;
    const pz = dx * e2y - dy * e2x;
    const determinant = e1x * px + e1y * py + e1z * pz;
    if (determinant > -1e-14 && determinant < 1e-14) continue;
    const inverse = 1 / determinant;
    const tx = ox - ax;
    const ty = oy - ay;
    const tz = oz - az;
    const u = (tx * px + ty * py + tz * pz) * inverse;
    if (u < 0 || u > 1) continue;
    const qx = ty * e1z - tz * e1y;
    const qy = tz * e1x - tx * e1z;
    const qz = tx * e1y - ty * e1x;
    const v = (dx * qx + dy * qy + dz * qz) * inverse;
    if (v < 0 || u + v > 1) continue;
    const t = (e2x * qx + e2y * qy + e2z * qz) * inverse;
    if (t > 0 && t < best) {
      best = t;
      triangle = i / 3;
    }
  }
  return triangle < 0 ? null : { distanceM: best, triangle, normal: triangleNormal(shape, triangle, ray.direction) };
}

function triangleNormal({ positions: p, indices }: ShapeGeometry, triangle: number, towards: Vec3): Vec3 {
  const [a, b, c] = [0, 1, 2].map((k): Vec3 => {
    const at = indices[triangle * 3 + k]! * 3;
    return [p[at]!, p[at + 1]!, p[at + 2]!];
  }) as [Vec3, Vec3, Vec3];
  const n = cross(sub(b, a), sub(c, a));
  const size = Math.hypot(...n) || 1;
  const sign = dot(n, towards) > 0 ? -1 : 1;
  return [(n[0] / size) * sign, (n[1] / size) * sign, (n[2] / size) * sign];
}

/** Distance from a point to the nearest surface point of the box: 0 inside. For near grabs. */
export function distanceToBounds(point: Vec3, bounds: Bounds): number {
  const d = [0, 1, 2].map((k) => Math.max(bounds.min[k]! - point[k]!, 0, point[k]! - bounds.max[k]!));
  return Math.hypot(...d);
}
