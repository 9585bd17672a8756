import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { LabelBox } from '../scene/apart.ts';
import { sub, transformPoint } from '../scene/vec.ts';

const DMM_PER_RAD = 1000;

/**
 * Where something is to the eye, in dmm from straight ahead (1 dmm is about 1 mrad): x to the right of where the head
 * looks, y above the level of the eyes, however the head is tilted.
 */
export function seenFrom(head: Pose, pointInRoom: Vec3): { readonly x: number; readonly y: number } {
  const [x, y, z] = sub(pointInRoom, head.position);
  const [fx, , fz] = rotateVec3(head.rotation, [0, 0, -1]);
  const across = Math.atan2(fx * z - fz * x, fx * x + fz * z);
  return { x: across * DMM_PER_RAD, y: Math.atan2(y, Math.hypot(x, z)) * DMM_PER_RAD };
}

/** The same place, raised or lowered until it is seen at `y` dmm above the level of the eyes. */
export function raisedTo(head: Pose, pointInRoom: Vec3, y: number): Vec3 {
  const [x, , z] = sub(pointInRoom, head.position);
  return [pointInRoom[0], head.position[1] + Math.hypot(x, z) * Math.tan(y / DMM_PER_RAD), pointInRoom[2]];
}

/** A plate as such a box; null while it is not shown. It hangs from its upper edge. */
export function seenPlate(
  head: Pose,
  {
    poseInRoom,
    widthM,
    heightM,
  }: { readonly poseInRoom: Pose | null; readonly widthM: number; readonly heightM: number },
): LabelBox | null {
  if (!poseInRoom) return null;
  const corners = [-widthM / 2, widthM / 2]
    .flatMap((x) => [0, -heightM].map((y): Vec3 => [x, y, 0]))
    .map((corner) => seenFrom(head, transformPoint(poseInRoom, corner)));
  const [left, right] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
  const [low, high] = [Math.min(...corners.map(({ y }) => y)), Math.max(...corners.map(({ y }) => y))];
  // Behind the back its ends are on both sides: nothing of it is seen.
  if (right - left > Math.PI * DMM_PER_RAD) return null;
  return { x: (left + right) / 2, y: (low + high) / 2, width: right - left, height: high - low };
}
