import type { Bounds } from '../geometry.ts';
import { lerp, scale, sub } from '../vec.ts';
import { DIRECTIONS, forwardOf, frameBounds, type Eye, type Lens } from './orbit.ts';

const DEGREE = Math.PI / 180;
/** Two who face each other stand not quite opposite: past the product's tallest part, yet near the picture's middle. */
const ACROSS_RAD = 166 * DEGREE;
/** The next pair stands beside the first one, in this order. The sixth pair is the last with a place of its own. */
const PAIR_ASIDE_RAD = [0, -18, 18, -36, 36, -54].map((degrees) => degrees * DEGREE);
/** How far the eyes look down on the product: low enough that people across it are in the picture. */
const DOWN_RAD = 17 * DEGREE;
/** The eye aims over the product by so much: it stands in the lower half, and the others have theirs. */
const OVER_RAD = 4 * DEGREE;
/** Share of the picture that the product fills, against 0.8 when it is framed alone. */
const FILLED_OF_FRAMED = 0.6 / 0.8;

/** Bearing from the product's middle, radians about +Y as an eye's yaw. `participant` counts from 1. */
export function arrivalBearing(participant: number): number {
  const seat = Math.max(0, participant - 1);
  const pair = Math.floor(seat / 2) % PAIR_ASIDE_RAD.length;
  return DIRECTIONS.iso.yaw + PAIR_ASIDE_RAD[pair]! + (seat % 2 === 1 ? ACROSS_RAD : 0);
}

/**
 * Where somebody stands who enters: around the product by their number in the room, so that each of two newcomers has
 * the product and the other's head in the picture. All eyes are about level, whatever the picture's proportions: a
 * narrow picture is taken from further away, and its eye would otherwise rise out of the others' pictures.
 */
export function arrivalEye(bounds: Bounds, lens: Lens, participant: number): Eye {
  const yaw = arrivalBearing(participant);
  const wide = { fovRad: 2 * Math.atan(Math.tan(lens.fovRad / 2) * FILLED_OF_FRAMED), aspect: 1 };
  const from = { yaw, pitch: -DOWN_RAD };
  const nowhere = { ...from, position: [0, 0, 0] as const, focusM: 1 } satisfies Eye;
  const square = frameBounds(nowhere, bounds, wide, from).focusM;
  const focusM = frameBounds(nowhere, bounds, { ...wide, aspect: Math.min(1, lens.aspect) }, from).focusM;
  const pitch = -Math.asin(Math.sin(DOWN_RAD) * Math.sqrt(square / focusM));
  const centre = lerp([...bounds.min], [...bounds.max], 0.5);
  const position = sub(centre, scale(forwardOf({ yaw, pitch }), focusM));
  return { yaw, pitch: pitch + (OVER_RAD * pitch) / -DOWN_RAD, focusM, position };
}
