import { composePose, invertPose, rotateVec3, type Pose, type Quat, type Vec3 } from '#protocol/spatial/index';
import { isEmptyBounds, type Bounds } from '../scene/geometry.ts';
import { quatAbout, sub } from '../scene/vec.ts';

/**
 * The rig is the origin of the headset's own floor space, given in the room: moving it is how a person moves without
 * walking. It only ever turns about the vertical, so the horizon stays.
 */
const UP: Vec3 = [0, 1, 0];

/** Heading of a pose, radians about +Y; 0 looks along -Z. */
export function yawOf(rotation: Quat): number {
  const forward = rotateVec3(rotation, [0, 0, -1]);
  if (Math.hypot(forward[0], forward[2]) > 1e-3) return Math.atan2(-forward[0], -forward[2]);
  const up = rotateVec3(rotation, UP);
  const sign = forward[1] > 0 ? 1 : -1;
  return Math.atan2(sign * up[0], sign * up[2]);
}

/** Turns the rig about the vertical through a point of the room, such as the head. */
export function turnedAbout(rigInRoom: Pose, pivotInRoom: Vec3, angleRad: number): Pose {
  const turn = quatAbout(UP, angleRad);
  const arm = rotateVec3(turn, sub(rigInRoom.position, pivotInRoom));
  return composePose(
    { position: [pivotInRoom[0] + arm[0], rigInRoom.position[1], pivotInRoom[2] + arm[2]], rotation: turn },
    { position: [0, 0, 0], rotation: rigInRoom.rotation },
  );
}

/** Brings the head over a point of the floor; heading and height over the floor stay the person's own. */
export function movedTo(rigInRoom: Pose, headInRoom: Vec3, floorPoint: Vec3): Pose {
  const [x, , z] = rigInRoom.position;
  return {
    position: [x + floorPoint[0] - headInRoom[0], floorPoint[1], z + floorPoint[2] - headInRoom[2]],
    rotation: rigInRoom.rotation,
  };
}

export interface Standing {
  /** Over the floor, in the room. */
  readonly feetInRoom: Vec3;
  readonly yawRad: number;
  /** Height of the work bench over the person's floor; 0: the design stands on the floor itself. */
  readonly benchM: number;
}

/** The rig that puts a head, known in the headset's own space, at a place in the room. */
export function rigFor(headInLocal: Pose, { feetInRoom, yawRad }: Omit<Standing, 'benchM'>): Pose {
  const turn = quatAbout(UP, yawRad - yawOf(headInLocal.rotation));
  const head = rotateVec3(turn, [headInLocal.position[0], 0, headInLocal.position[2]]);
  return { position: [feetInRoom[0] - head[0], feetInRoom[1], feetInRoom[2] - head[2]], rotation: turn };
}

/** A design up to this size is put on a bench, larger ones are walked around: 1.2 m each way, and some. */
const BENCH_MAX_HEIGHT_M = 1.2;
const BENCH_MAX_RADIUS_M = 0.86;
/** The bench stands this far below the eyes: elbows at its edge, seated as standing. */
const BENCH_BELOW_EYES_M = 0.55;
const BENCH_MIN_M = 0.3;
const BENCH_MAX_M = 1.1;
/** The middle of the bench is this far ahead or more: nearer, a design lies below what a level gaze shows. */
const BENCH_AHEAD_M = 0.85;
/** From the design's outline to the person: half a step and an arm. */
const BENCH_CLEAR_M = 0.55;
const APART_M = 0.75;
const STEP_ASIDE_RAD = (50 * Math.PI) / 180;

/**
 * Where a person who puts on the headset stands: before the design, on the side from which they looked at it, facing
 * its middle, so near that half a step and an arm reach it and so far that it is in view, and not inside somebody else.
 */
export function standingPlace(o: {
  design: Bounds;
  supportM: number;
  /** Where the desktop camera is. */
  eyeInRoom: Vec3;
  headHeightM: number;
  others: readonly Vec3[];
}): Standing {
  const { min, max } = isEmptyBounds(o.design) ? { min: [-0.25, 0, -0.25], max: [0.25, 0.3, 0.25] } : o.design;
  const centre = [(min[0]! + max[0]!) / 2, (min[2]! + max[2]!) / 2] as const;
  const radiusM = footprintRadius({ min, max } as Bounds);
  const hasBench = isBenchSized({ min, max } as Bounds);
  // What is tall stands lower, so that its top is no higher than the eyes.
  const belowEyesM = Math.max(BENCH_BELOW_EYES_M, max[1]! - min[1]!);
  const benchM = hasBench ? Math.max(BENCH_MIN_M, Math.min(BENCH_MAX_M, o.headHeightM - belowEyesM)) : 0;
  const awayM = hasBench ? Math.max(BENCH_AHEAD_M, radiusM + BENCH_CLEAR_M) : radiusM + 0.9;
  let azimuth = Math.atan2(o.eyeInRoom[0] - centre[0], o.eyeInRoom[2] - centre[1]);
  let feet: Vec3 = [0, 0, 0];
  for (let attempt = 0; attempt < 7; attempt++) {
    feet = [centre[0] + awayM * Math.sin(azimuth), o.supportM - benchM, centre[1] + awayM * Math.cos(azimuth)];
    if (o.others.every((head) => Math.hypot(head[0] - feet[0], head[2] - feet[2]) > APART_M)) break;
    azimuth += STEP_ASIDE_RAD;
  }
  return { feetInRoom: feet, yawRad: azimuth, benchM };
}

export const footprintRadius = ({ min, max }: Bounds): number => Math.hypot(max[0] - min[0], max[2] - min[2]) / 2;

const isBenchSized = (bounds: Bounds): boolean =>
  bounds.max[1] - bounds.min[1] <= BENCH_MAX_HEIGHT_M && footprintRadius(bounds) <= BENCH_MAX_RADIUS_M;

/** Where the room's origin lies in the headset's own space: the offset of its reference space. */
export const roomInLocal = (rigInRoom: Pose): Pose => invertPose(rigInRoom);
