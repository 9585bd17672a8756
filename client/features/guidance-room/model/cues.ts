import { indexOf, type Procedure, type RunState } from '#protocol/procedures/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { Bounds } from '../../../scene/geometry.ts';
import { transformPoint } from '../../../scene/vec.ts';
import type { Box } from '../../training-room/model/workplace.ts';
import { controlToleranceM, cueToleranceM } from './cue-tolerance.ts';
import { finalPoseOf, hiddenThings, standingThings, targetsOfSteps, type StepTarget } from './standing.ts';
import type { StepNow } from './tasks.ts';

/** Something that the step is about, at its place on the product. */
export interface Cue {
  readonly kind: StepTarget['kind'];
  /** Which of them: its id. */
  readonly thing: string;
  readonly atInProduct: Vec3;
  readonly toleranceM: number;
  readonly isStanding: boolean;
  readonly poseInProduct: Pose;
}

/** Where the nodes of a machine's model are, in the product's frame. */
export interface MachinePlaces {
  nodeOf(kind: StepTarget['kind'], id: string): string | null;
  boundsInRoom(node: string): Bounds;
  poseInRoom(node: string): Pose;
  isShown(node: string): boolean;
}

/**
 * What the steps at hand point at: what is still to do of them, or, while only a "done" is missing, all that they are about.
 * `boxOf`: of a thing that is a part of the design, in its own frame.
 */
export function cuesOf(
  procedure: Procedure,
  state: RunState,
  steps: readonly Pick<StepNow, 'tasks'>[],
  machine: MachinePlaces | null,
  boxOf: (thing: string) => Box,
): Cue[] {
  const { things } = indexOf(procedure);
  const poses = standingThings(procedure, state);
  const hidden = hiddenThings(procedure, state);
  const places = new Map<string, { pose: Pose; isStanding: boolean }>();
  for (const { id } of procedure.workplace.things) {
    const standing = poses.get(id);
    const pose = standing ?? finalPoseOf(procedure, poses, id);
    if (pose) places.set(id, { pose, isStanding: standing !== undefined && !hidden.has(id) });
  }
  const centres = new Map(
    [...places].map(([id, { pose }]) => [id, transformPoint(pose, middleOf(boxOf(id)))] as const),
  );
  const controls = new Map(
    procedure.workplace.controls.flatMap(({ id }) => {
      const node = machine?.nodeOf('control', id);
      return node ? [[id, middleOf(boxIn(machine!.boundsInRoom(node)))] as const] : [];
    }),
  );
  const cueAt = ({ kind, id }: StepTarget): Cue[] => {
    const node = machine?.nodeOf(kind, id);
    if (machine && node) {
      const box = boxIn(machine.boundsInRoom(node));
      const thing = things.get(id);
      const toleranceM =
        kind === 'control'
          ? controlToleranceM(id, controls, box)
          : thing && cueToleranceM(procedure, thing, centres, box);
      if (toleranceM === undefined) return [];
      const isStanding = machine.isShown(node) && !(kind === 'thing' && hidden.has(id));
      const poseInProduct = machine.poseInRoom(node);
      return [{ kind, thing: id, atInProduct: middleOf(box), toleranceM, isStanding, poseInProduct }];
    }
    const [thing, at] = [things.get(id), places.get(id)];
    if (kind === 'control' || !thing || !at) return [];
    const toleranceM = cueToleranceM(procedure, thing, centres, boxOf(id));
    const { pose: poseInProduct, isStanding } = at;
    return [{ kind, thing: id, atInProduct: centres.get(id)!, toleranceM, isStanding, poseInProduct }];
  };
  const done = doneIn(steps);
  const all = targetsOfSteps(procedure, state);
  const left = all.filter(({ kind, id }) => !done.has(`${kind} ${id}`)).flatMap(cueAt);
  return left.length > 0 ? left : all.flatMap(cueAt);
}

function doneIn(steps: readonly Pick<StepNow, 'tasks'>[]): Set<string> {
  const done = new Set<string>();
  for (const { tasks } of steps)
    for (const { leaf, isDone } of tasks) {
      if (!isDone || !leaf) continue;
      if ('thing' in leaf) done.add(`thing ${leaf.thing}`);
      if (leaf.kind === 'control') done.add(`control ${leaf.control}`);
    }
  return done;
}

const boxIn = ({ min, max }: Bounds): Box => ({ min: [...min], max: [...max] });
const middleOf = ({ min, max }: Box): Vec3 => [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
