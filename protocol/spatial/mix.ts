import type { Pose, Quat, Vec3 } from './pose.ts';

/** Between two points: 0 is `a`, 1 is `b`, beyond 1 goes on along the line. */
export const lerp = (a: Vec3, b: Vec3, t: number): Vec3 => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

/**
 * Shortest way between two rotations, beyond 1 onward about the same axis; a normalised mix when they nearly agree.
 */
export function slerp(a: Quat, b: Quat, t: number): Quat {
  let cosine = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = cosine < 0 ? -1 : 1;
  cosine *= sign;
  let wa = 1 - t;
  let wb = t;
  if (cosine < 0.9995) {
    const angle = Math.acos(cosine);
    const sine = Math.sin(angle);
    wa = Math.sin((1 - t) * angle) / sine;
    wb = Math.sin(t * angle) / sine;
  }
  const mixed = [0, 1, 2, 3].map((i) => a[i]! * wa + b[i]! * wb * sign);
  const n = Math.hypot(...mixed);
  return [mixed[0]! / n, mixed[1]! / n, mixed[2]! / n, mixed[3]! / n];
}

export const mixPose = (a: Pose, b: Pose, t: number): Pose => ({
  position: lerp(a.position, b.position, t),
  rotation: slerp(a.rotation, b.rotation, t),
});
