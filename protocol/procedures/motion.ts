import { mixPose } from '../spatial/mix.ts';
import { composePose, invertPose, type Pose } from '../spatial/pose.ts';
import { lengthOf } from './arithmetic.ts';
import { angleErrorRad } from './symmetry.ts';

/** A pose of a thing at a moment of its motion, milliseconds from where the motion begins or the recording did. */
export interface MotionFrame {
  readonly atMs: number;
  readonly poseInRoom: Pose;
}

export interface MotionBounds {
  /** At every recorded moment the simplified motion is at most so far from the recorded one. */
  readonly maxM: number;
  readonly maxRad: number;
  /** More are not kept, even where the bounds then cannot be: the errors that are left are told. */
  readonly mostFrames: number;
  /** Several motions that belong together keep their times, rests and all. */
  readonly keepsRests?: boolean;
}

/** What an eye does not tell apart at arm's length, and a size that a procedure of a hundred steps can carry. */
export const MOTION_BOUNDS: MotionBounds = { maxM: 0.003, maxRad: (3 * Math.PI) / 180, mostFrames: 120 };
/** A hand that rests longer than this says nothing more; it rests within half of the bounds. */
const REST_MS = 700;

export interface SimplifiedMotion {
  readonly frames: readonly MotionFrame[];
  /** The largest differences to the recorded poses that are left. */
  readonly errorM: number;
  readonly errorRad: number;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly worst: number;
  /** In bounds: above 1 it is out of them. */
  readonly ratio: number;
  readonly errorM: number;
  readonly errorRad: number;
}

/**
 * The fewest frames that a player, going straight and by the shortest turn between them, needs to stay within the
 * bounds: begins with both ends and adds the worst moment of the worst stretch (Douglas and Peucker, with time as it
 * was). Times are whole milliseconds from the first sample, rests are cut to `REST_MS`. Takes at least one sample.
 */
export function simplifyMotion(
  samples: readonly MotionFrame[],
  bounds: MotionBounds = MOTION_BOUNDS,
): SimplifiedMotion {
  const motion = withoutRests(samples, bounds);
  const { maxM, maxRad, mostFrames } = bounds;
  const stretch = (from: number, to: number): Stretch => {
    const [start, end] = [motion[from]!, motion[to]!];
    let [worst, worstRatio, errorM, errorRad] = [-1, 0, 0, 0];
    for (let at = from + 1; at < to; at++) {
      const { atMs, poseInRoom } = motion[at]!;
      const off = differenceOf(between(start, end, atMs), poseInRoom);
      [errorM, errorRad] = [Math.max(errorM, off.m), Math.max(errorRad, off.rad)];
      const ratio = Math.max(off.m / maxM, off.rad / maxRad);
      // Several samples of one millisecond: there is place for one frame.
      if (ratio > worstRatio && atMs > start.atMs && atMs < end.atMs) [worst, worstRatio] = [at, ratio];
    }
    return { from, to, worst, ratio: worstRatio, errorM, errorRad };
  };
  const stretches = [stretch(0, motion.length - 1)];
  while (stretches.length + 1 < mostFrames) {
    const ratios = stretches.map(({ ratio }) => ratio);
    const at = ratios.indexOf(Math.max(...ratios));
    const { from, to, worst, ratio } = stretches[at]!;
    if (ratio <= 1) break;
    stretches.splice(at, 1, stretch(from, worst), stretch(worst, to));
  }
  return {
    frames: [motion[0]!, ...stretches.map(({ to }) => motion[to]!)],
    errorM: Math.max(...stretches.map((one) => one.errorM)),
    errorRad: Math.max(...stretches.map((one) => one.errorRad)),
  };
}

/** Where a player shows the thing at a moment; before the first frame and after the last it stands still. */
export function motionPoseAt(frames: readonly MotionFrame[], atMs: number): Pose {
  const next = frames.findIndex((frame) => frame.atMs > atMs);
  if (next === 0) return frames[0]!.poseInRoom;
  if (next < 0) return frames.at(-1)!.poseInRoom;
  return between(frames[next - 1]!, frames[next]!, atMs);
}

/**
 * A motion as it was seen from something that moved meanwhile, such as the base in the other hand: given as if that had
 * stood all the time where it was in the end.
 */
export const seenFrom = (
  samples: readonly MotionFrame[],
  track: readonly MotionFrame[],
  endInRoom: Pose,
): MotionFrame[] =>
  samples.map(({ atMs, poseInRoom }) => ({
    atMs,
    poseInRoom: composePose(composePose(endInRoom, invertPose(motionPoseAt(track, atMs))), poseInRoom),
  }));

/** The way of a point at the thing's origin, and its turn. */
export const differenceOf = (a: Pose, b: Pose): { readonly m: number; readonly rad: number } => ({
  m: lengthOf([0, 1, 2].map((axis) => a.position[axis]! - b.position[axis]!)),
  rad: angleErrorRad(a.rotation, b.rotation, { kind: 'none' }),
});

const between = (a: MotionFrame, b: MotionFrame, atMs: number): Pose =>
  mixPose(a.poseInRoom, b.poseInRoom, (atMs - a.atMs) / (b.atMs - a.atMs));

/** Whole milliseconds from 0, never back; while a hand rests, time stands still after a moment. */
function withoutRests(
  samples: readonly MotionFrame[],
  { maxM, maxRad, keepsRests = false }: MotionBounds,
): MotionFrame[] {
  const [first] = samples;
  if (!first) throw new RangeError('a motion has at least one sample');
  let [rest, restSinceMs, cutMs] = [first.poseInRoom, first.atMs, 0];
  const motion = samples.map(({ atMs, poseInRoom }): MotionFrame => {
    const off = differenceOf(rest, poseInRoom);
    if (off.m > maxM / 2 || off.rad > maxRad / 2) [rest, restSinceMs] = [poseInRoom, atMs];
    else if (!keepsRests && atMs - restSinceMs > REST_MS) {
      cutMs += atMs - restSinceMs - REST_MS;
      restSinceMs = atMs - REST_MS;
    }
    return { atMs: Math.round(atMs - first.atMs - cutMs), poseInRoom };
  });
  const end = motion.at(-1)!;
  // A player needs two moments.
  return end.atMs > 0 ? motion : [...motion, { ...end, atMs: 1 }];
}
