import { composePose, invertPose, rotateVec3, type Pose, type Vec3 } from '../spatial/index.ts';
import { length95 } from './chi-square.ts';
import { covarianceAt, type Uncertain } from './error-bound.ts';
import { add } from './rotation.ts';
import type { Matrix3 } from './rotation.ts';

/** Where one device's space lies in another's, because both have aligned to the same product. */
export interface SharedFrame {
  readonly otherInOwn: Pose;
  /** In 95 % of cases a place that the other device names lies nearer than this to where we show it, metres. */
  boundM(placeInOther: Vec3): number;
}

/** WebXR has no shared anchors: two devices that see the same markers need none. */
export function sharedFrame(own: Uncertain, other: Uncertain): SharedFrame {
  const otherInOwn = composePose(own.productInDevice, invertPose(other.productInDevice));
  return {
    otherInOwn,
    boundM(placeInOther) {
      const productInOther = invertPose(other.productInDevice);
      const inProduct = add(rotateVec3(productInOther.rotation, placeInOther), productInOther.position);
      const mine = covarianceAt(own, inProduct);
      const theirs = turned(covarianceAt(other, inProduct), otherInOwn);
      return length95(
        mine.map((value, i) => value + theirs[i]!),
        3,
      );
    },
  };
}

/** R Σ Rᵀ. */
function turned(sigma: Float64Array, { rotation }: Pose): Float64Array {
  const columns = (
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as Vec3[]
  ).map((axis) => rotateVec3(rotation, axis));
  const r = [0, 1, 2].flatMap((row) => columns.map((column) => column[row]!)) as unknown as Matrix3;
  const out = new Float64Array(9);
  for (let a = 0; a < 3; a++)
    for (let b = 0; b < 3; b++) {
      let sum = 0;
      for (let i = 0; i < 3; i++) for (let k = 0; k < 3; k++) sum += r[3 * a + i]! * sigma[3 * i + k]! * r[3 * b + k]!;
      out[3 * a + b] = sum;
    }
  return out;
}
