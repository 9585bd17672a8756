import { boundInSpaceM } from '../alignment/error-bound.ts';
import type { PlacedCondition } from '../procedures/placement.ts';
import type { ProcedureIndex } from '../procedures/procedure-index.ts';
import type { World } from '../procedures/run-state.ts';
import { composePose, type Pose, type Vec3 } from '../spatial/pose.ts';
import type { AlignmentRow } from './document.ts';

type Alignment = Pick<AlignmentRow, 'productInRoom' | 'expectedErrorM' | 'poseCovariance' | 'leastM'>;

/**
 * In 95 % of cases the overlay lies nearer than this to the real place, metres: by the covariance of the alignment where it was told
 * and the place is known (a turn of a degree is nothing at the marker and 17 mm a metre away), else by the one error that was said.
 * Infinite before anybody has aligned.
 */
export function errorAt(alignment: Alignment | null, atInProduct: Vec3 | null): number {
  if (!alignment) return Number.POSITIVE_INFINITY;
  const { productInRoom, expectedErrorM, poseCovariance, leastM = 0 } = alignment;
  if (!poseCovariance || !atInProduct) return Math.max(expectedErrorM, leastM);
  const boundM = boundInSpaceM({ productInDevice: productInRoom, poseCovariance, leastM }, atInProduct);
  // What is no covariance says nothing good about the place.
  return Number.isFinite(boundM) ? boundM : Number.POSITIVE_INFINITY;
}

/** Where a placing is asked for, on the product (the procedure's own room); null: that follows from what is not known yet. */
export function targetInProduct(
  { reference, target }: PlacedCondition,
  index: ProcedureIndex,
  world: World | null,
): Vec3 | null {
  if (reference.kind === 'room') return target.position;
  const thing = index.things.get(reference.thing);
  const pose: Pose | null = world?.placements[reference.thing]?.[''] ?? thing?.poseInRoom ?? null;
  if (!pose) return null;
  const frame = thing?.frames.find(({ id }) => id === reference.frame)?.poseInThing;
  const seat = frame ? composePose(pose, frame) : pose;
  return composePose(seat, target).position;
}
