import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { add, lerp, scale } from '../scene/vec.ts';

const SPEED_M_PER_S = 6;
const GRAVITY_M_PER_S2 = 9.8;
const STEP_S = 0.02;
const MAX_STEPS = 120;
/** Nobody jumps farther than this at once, metres. */
const TELEPORT_REACH_M = 9;

export interface Arc {
  /** From the hand on; equal steps of time. */
  readonly points: readonly Vec3[];
  /** Where it meets the floor, or null when it does not within reach. */
  readonly landing: Vec3 | null;
}

/** A thrown ball from the hand: short when the hand points down, far when it points up. */
export function throwArc(rayInRoom: Pose, floorM: number): Arc {
  const start = rayInRoom.position;
  let velocity = scale(rotateVec3(rayInRoom.rotation, [0, 0, -1]), SPEED_M_PER_S);
  const points: Vec3[] = [start];
  let at = start;
  for (let i = 0; i < MAX_STEPS; i++) {
    const next = add(at, scale(velocity, STEP_S));
    velocity = [velocity[0], velocity[1] - GRAVITY_M_PER_S2 * STEP_S, velocity[2]];
    if (next[1] <= floorM && at[1] > floorM) {
      const landing = lerp(at, next, (at[1] - floorM) / (at[1] - next[1]));
      points.push(landing);
      const away = Math.hypot(landing[0] - start[0], landing[2] - start[2]);
      return { points, landing: away <= TELEPORT_REACH_M ? landing : null };
    }
    points.push(next);
    at = next;
  }
  return { points, landing: null };
}

/** Where a straight ray meets the floor within reach: what a bare hand points at. */
export function floorUnderRay(rayInRoom: Pose, floorM: number): Vec3 | null {
  const direction = rotateVec3(rayInRoom.rotation, [0, 0, -1]);
  if (direction[1] > -0.05) return null;
  const t = (floorM - rayInRoom.position[1]) / direction[1];
  const point = add(rayInRoom.position, scale(direction, t));
  const away = Math.hypot(point[0] - rayInRoom.position[0], point[2] - rayInRoom.position[2]);
  return t > 0 && away <= TELEPORT_REACH_M ? point : null;
}
