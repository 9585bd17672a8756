import { z } from 'zod';

/** Half edge of the space a room addresses, metres from its origin. Poses beyond it are refused. */
export const ROOM_REACH_M = 1000;

const metres = z.number().min(-ROOM_REACH_M).max(ROOM_REACH_M);

/** Metres, right-handed, Y up. */
export const Vec3 = z.tuple([metres, metres, metres]);
/** Unit quaternion `x y z w`; refused when its length is off by more than 0.1 %. */
export const Quat = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine(
    (q) => Math.abs(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1) < 2e-3,
    'a rotation is a unit quaternion',
  );
/** A rigid transform; the frame it is expressed in stands in the name of the field that holds it. */
export const Pose = z.strictObject({ position: Vec3, rotation: Quat });

export type Vec3 = z.infer<typeof Vec3>;
export type Quat = z.infer<typeof Quat>;
export type Pose = z.infer<typeof Pose>;

export const IDENTITY_POSE: Pose = { position: [0, 0, 0], rotation: [0, 0, 0, 1] };

/** Hamilton product `a * b`: rotate by b, then by a. */
export function multiplyQuat(a: Quat, b: Quat): Quat {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

export function rotateVec3(q: Quat, v: Vec3): Vec3 {
  const [x, y, z, w] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [v[0] + w * tx + y * tz - z * ty, v[1] + w * ty + z * tx - x * tz, v[2] + w * tz + x * ty - y * tx];
}

/** Expresses a pose given in `parent`'s frame in the frame that `parent` itself is given in. */
export function composePose(parent: Pose, poseInParent: Pose): Pose {
  const moved = rotateVec3(parent.rotation, poseInParent.position);
  return {
    position: [parent.position[0] + moved[0], parent.position[1] + moved[1], parent.position[2] + moved[2]],
    rotation: normalizeQuat(multiplyQuat(parent.rotation, poseInParent.rotation)),
  };
}

export function invertPose(pose: Pose): Pose {
  const [x, y, z, w] = pose.rotation;
  const rotation: Quat = [-x, -y, -z, w];
  const p = rotateVec3(rotation, pose.position);
  return { position: [-p[0], -p[1], -p[2]], rotation };
}

/** Brings a quaternion back to unit length; a zero quaternion becomes the identity. */
export function normalizeQuat(q: Quat): Quat {
  const length = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
  return length < 1e-12 ? [0, 0, 0, 1] : [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}
