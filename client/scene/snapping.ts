import type { Pose, Vec3 } from '#protocol/spatial/index';
import { add, distance, dot, scale, sub, transformPoint, type Ray } from './vec.ts';

export type SnapKind = 'vertex' | 'edge' | 'face';

export interface SnapPoint {
  readonly kind: SnapKind;
  readonly pointInPart: Vec3;
}

/**
 * Chooses what a person means by pointing near `hitInPart`: an edge's end within the tolerance wins over the edge, the
 * edge over the face. `edges` holds pairs of end points in the part's frame.
 */
export function snapToEdges(edges: Float32Array, hitInPart: Vec3, toleranceM: number): SnapPoint {
  let vertex: Vec3 | null = null;
  let vertexM = toleranceM;
  let onEdge: Vec3 | null = null;
  let edgeM = toleranceM;
  for (let i = 0; i + 5 < edges.length; i += 6) {
    const a: Vec3 = [edges[i]!, edges[i + 1]!, edges[i + 2]!];
    const b: Vec3 = [edges[i + 3]!, edges[i + 4]!, edges[i + 5]!];
    const nearest = nearestOnSegment(a, b, hitInPart);
    const m = distance(nearest, hitInPart);
    if (m > toleranceM) continue;
    if (m < edgeM) {
      edgeM = m;
      onEdge = nearest;
    }
    for (const end of [a, b]) {
      const endM = distance(end, hitInPart);
      if (endM < vertexM) {
        vertexM = endM;
        vertex = end;
      }
    }
  }
  if (vertex) return { kind: 'vertex', pointInPart: vertex };
  if (onEdge) return { kind: 'edge', pointInPart: onEdge };
  return { kind: 'face', pointInPart: hitInPart };
}

export function nearestOnSegment(a: Vec3, b: Vec3, point: Vec3): Vec3 {
  const along = sub(b, a);
  const size = dot(along, along);
  const t = size < 1e-18 ? 0 : Math.max(0, Math.min(1, dot(sub(point, a), along) / size));
  return add(a, scale(along, t));
}

/** Rounds to the nearest whole step; a step of 0 leaves the value. */
export const snapTo = (value: number, step: number): number => (step > 0 ? Math.round(value / step) * step : value);

/** Distance along `axis` through `origin` of the point nearest to the ray; null when they are nearly parallel. */
export function rayAlongAxis(ray: Ray, origin: Vec3, axis: Vec3): number | null {
  const w = sub(origin, ray.origin);
  const b = dot(axis, ray.direction);
  const denominator = 1 - b * b;
  if (denominator < 1e-4) return null;
  return (b * dot(w, ray.direction) - dot(w, axis)) / denominator;
}

/** Where the ray meets the plane through `origin`; null when it runs along it or away from it. */
export function rayOnPlane(ray: Ray, origin: Vec3, normal: Vec3): Vec3 | null {
  const fall = dot(ray.direction, normal);
  if (Math.abs(fall) < 1e-4) return null;
  const t = dot(sub(origin, ray.origin), normal) / fall;
  return t <= 0 ? null : add(ray.origin, scale(ray.direction, t));
}

/** Signed angle from `from` to `to` about `axis`, radians, -pi to pi. */
export function angleAbout(axis: Vec3, from: Vec3, to: Vec3): number {
  const a = sub(from, scale(axis, dot(from, axis)));
  const b = sub(to, scale(axis, dot(to, axis)));
  const cross: Vec3 = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  return Math.atan2(dot(cross, axis), dot(a, b));
}

export const snapInRoom = (snap: SnapPoint, poseInRoom: Pose): Vec3 => transformPoint(poseInRoom, snap.pointInPart);
