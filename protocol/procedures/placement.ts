import { composePose, invertPose, type Pose } from '../spatial/pose.ts';
import { lengthOf } from './arithmetic.ts';
import type { Leaf } from './condition.ts';
import type { Thing } from './workplace.ts';
import { angleErrorRad } from './symmetry.ts';

export type PlacedCondition = Extract<Leaf, { kind: 'placed' }>;

export interface PlacementError {
  readonly positionM: number;
  readonly angleRad: number;
}

/**
 * How far a thing is from where the condition wants it.
 *
 * With a symmetry of its own the condition compares the named frame; without, the thing's symmetry is about the thing's
 * origin, so the target is carried there and the comparison made there. `posesOf` gives the thing's origin by what the
 * pose is given in ('' for the room). Null: nothing known in the condition's reference.
 */
export function placementError(
  condition: PlacedCondition,
  thing: Thing,
  reference: Thing | null,
  posesOf: Readonly<Record<string, Pose>>,
): PlacementError | null {
  const known = posesOf[condition.reference.kind === 'room' ? '' : condition.reference.thing];
  if (!known) return null;
  const seat = condition.reference.kind === 'thing' ? frameOf(reference, condition.reference.frame) : null;
  const pose = seat ? composePose(invertPose(seat), known) : known;
  const frame = frameOf(thing, condition.frame);
  let target = condition.target;
  let placed = pose;
  if (frame && condition.symmetry) placed = composePose(pose, frame);
  else if (frame) target = composePose(target, invertPose(frame));
  const off = [0, 1, 2].map((axis) => placed.position[axis]! - target.position[axis]!);
  return {
    positionM: lengthOf(off),
    angleRad: angleErrorRad(placed.rotation, target.rotation, condition.symmetry ?? thing.symmetry),
  };
}

/** Both tolerances belong to what is accepted. */
export const isWithin = (error: PlacementError, { toleranceM, toleranceRad }: PlacedCondition): boolean =>
  error.positionM <= toleranceM && error.angleRad <= toleranceRad;

function frameOf(thing: Thing | null, frame: string | null): Pose | null {
  return (frame !== null && thing?.frames.find(({ id }) => id === frame)?.poseInThing) || null;
}
