import {
  composePose,
  invertPose,
  multiplyQuat,
  normalizeQuat,
  type Pose,
  type Quat,
  type Vec3,
} from '#protocol/spatial/index';
import { snapTo } from '../scene/snapping.ts';
import { add, length, quatAbout, scale, sub, transformPoint } from '../scene/vec.ts';

/** A part in a hand keeps its place relative to it: this is that place. */
export const offsetInHand = (handInRoom: Pose, partInRoom: Pose): Pose =>
  composePose(invertPose(handInRoom), partInRoom);

export const carriedBy = (handInRoom: Pose, offset: Pose): Pose => composePose(handInRoom, offset);

/** The far end of a ray as a hand: rays of WebXR point along -Z of their space. */
export const handAlongRay = (rayInRoom: Pose, reachM: number): Pose => ({
  position: transformPoint(rayInRoom, [0, 0, -reachM]),
  rotation: rayInRoom.rotation,
});

const MIN_REACH_M = 0.12;
const MAX_REACH_M = 30;
/** The stick at its end changes the reach by this factor per second (e to this power). */
const REACH_RATE_PER_S = 1.6;
const STICK_REST = 0.2;

/** Thumbstick forward (negative y in WebXR) pushes a far part away, backward brings it near. */
export function reachAfter(reachM: number, stickY: number, elapsedS: number): number {
  if (Math.abs(stickY) < STICK_REST) return reachM;
  return Math.max(MIN_REACH_M, Math.min(MAX_REACH_M, reachM * Math.exp(-stickY * REACH_RATE_PER_S * elapsedS)));
}

/** Axes nearer than this to an axis of the room count as that axis. */
const AXIS_PULL = Math.cos((14 * Math.PI) / 180);

/**
 * Rounds a motion from `start` to whole steps: the shift per axis of the room, the turn to whole steps about its axis,
 * which itself is pulled to an axis of the room when it is close to one.
 */
export function snapMotion(start: Pose, wanted: Pose, stepM: number, stepRad: number): Pose {
  const shift = sub(wanted.position, start.position).map((value) => snapTo(value, stepM)) as unknown as Vec3;
  const turn = multiplyQuat(wanted.rotation, conjugate(start.rotation));
  const { axis, angleRad } = axisAngle(turn);
  const snapped = snapTo(angleRad, stepRad);
  const rotation =
    snapped === 0 ? start.rotation : normalizeQuat(multiplyQuat(quatAbout(pulled(axis), snapped), start.rotation));
  return { position: add(start.position, shift), rotation };
}

/** Whether two poses differ by more than noise: what a tick in the hand is given for. */
export function isOtherPose(a: Pose, b: Pose): boolean {
  if (length(sub(a.position, b.position)) > 1e-5) return true;
  const cosine = Math.abs(a.rotation.reduce((sum, value, i) => sum + value * b.rotation[i]!, 0));
  return cosine < 1 - 1e-7;
}

/** How far a hand moved a part: the larger of the shift and the way of a point 10 cm from the part's origin. */
export function motionM(a: Pose, b: Pose): number {
  const arm: Vec3 = [0.1, 0, 0];
  return Math.max(
    length(sub(a.position, b.position)),
    length(sub(sub(transformPoint(a, arm), a.position), sub(transformPoint(b, arm), b.position))),
  );
}

const conjugate = ([x, y, z, w]: Quat): Quat => [-x, -y, -z, w];

function axisAngle(q: Quat): { axis: Vec3; angleRad: number } {
  const sign = q[3] < 0 ? -1 : 1;
  const sine = Math.hypot(q[0], q[1], q[2]);
  if (sine < 1e-9) return { axis: [0, 1, 0], angleRad: 0 };
  return { axis: scale([q[0], q[1], q[2]], sign / sine), angleRad: 2 * Math.atan2(sine, q[3] * sign) };
}

function pulled(axis: Vec3): Vec3 {
  for (let i = 0; i < 3; i++) {
    if (Math.abs(axis[i]!) < AXIS_PULL) continue;
    const straight: [number, number, number] = [0, 0, 0];
    straight[i] = Math.sign(axis[i]!);
    return straight;
  }
  return axis;
}
