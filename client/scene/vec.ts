import { invertPose, rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';

export { lerp, slerp } from '#protocol/spatial/index';

/** Small vector arithmetic on tuples, for rules that know no Babylon. */
export interface Ray {
  readonly origin: Vec3;
  /** Unit length. */
  readonly direction: Vec3;
}

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const distance = (a: Vec3, b: Vec3): number => length(sub(a, b));
export function normalize(a: Vec3): Vec3 {
  const n = length(a);
  return n < 1e-12 ? [0, 0, 0] : scale(a, 1 / n);
}

export const pointOn = (ray: Ray, distanceM: number): Vec3 => add(ray.origin, scale(ray.direction, distanceM));

export function quatAbout(axis: Vec3, angleRad: number): Quat {
  const s = Math.sin(angleRad / 2);
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angleRad / 2)];
}

export const transformPoint = (pose: Pose, point: Vec3): Vec3 => add(pose.position, rotateVec3(pose.rotation, point));

/** Expresses a ray of the room in the frame of `pose`. */
export function rayInFrame(ray: Ray, pose: Pose): Ray {
  const inverse = invertPose(pose);
  return { origin: transformPoint(inverse, ray.origin), direction: rotateVec3(inverse.rotation, ray.direction) };
}

/** Writes the pose as a 4x4 matrix in the memory order of WebGL. */
export function writePoseMatrix(pose: Pose, out: Float32Array, at: number): void {
  const [x, y, z, w] = pose.rotation;
  out[at] = 1 - 2 * (y * y + z * z);
  out[at + 1] = 2 * (x * y + z * w);
  out[at + 2] = 2 * (x * z - y * w);
  out[at + 3] = 0;
  out[at + 4] = 2 * (x * y - z * w);
  out[at + 5] = 1 - 2 * (x * x + z * z);
  out[at + 6] = 2 * (y * z + x * w);
  out[at + 7] = 0;
  out[at + 8] = 2 * (x * z + y * w);
  out[at + 9] = 2 * (y * z - x * w);
  out[at + 10] = 1 - 2 * (x * x + y * y);
  out[at + 11] = 0;
  out[at + 12] = pose.position[0];
  out[at + 13] = pose.position[1];
  out[at + 14] = pose.position[2];
  out[at + 15] = 1;
}
