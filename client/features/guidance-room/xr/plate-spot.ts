import type { Pose, Vec3 } from '#protocol/spatial/index';
import { add } from '../../../scene/vec.ts';
import { facing } from '../../../xr/facing.ts';
import { yawOf } from '../../../xr/rig.ts';

/** The plate stands beside the work, at arm's length and below the eyes: its middle stays free for the hands. */
const PLATE = { awayM: 0.85, asideRad: 0.42, belowEyesM: 0.02 };
/** Distance-independent millimetres: as wide as so many at one metre. */
export const PLATE_WIDTH_DMM = 520;
const WIDTH_M = (PLATE_WIDTH_DMM / 1000) * PLATE.awayM;
/** A small display shows so much of itself with a rim left free. */
const RIM = 0.85;

/** Half of what a display shows, radians. */
export interface HalfView {
  readonly wideRad: number;
  readonly highRad: number;
}

/**
 * Where the plate stands for who looks so, in the same space; it hangs down from there. A display that shows little, as glasses do,
 * has it in its right half, from the top, as far away as it takes to be whole there.
 */
export function plateSpot(head: Pose, half: HalfView): { readonly pose: Pose; readonly awayM: number } {
  const asideRad = Math.min(half.wideRad / 2, PLATE.asideRad);
  const farM = WIDTH_M / 2 / Math.tan(RIM * asideRad);
  const isSmall = farM > PLATE.awayM;
  const awayM = isSmall ? farM : PLATE.awayM;
  const aboveM = isSmall ? RIM * Math.tan(half.highRad) * awayM : -PLATE.belowEyesM;
  const way = yawOf(head.rotation) - asideRad;
  const position = add(head.position, [-Math.sin(way) * awayM, aboveM, -Math.cos(way) * awayM]);
  const middle: Vec3 = add(position, [0, -0.2, 0]);
  return { pose: { position, rotation: facing(middle, head.position) }, awayM };
}
