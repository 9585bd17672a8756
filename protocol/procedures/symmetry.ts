import { z } from 'zod';
import { multiplyQuat, normalizeQuat, rotateVec3, Vec3, type Quat } from '../spatial/pose.ts';
import { angleOf, lengthOf, sineAndCosine } from './arithmetic.ts';

/**
 * Turns that bring a part onto itself: a screw may sit at any angle, a square nut at four, a pin either way round.
 * A placement is judged against the nearest of the turned targets.
 *
 * Axes are in the part's frame that the condition names, and all go through that frame's origin, which no turn moves:
 * so the error of position does not depend on the turn, and the smallest error of angle is exact.
 */
const axis = Vec3.refine((v) => lengthOf(v) > 1e-6, 'an axis has a length').describe('any length, in the named frame');
export const Symmetry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** n-fold about an axis: a planet carrier with three arms has 3. */
  z.strictObject({ kind: z.literal('rotational'), axis, count: z.number().int().min(2).max(360) }),
  /** Any angle about an axis; with `flips` also turned over: a plain pin, a washer. */
  z.strictObject({ kind: z.literal('revolute'), axis, flips: z.boolean() }),
  /** n-fold about an axis, and turned over by half a turn about an axis across: a spur gear, a hexagonal nut. */
  z.strictObject({
    kind: z.literal('turnover'),
    axis,
    count: z.number().int().min(1).max(180),
    flipAxis: axis,
  }),
  /** Half turns about x, y and z: a box with three different edges. */
  z.strictObject({ kind: z.literal('box') }),
  /** Half and quarter turns about all three: a cube. */
  z.strictObject({ kind: z.literal('cube') }),
  /** The finite group that these turns generate; more than `MAX_GROUP` elements are refused by `check`. */
  z.strictObject({
    kind: z.literal('group'),
    generators: z
      .array(z.strictObject({ axis, count: z.number().int().min(2).max(60) }))
      .min(1)
      .max(4),
  }),
  /** A ball: any rotation. */
  z.strictObject({ kind: z.literal('any') }),
]);
export type Symmetry = z.infer<typeof Symmetry>;

export const MAX_GROUP = 720;
const X: Vec3 = [1, 0, 0];
const Y: Vec3 = [0, 1, 0];
const Z: Vec3 = [0, 0, 1];
const IDENTITY: Quat = [0, 0, 0, 1];

/** How far `rotation` is from the nearest of the target's equivalents, radians, 0 to pi. */
export function angleErrorRad(rotation: Quat, target: Quat, symmetry: Symmetry): number {
  const off = multiplyQuat([-target[0], -target[1], -target[2], target[3]], rotation);
  switch (symmetry.kind) {
    case 'any':
      return 0;
    case 'revolute': {
      const length = lengthOf(symmetry.axis);
      const [ax, ay, az] = symmetry.axis.map((x) => x / length) as Vec3;
      const [bx, by, bz] = rotateVec3(normalizeQuat(off), [ax, ay, az]);
      const across = lengthOf([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]);
      const along = ax * bx + ay * by + az * bz;
      return angleOf(across, symmetry.flips ? Math.abs(along) : along);
    }
    default: {
      let best: Quat = IDENTITY;
      let nearest = -1;
      for (const turn of turnsOf(symmetry) ?? [IDENTITY]) {
        const likeness = Math.abs(turn[0] * off[0] + turn[1] * off[1] + turn[2] * off[2] + turn[3] * off[3]);
        if (likeness > nearest) [nearest, best] = [likeness, turn];
      }
      const rest = multiplyQuat([-best[0], -best[1], -best[2], best[3]], off);
      return 2 * angleOf(lengthOf([rest[0], rest[1], rest[2]]), Math.abs(rest[3]));
    }
  }
}

/** All turns of a finite symmetry, the identity first; null when there are too many, or infinitely many. */
export function turnsOf(symmetry: Symmetry): readonly Quat[] | null {
  const known = closures.get(symmetry);
  if (known !== undefined) return known;
  const turns = close(generatorsOf(symmetry));
  closures.set(symmetry, turns);
  return turns;
}
/** Symmetries are immutable data: each is closed once in its life. */
const closures = new WeakMap<Symmetry, readonly Quat[] | null>();

function generatorsOf(symmetry: Symmetry): Quat[] | null {
  switch (symmetry.kind) {
    case 'none':
      return [];
    case 'rotational':
      return [turn(symmetry.axis, symmetry.count)];
    case 'turnover':
      return [turn(symmetry.axis, symmetry.count), turn(symmetry.flipAxis, 2)];
    case 'box':
      return [turn(X, 2), turn(Y, 2)];
    case 'cube':
      return [turn(X, 4), turn(Y, 4), turn(Z, 4)];
    case 'group':
      return symmetry.generators.map(({ axis, count }) => turn(axis, count));
    case 'revolute':
    case 'any':
      return null;
  }
}

function turn(about: Vec3, count: number): Quat {
  const [sine, cosine] = sineAndCosine(Math.PI / count);
  const length = lengthOf(about);
  return [(about[0] / length) * sine, (about[1] / length) * sine, (about[2] / length) * sine, cosine];
}

/** Products of the generators until no new turn appears; q and -q are one turn. */
function close(generators: readonly Quat[] | null): readonly Quat[] | null {
  if (!generators) return null;
  const turns: Quat[] = [IDENTITY];
  for (let i = 0; i < turns.length; i++)
    for (const generator of generators) {
      const next = normalizeQuat(multiplyQuat(turns[i]!, generator));
      const isKnown = turns.some(
        (q) => Math.abs(q[0] * next[0] + q[1] * next[1] + q[2] * next[2] + q[3] * next[3]) > 1 - 1e-9,
      );
      if (isKnown) continue;
      if (turns.length === MAX_GROUP) return null;
      turns.push(next);
    }
  return turns;
}
