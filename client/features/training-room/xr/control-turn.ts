import type { Control } from '#protocol/procedures/index';
import { rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { cross, dot, length, normalize, scale, sub } from '../../../scene/vec.ts';

/** Nearer to the axis than this a hand turns by its wrist, further out by going round, metres. */
const RIM_M = 0.035;

/** How far a pose has turned about an axis of the room since another, radians, -pi to pi. */
export function twistRad(from: Quat, to: Quat, axis: Vec3): number {
  const [ax, ay, az, aw] = to;
  const [bx, by, bz, bw] = [-from[0], -from[1], -from[2], from[3]];
  const x = aw * bx + ax * bw + ay * bz - az * by;
  const y = aw * by - ax * bz + ay * bw + az * bx;
  const z = aw * bz + ax * by - ay * bx + az * bw;
  const w = aw * bw - ax * bx - ay * by - az * bz;
  const half = Math.atan2(x * axis[0] + y * axis[1] + z * axis[2], w);
  return Math.atan2(Math.sin(2 * half), Math.cos(2 * half));
}

/** The same by the way of a point around the axis through a centre. */
export function sweepRad(from: Vec3, to: Vec3, centre: Vec3, axis: Vec3): number {
  const across = (point: Vec3): Vec3 => {
    const arm = sub(point, centre);
    return sub(arm, scale(axis, dot(arm, axis)));
  };
  const [a, b] = [across(from), across(to)];
  if (length(a) < 1e-6 || length(b) < 1e-6) return 0;
  return Math.atan2(dot(cross(a, b), axis), dot(a, b));
}

/** What a hand at a wheel or lever did between two frames: around the rim where it is there, else with the wrist. */
export function handTurnRad(from: Pose, to: Pose, centre: Vec3, axis: Vec3): number {
  const arm = sub(to.position, centre);
  const awayM = length(sub(arm, scale(axis, dot(arm, axis))));
  return awayM > RIM_M
    ? sweepRad(from.position, to.position, centre, axis)
    : twistRad(from.rotation, to.rotation, axis);
}

/** From afar one turns the hand as if the wheel were in it: about the ray, seen from the side that faces the hand. */
export function rayTurnRad(from: Quat, to: Quat, axis: Vec3): number {
  const along = normalize(rotateVec3(to, [0, 0, -1]));
  const turn = twistRad(from, to, along);
  return dot(along, axis) >= 0 ? turn : -turn;
}

/** Where a control begins to be moved: a share of its way, or the index of its position. */
export function shareOf({ setting }: Control, stands: string | number | null): number {
  if (setting.kind === 'positions') return Math.max(0, setting.positions.indexOf(String(stands) as never));
  if (typeof stands !== 'number') return 0;
  return (stands - setting.minimum) / (setting.maximum - setting.minimum);
}

/** What it is set to after so much of its whole way; a hundredth is as fine as a hand is. */
export function settingAfter({ setting }: Control, from: number, travelled: number): string | number {
  if (setting.kind === 'positions') {
    const last = setting.positions.length - 1;
    return setting.positions[Math.max(0, Math.min(last, Math.round(from + travelled * last)))]!;
  }
  const share = Math.max(0, Math.min(1, from + travelled));
  return setting.minimum + (Math.round(share * 100) / 100) * (setting.maximum - setting.minimum);
}
