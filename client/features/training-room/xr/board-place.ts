import type { Vec3 } from '#protocol/spatial/index';
import { isEmptyBounds, type Bounds } from '../../../scene/geometry.ts';

/** The board stands at arm's length beside the work, on the side of the working hand: the wrist plate has the other. */
export const BOARD = { awayM: 0.78, asideRad: 0.56, belowEyesM: 0.09 };
/** Further aside one turns to it for each line; and whoever turns as far from it gets it anew (`BOARD_LEFT_RAD`). */
const MOST_ASIDE_RAD = 1.25;
/** Between the outline of the work and the edge of the board. */
const GAP_RAD = 0.04;

/**
 * How far beside the gaze the board stands: as near as it may without standing before the work, however wide that is.
 * `side`: -1 to the left, 1 to the right. `yawRad`: heading of the gaze, 0 looks along -Z, positive to the left.
 */
export function boardAsideRad(o: {
  readonly headInRoom: Vec3;
  readonly yawRad: number;
  readonly side: -1 | 1;
  readonly halfWidthM: number;
  readonly work: Bounds;
}): number {
  const { min, max } = o.work;
  const [x, , z] = o.headInRoom;
  const isInside = x > min[0] && x < max[0] && z > min[2] && z < max[2];
  // Of what one stands in, nothing is beside.
  if (isEmptyBounds(o.work) || isInside) return BOARD.asideRad;
  const towards = (px: number, pz: number) => Math.atan2(x - px, z - pz);
  const middle = towards((min[0] + max[0]) / 2, (min[2] + max[2]) / 2);
  const corners = [min[0], max[0]].flatMap((px) => [min[2], max[2]].map((pz) => turn(towards(px, pz) - middle)));
  // Angles from the gaze to the side on which the board stands.
  const [one, other] = [Math.min(...corners), Math.max(...corners)].map((rad) => -o.side * rad) as [number, number];
  const centre = -o.side * turn(middle - o.yawRad);
  const half = Math.atan(o.halfWidthM / BOARD.awayM) + GAP_RAD;
  const [from, to] = [centre + Math.min(one, other) - half, centre + Math.max(one, other) + half];
  const isClear = BOARD.asideRad <= from || BOARD.asideRad >= to;
  return isClear ? BOARD.asideRad : Math.min(MOST_ASIDE_RAD, to);
}

/** Of a whole turn the shorter way. */
const turn = (rad: number): number => Math.atan2(Math.sin(rad), Math.cos(rad));
