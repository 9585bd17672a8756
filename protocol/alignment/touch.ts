import { problem, type Problem } from '../errors.ts';
import { normalizeQuat, multiplyQuat, rotateVec3, type Pose, type Vec3 } from '../spatial/index.ts';
import { POSE_UNKNOWNS } from './bundle.ts';
import { surelyTooLarge } from './chi-square.ts';
import { accumulate, invertSymmetric, solveSymmetric } from './dense.ts';
import type { Uncertain } from './error-bound.ts';
import { add, cross, length, quatOf, subtract, turn } from './rotation.ts';

/** A point of the product that somebody touched with the tip of a controller, a finger or a probe. */
export interface Touch {
  readonly name: string;
  readonly inProduct: Vec3;
  readonly inDevice: Vec3;
}

export interface TouchOptions {
  /** One standard deviation of a touch, metres: a controller's tip 1.5 mm, a bare finger 6 mm. */
  sigmaM: number;
  /** The points must span this much beside their longest side, metres. */
  leastSpanM: number;
}

const DEFAULTS: TouchOptions = { sigmaM: 0.002, leastSpanM: 0.05 };

export interface TouchAlignment extends Uncertain {
  /** Root mean square of what is left between touched and expected points, metres. */
  readonly residualM: number;
  readonly worst: { readonly name: string; readonly offM: number };
}

/** Aligns the product by three or more touched points: the fall-back where no marker can be stuck on. */
export function alignByTouch(
  touches: readonly Touch[],
  options: Partial<TouchOptions> = {},
): { readonly alignment: TouchAlignment } | { readonly refused: Problem } {
  const rules = { ...DEFAULTS, ...options };
  if (touches.length < 3) {
    return refuse('too_few_points', 'Three points fix a product in space.', 'Touch the next point.', {
      touched: touches.length,
    });
  }
  const span = spanOf(touches.map(({ inProduct }) => inProduct));
  if (span.acrossM < rules.leastSpanM) {
    return refuse(
      'points_on_a_line',
      'The points lie on a line: the product could still turn about it.',
      'Touch a point beside that line.',
      {
        spanM: span.acrossM,
      },
    );
  }
  const start = triad(span.picked.map((i) => touches[i]!));
  if (!start) {
    return refuse('points_on_a_line', 'The touched points lie on a line.', 'Touch them again.', { spanM: 0 });
  }
  let pose = start;
  let normal = new Float64Array(POSE_UNKNOWNS * POSE_UNKNOWNS);
  for (let i = 0; i < 12; i++) {
    normal = new Float64Array(POSE_UNKNOWNS * POSE_UNKNOWNS);
    const right = new Float64Array(POSE_UNKNOWNS);
    for (const { inProduct, inDevice } of touches) {
      const arm = rotateVec3(pose.rotation, inProduct);
      const off = subtract(inDevice, add(arm, pose.position));
      const j = new Float64Array(3 * POSE_UNKNOWNS);
      for (let axis = 0; axis < 3; axis++) {
        const unit: Vec3 = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
        j.set(
          cross(arm, unit).map((value) => value / rules.sigmaM),
          axis * POSE_UNKNOWNS,
        );
        j[axis * POSE_UNKNOWNS + 3 + axis] = 1 / rules.sigmaM;
      }
      accumulate(
        normal,
        right,
        j,
        Float64Array.from(off, (value) => value / rules.sigmaM),
        POSE_UNKNOWNS,
      );
    }
    const step = solveSymmetric(normal, POSE_UNKNOWNS, right);
    if (!step) break;
    pose = {
      position: add(pose.position, [step[3]!, step[4]!, step[5]!]),
      rotation: normalizeQuat(multiplyQuat(turn([step[0]!, step[1]!, step[2]!]), pose.rotation)),
    };
  }
  const offs = touches.map(({ name, inProduct, inDevice }) => {
    const expected = add(rotateVec3(pose.rotation, inProduct), pose.position);
    return { name, offM: length(subtract(inDevice, expected)) };
  });
  const worst = offs.toSorted((a, b) => b.offM - a.offM)[0]!;
  const squares = offs.reduce((sum, { offM }) => sum + offM * offM, 0);
  const degrees = 3 * touches.length - POSE_UNKNOWNS;
  const chiSquare = squares / rules.sigmaM ** 2;
  const residualM = Math.sqrt(squares / touches.length);
  if (chiSquare > surelyTooLarge(degrees)) {
    return refuse(
      'points_do_not_fit',
      `The touched points are not those of the product: ${worst.name} is ${(1000 * worst.offM).toFixed(0)} mm off.`,
      `Touch ${worst.name} again, then the others.`,
      { worst: worst.name, offM: worst.offM, residualM },
    );
  }
  const inverse = invertSymmetric(normal, POSE_UNKNOWNS);
  if (!inverse) {
    return refuse('points_on_a_line', 'The touched points lie on a line.', 'Touch them again.', { spanM: 0 });
  }
  const scale = Math.max(1, (degrees + chiSquare) / (2 * degrees));
  const poseCovariance = Array.from(inverse, (value) => value * scale);
  return { alignment: { productInDevice: pose, poseCovariance, residualM, worst } };
}

/** The three points that span most, and how far the third lies from the line through the others. */
function spanOf(points: readonly Vec3[]): { picked: [number, number, number]; acrossM: number } {
  let best: { picked: [number, number, number]; acrossM: number } = { picked: [0, 1, 2], acrossM: 0 };
  for (let a = 0; a < points.length; a++)
    for (let b = a + 1; b < points.length; b++)
      for (let c = b + 1; c < points.length; c++) {
        const [p, q, r] = [points[a]!, points[b]!, points[c]!];
        const area = length(cross(subtract(q, p), subtract(r, p)));
        const longest = Math.max(length(subtract(q, p)), length(subtract(r, p)), length(subtract(r, q)));
        const acrossM = longest > 0 ? area / longest : 0;
        if (acrossM > best.acrossM) best = { picked: [a, b, c], acrossM };
      }
  return best;
}

/** Pose from three points by the frames that they span. */
function triad(touches: readonly Touch[]): Pose | null {
  const frame = ([a, b, c]: readonly Vec3[]) => {
    const along = subtract(b!, a!);
    const up = cross(along, subtract(c!, a!));
    if (length(along) < 1e-6 || length(up) < 1e-9) return null;
    const x = scaled(along);
    const z = scaled(up);
    return [x, cross(z, x), z] as const;
  };
  const from = frame(touches.map(({ inProduct }) => inProduct));
  const to = frame(touches.map(({ inDevice }) => inDevice));
  if (!from || !to) return null;
  const at = (r: number, c: number) => to[0][r]! * from[0][c]! + to[1][r]! * from[1][c]! + to[2][r]! * from[2][c]!;
  const rotation = quatOf([at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)]);
  const position = subtract(touches[0]!.inDevice, rotateVec3(rotation, touches[0]!.inProduct));
  return { position, rotation };
}

function scaled(v: Vec3): Vec3 {
  const n = length(v);
  return [v[0] / n, v[1] / n, v[2] / n];
}

const refuse = (key: string, message: string, next: string, facts: Problem['facts']): { refused: Problem } => ({
  refused: problem('alignment', key, message, { facts, next }),
});
