import { indexOf, type Procedure, type RunState, type Target } from '#protocol/procedures/index';
import type { Pose } from '#protocol/spatial/index';
import { posesInRoom, seatPoseInRoom, seatsOf, type Poses } from '../../training-room/model/workplace.ts';

/**
 * The room of a procedure is the product's own frame here: what stands at a pose "in the room" stands there on the real
 * product. Where loose parts lie on the bench nobody knows; so they are not drawn until they are in.
 */
export function standingThings(procedure: Procedure, state: Pick<RunState, 'world'> | null): Poses {
  const fixed = new Map<string, Pose>();
  for (const { id, isFixed, kind, poseInRoom } of procedure.workplace.things)
    if (poseInRoom && (isFixed || kind === 'equipment')) fixed.set(id, poseInRoom);
  if (!state) return fixed;
  const poses = new Map<string, Pose>();
  for (const [id, pose] of posesInRoom(procedure, state, fixed))
    if (fixed.has(id) || state.world.placements[id]) poses.set(id, pose);
  // Joined, as far as a code or a press told: it is where the procedure puts it.
  for (const id of state.world.mounted) {
    const pose = poses.has(id) ? null : finalPoseOf(procedure, poses, id);
    if (pose) poses.set(id, pose);
  }
  return poses;
}

/** Where a thing belongs on the product: its seat (that of `step` first), else where its ghost comes to rest. */
export function finalPoseOf(
  procedure: Procedure,
  poses: Poses,
  thing: string,
  step: string | null = null,
  above: readonly string[] = [],
): Pose | null {
  const seats = (seatsOf(procedure).get(thing) ?? []).toSorted(
    (a, b) => Number(b.step === step) - Number(a.step === step),
  );
  for (const seat of seats) {
    const direct = seatPoseInRoom(seat, poses);
    if (direct) return direct;
    if (seat.reference === null || above.includes(seat.reference)) continue;
    // What carries it is not in yet: then it is where that belongs.
    const base = finalPoseOf(procedure, poses, seat.reference, null, [...above, thing]);
    if (base) return seatPoseInRoom(seat, new Map([...poses, [seat.reference, base]]));
  }
  return ghostEnd(procedure, thing, step);
}

function ghostEnd(procedure: Procedure, thing: string, step: string | null): Pose | null {
  let found: Pose | null = null;
  for (const [id, facts] of indexOf(procedure).steps)
    for (const one of facts.step.behaviours)
      if (
        one.kind === 'ghostMotion' &&
        one.thing === thing &&
        one.motion.kind === 'computed' &&
        (!found || id === step)
      )
        found = one.motion.frames.at(-1)!.poseInRoom;
  return found;
}

/** Something that a step is about. */
export interface StepTarget {
  readonly kind: 'thing' | 'control';
  readonly id: string;
}

/** Things and controls that the steps at hand are about: what they point at, and what they ask for. */
export function targetsOfSteps(procedure: Procedure, state: RunState): StepTarget[] {
  const { steps } = indexOf(procedure);
  const found = new Map<string, StepTarget>();
  const take = (kind: StepTarget['kind'], id: string) => found.set(`${kind} ${id}`, { kind, id });
  const point = (target: Target) => {
    if (target.kind === 'thing') take('thing', target.thing);
    if (target.kind === 'control') take('control', target.control);
  };
  for (const { step, phase } of state.active) {
    if (phase === 'leaving') continue;
    const facts = steps.get(step);
    for (const one of facts?.step.behaviours ?? []) {
      if (!('stage' in one) || one.stage !== 'enter') continue;
      if (one.kind === 'highlight') one.targets.forEach(point);
      if (one.kind === 'arrow') point(one.target);
      if (one.kind === 'ghostMotion') take('thing', one.thing);
    }
    for (const { leaf, path, isNegated } of facts?.leaves ?? []) {
      if (isNegated || !path.startsWith('0.')) continue;
      if ('thing' in leaf) take('thing', leaf.thing);
      if (leaf.kind === 'control') take('control', leaf.control);
      if (leaf.kind === 'mounted') for (const thing of leaf.things) take('thing', thing);
    }
  }
  return [...found.values()];
}

export const thingsOfSteps = (procedure: Procedure, state: RunState): string[] =>
  targetsOfSteps(procedure, state).flatMap(({ kind, id }) => (kind === 'thing' ? [id] : []));

/** Things that steps have taken off or out, and none has put back yet. */
export function hiddenThings(procedure: Procedure, state: Pick<RunState, 'visited' | 'active'> | null): Set<string> {
  const { steps } = indexOf(procedure);
  const hidden = new Set<string>();
  const follow = (step: string, isOver: boolean) => {
    for (const one of steps.get(step)?.step.behaviours ?? []) {
      if (one.kind !== 'setEnabled' || (!isOver && one.stage === 'leave')) continue;
      for (const target of one.targets) {
        if (target.kind !== 'thing') continue;
        if (one.isEnabled) hidden.delete(target.thing);
        else hidden.add(target.thing);
      }
    }
  };
  for (const step of state?.visited ?? []) follow(step, true);
  for (const { step, phase } of state?.active ?? []) if (phase !== 'leaving') follow(step, false);
  return hidden;
}
