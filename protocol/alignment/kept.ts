import { z } from 'zod';
import { multiplyQuat, normalizeQuat, Pose, type Vec3 } from '../spatial/index.ts';
import type { Uncertain } from './error-bound.ts';
import { add, turn } from './rotation.ts';

export const AlignmentSource = z.enum(['markers', 'touch', 'hitTest']);
export type AlignmentSource = z.infer<typeof AlignmentSource>;

/**
 * An alignment as a station keeps it, and as evidence names it. `productInDevice` is given in the space of the anchor where the
 * device has one (`anchor`), else in the session's own space, which is worth nothing in the next session.
 */
export const KeptAlignment = z.strictObject({
  version: z.literal(1),
  station: z.string().trim().min(1).max(80),
  source: AlignmentSource,
  /** Set right by hand afterwards. */
  isNudged: z.boolean(),
  productInDevice: Pose,
  poseCovariance: z.array(z.number()).length(36),
  markers: z.array(z.string().max(410)).max(40),
  residualPx: z.number().min(0).nullable(),
  atMs: z.number().int().min(0),
  anchor: z.string().max(200).nullable(),
});
export type KeptAlignment = z.infer<typeof KeptAlignment>;

/** By eye, from arm's length: 2 mm and a fifth of a degree. */
const EYE = { positionM: 0.002, angleRad: 0.0035 } as const;

/**
 * Moved and turned by hand, about the product's origin, in the device's frame. A person judges by eye, so the alignment becomes no
 * surer by it: the eye's doubt is added.
 */
export function nudged<A extends Uncertain>(alignment: A, shiftM: Vec3, turnRad: Vec3): A {
  const { position, rotation } = alignment.productInDevice;
  const covariance = alignment.poseCovariance.map((value, i) => {
    if (i % 7 !== 0) return value;
    return value + (i < 18 ? EYE.angleRad : EYE.positionM) ** 2;
  });
  return {
    ...alignment,
    productInDevice: {
      position: add(position, shiftM),
      rotation: normalizeQuat(multiplyQuat(turn(turnRad), rotation)),
    },
    poseCovariance: covariance,
  };
}

/** A hit test finds a surface to a centimetre, and a person turns the product on it by eye: good for orientation only. */
const HIT = { positionM: 0.012, angleRad: 0.03 } as const;

export function placedByHit(productInDevice: Pose): Uncertain {
  const poseCovariance = Array.from({ length: 36 }, (_, i) =>
    i % 7 === 0 ? (i < 18 ? HIT.angleRad : HIT.positionM) ** 2 : 0,
  );
  return { productInDevice, poseCovariance };
}
