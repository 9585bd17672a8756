import { composePose, IDENTITY_POSE, invertPose, type Pose } from '../spatial/pose.ts';
import { equalData } from '../document/document.ts';
import type { Report } from './check-findings.ts';
import { isWithin, placementError, type PlacedCondition } from './placement.ts';
import type { ProcedureIndex } from './procedure-index.ts';

/** Where the parts of the design are, by part. */
export type DesignPoses = ReadonlyMap<string, Pose>;

/**
 * A new placement begins at the origin. One that still stands there, while the design has the part somewhere else, was
 * most likely never said: nobody could find that place at the bench.
 */
export function checkPlaces(index: ProcedureIndex, design: DesignPoses, report: Report): void {
  for (const { step, chapter, leaves } of index.steps.values())
    for (const { leaf, path } of leaves) {
      if (leaf.kind !== 'placed' || !isUnsaid(leaf, index, design)) continue;
      const transition = step.transitions[Number(path.split('.')[0])]?.id;
      const where = { chapter: chapter.id, step: step.id, path, ...(transition === undefined ? {} : { transition }) };
      report('place_not_said', where, { thing: leaf.thing });
    }
}

function isUnsaid(leaf: PlacedCondition, index: ProcedureIndex, design: DesignPoses): boolean {
  const { reference } = leaf;
  // Frame on frame is a place of its own: a bearing in its seat.
  const hasFrame = leaf.frame !== null || (reference.kind === 'thing' && reference.frame !== null);
  if (hasFrame || !equalData(leaf.target, IDENTITY_POSE)) return false;
  const poseOf = (id: string): Pose | undefined => design.get(index.things.get(id)?.part ?? '');
  const own = poseOf(leaf.thing);
  const base = reference.kind === 'room' ? IDENTITY_POSE : poseOf(reference.thing);
  if (!own || !base) return false;
  const inReference = composePose(invertPose(base), own);
  const key = reference.kind === 'room' ? '' : reference.thing;
  const error = placementError(leaf, index.things.get(leaf.thing)!, null, { [key]: inReference });
  return error !== null && !isWithin(error, leaf);
}
