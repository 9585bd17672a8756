import { indexOf, type Procedure } from '#protocol/procedures/index';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { Speaker } from '../../procedures/model/words.ts';
import type { Poses } from '../../training-room/model/workplace.ts';

export interface TouchPoint {
  readonly name: string;
  readonly inProduct: Vec3;
}

/** More points find the one that does not fit; more than this nobody touches. */
const WANTED = 4;

/**
 * Points of the product by which it can be aligned without markers: places that the procedure names, named frames of things
 * that stand, and the things themselves; those that span most, one after the other.
 */
export function touchPoints(procedure: Procedure, standing: Poses, say: Speaker): TouchPoint[] {
  const { things } = indexOf(procedure);
  const found: TouchPoint[] = procedure.workplace.places.map(({ id, poseInRoom }) => ({
    name: say.name('places', id),
    inProduct: poseInRoom.position,
  }));
  for (const [id, pose] of standing) {
    const name = say.name('things', id);
    found.push({ name, inProduct: pose.position });
    for (const frame of things.get(id)?.frames ?? [])
      found.push({ name: `${name}: ${frame.id}`, inProduct: composePose(pose, frame.poseInThing).position });
  }
  return farthest(found);
}

/** Greedy: each next point is the one farthest from all that are chosen. */
function farthest(points: readonly TouchPoint[]): TouchPoint[] {
  const chosen: TouchPoint[] = points.slice(0, 1);
  while (chosen.length < WANTED) {
    const next = points
      .map((point) => ({ point, apart: Math.min(...chosen.map((one) => apartM(one.inProduct, point.inProduct))) }))
      .sort((a, b) => b.apart - a.apart)[0];
    if (!next || next.apart < 0.01) break;
    chosen.push(next.point);
  }
  return chosen;
}

const apartM = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Upright where somebody looks, with its front to them: how a product is put down by eye. */
export function facingViewer(atInDevice: Vec3, headInDevice: Pose): Pose {
  const yaw = Math.atan2(headInDevice.position[0] - atInDevice[0], headInDevice.position[2] - atInDevice[2]);
  return { position: atInDevice, rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)] };
}
