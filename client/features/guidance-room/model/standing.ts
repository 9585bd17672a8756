import { indexOf, type Procedure, type RunState } from '#protocol/procedures/index';
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

/** Things that the steps at hand are about: what they point at, and what they ask for. */
export function thingsOfSteps(procedure: Procedure, state: RunState): string[] {
  const { steps } = indexOf(procedure);
  const things = new Set<string>();
  for (const { step, phase } of state.active) {
    if (phase === 'leaving') continue;
    const facts = steps.get(step);
    for (const one of facts?.step.behaviours ?? []) {
      if (!('stage' in one) || one.stage !== 'enter') continue;
      if (one.kind === 'highlight')
        for (const target of one.targets) if (target.kind === 'thing') things.add(target.thing);
      if (one.kind === 'arrow' && one.target.kind === 'thing') things.add(one.target.thing);
      if (one.kind === 'ghostMotion') things.add(one.thing);
    }
    for (const { leaf, path, isNegated } of facts?.leaves ?? []) {
      if (isNegated || !path.startsWith('0.')) continue;
      if ('thing' in leaf) things.add(leaf.thing);
      if (leaf.kind === 'mounted') for (const thing of leaf.things) things.add(thing);
    }
  }
  return [...things];
}
