import {
  indexOf,
  isWithin,
  placementError,
  type PlacedCondition,
  type Procedure,
  type RunState,
  type Thing,
} from '#protocol/procedures/index';
import { composePose, invertPose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { originOf } from '../../procedures/model/acts.ts';

/** A place that a step of the procedure has for a thing. */
export interface Seat {
  readonly step: string;
  readonly path: string;
  readonly leaf: PlacedCondition;
  /** What it is given in: a thing, or null for the room. */
  readonly reference: string | null;
  /** Of the thing's origin, exactly in its place, in the reference's frame. */
  readonly poseInReference: Pose;
}

/** In the thing's own frame, metres. */
export interface Box {
  readonly min: Vec3;
  readonly max: Vec3;
}

export type Poses = ReadonlyMap<string, Pose>;

/** A thing whose shape nobody knows takes so much of the kit tray, metres. */
export const UNKNOWN_BOX: Box = { min: [-0.03, -0.03, -0.03], max: [0.03, 0.03, 0.03] };
/** The engine takes so many poses of one thing that was put down. */
const MOST_POSES = 20;
/** The kit lies beside the place of work: where it begins, how wide it is, and the gap between parts, metres. */
const KIT = { leftM: 0.28, frontM: 0.3, widthM: 0.75, gapM: 0.025 };

const known = new WeakMap<Procedure, ReadonlyMap<string, readonly Seat[]>>();

/** All places that the procedure has for each thing, in the order of its steps. */
export function seatsOf(procedure: Procedure): ReadonlyMap<string, readonly Seat[]> {
  const found = known.get(procedure);
  if (found) return found;
  const seats = new Map<string, Seat[]>();
  for (const [step, { leaves }] of indexOf(procedure).steps)
    for (const { leaf, path, isNegated } of leaves) {
      if (leaf.kind !== 'placed' || isNegated) continue;
      const reference = leaf.reference.kind === 'thing' ? leaf.reference.thing : null;
      const seat = { step, path, leaf, reference, poseInReference: originOf(leaf, procedure) };
      seats.set(leaf.thing, [...(seats.get(leaf.thing) ?? []), seat]);
    }
  known.set(procedure, seats);
  return seats;
}

/** Things that people take in hand: what stands fixed and what one puts on is left out. */
export const movableThings = ({ workplace }: Procedure): readonly Thing[] =>
  workplace.things.filter(({ isFixed, kind }) => !isFixed && kind !== 'protection' && kind !== 'equipment');

/** What a tool can be used on: all that a hand can point at in 3D. What one wears is put on, and nothing else. */
export const toolTargets = ({ workplace }: Procedure): readonly Thing[] =>
  workplace.things.filter(({ kind }) => kind !== 'protection');

/** Where things lie before anybody has touched them: as the procedure says, else in rows of the kit, in its order. */
export function startPoses(procedure: Procedure, boxOf: (thing: Thing) => Box): Poses {
  const poses = new Map<string, Pose>();
  let [x, z, deepestM] = [KIT.leftM, -KIT.frontM, 0];
  const movable = new Set(movableThings(procedure));
  for (const thing of procedure.workplace.things) {
    if (thing.poseInRoom) poses.set(thing.id, thing.poseInRoom);
    if (thing.poseInRoom || !movable.has(thing)) continue;
    const { min, max } = boxOf(thing);
    const [width, depth] = [max[0] - min[0], max[2] - min[2]];
    if (x > KIT.leftM && x + width > KIT.leftM + KIT.widthM) [x, z, deepestM] = [KIT.leftM, z + deepestM + KIT.gapM, 0];
    poses.set(thing.id, { position: [x - min[0], -min[1], z - min[2]], rotation: [0, 0, 0, 1] });
    x += width + KIT.gapM;
    deepestM = Math.max(deepestM, depth);
  }
  return poses;
}

/**
 * Where everything is now, in the room: what was put into its seat goes with what carries the seat. `inHand`: what is
 * carried about right now, by thing.
 */
export function posesInRoom(
  procedure: Procedure,
  { world }: Pick<RunState, 'world'>,
  starts: Poses,
  inHand: Poses = new Map(),
): Poses {
  const poses = new Map<string, Pose>(inHand);
  const find = (id: string, above: readonly string[]): Pose | undefined => {
    const done = poses.get(id);
    if (done) return done;
    const placed = world.placements[id];
    const seat = placed && !above.includes(id) ? seatTaken(procedure, id, placed) : null;
    const carrier = seat?.reference && find(seat.reference, [...above, id]);
    const pose = carrier ? composePose(carrier, placed![seat.reference!]!) : (placed?.[''] ?? starts.get(id));
    if (pose) poses.set(id, pose);
    return pose;
  };
  for (const { id } of procedure.workplace.things) find(id, []);
  return poses;
}

function seatTaken(procedure: Procedure, id: string, placed: Readonly<Record<string, Pose>>): Seat | null {
  const { things } = indexOf(procedure);
  const own = things.get(id);
  const isIn = ({ leaf, reference }: Seat): boolean => {
    const error = own && placementError(leaf, own, (reference && things.get(reference)) || null, placed);
    return !!error && isWithin(error, leaf);
  };
  return (
    seatsOf(procedure)
      .get(id)
      ?.find((seat) => seat.reference !== null && isIn(seat)) ?? null
  );
}

/** What is told of a thing that is put down: its pose in the room, and in all that it may belong to. */
export function posesToTell(
  procedure: Procedure,
  poses: Poses,
  thing: string,
  poseInRoom: Pose,
): { in: string | null; pose: Pose }[] {
  const references = new Set(
    (seatsOf(procedure).get(thing) ?? []).flatMap(({ reference }) => (reference ? [reference] : [])),
  );
  const told: { in: string | null; pose: Pose }[] = [{ in: null, pose: poseInRoom }];
  for (const reference of references) {
    const base = poses.get(reference);
    if (base && told.length < MOST_POSES) told.push({ in: reference, pose: composePose(invertPose(base), poseInRoom) });
  }
  return told;
}

/** The seat of a thing in something: that of the step at hand before others. */
export function seatIn(procedure: Procedure, state: RunState, thing: string, reference: string | null): Seat | null {
  const seats = (seatsOf(procedure).get(thing) ?? []).filter((seat) => seat.reference === reference);
  return seats.find(({ step }) => state.active.some((one) => one.step === step)) ?? seats[0] ?? null;
}

/** A seat in the room, as far as what carries it is anywhere. */
export function seatPoseInRoom({ reference, poseInReference }: Seat, poses: Poses): Pose | null {
  if (reference === null) return poseInReference;
  const base = poses.get(reference);
  return base ? composePose(base, poseInReference) : null;
}

/** Everything that something can be put on: what carries any seat, and null for the bench. */
export function destinations(procedure: Procedure): readonly (string | null)[] {
  const all = new Set<string | null>();
  for (const seats of seatsOf(procedure).values()) for (const { reference } of seats) all.add(reference);
  return [null, ...[...all].filter((one) => one !== null)];
}
