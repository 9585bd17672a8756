import type { Pose, Vec3 } from '../spatial/index.ts';
import { rayOf, type Camera, type Pixel } from './camera.ts';
import { homographyOf } from './homography.ts';
import { quatOf, type Matrix3 } from './rotation.ts';

/** Corners of a marker in its own frame (x right, y up, z out of the sheet): upper left, then clockwise as one reads it. */
export function squareCorners(sizeM: number): readonly [Vec3, Vec3, Vec3, Vec3] {
  const h = sizeM / 2;
  return [
    [-h, h, 0],
    [h, h, 0],
    [h, -h, 0],
    [-h, -h, 0],
  ];
}

/**
 * Both poses of a square that explain its four corners: one is right, the other its mirror about the line of sight.
 *
 * Infinitesimal plane-based pose estimation (Collins and Bartoli, International Journal of Computer Vision 109, 2014): the
 * map of the plane near the square's centre fixes rotation up to that mirror in closed form; translation follows by linear
 * least squares. Starting values for a fit, not the answer. Empty when the corners form no square seen from its front.
 */
export function squarePoses(camera: Camera, cornersPx: readonly Pixel[], sizeM: number): Pose[] {
  const h = sizeM / 2;
  const rays = cornersPx.map((corner) => rayOf(camera, corner));
  // The formulas speak of a camera that looks along +z with y down; the sheet is seen with y down as well.
  const model: [number, number][] = [
    [-h, -h],
    [h, -h],
    [h, h],
    [-h, h],
  ];
  const map = homographyOf(model, rays);
  if (!map) return [];
  const [p, q] = [map[2]!, map[5]!];
  const j00 = map[0]! - p * map[6]!;
  const j01 = map[1]! - p * map[7]!;
  const j10 = map[3]! - q * map[6]!;
  const j11 = map[4]! - q * map[7]!;
  const rv = turnToAxis(p, q);
  const b00 = rv[0] - p * rv[6];
  const b01 = rv[1] - p * rv[7];
  const b10 = rv[3] - q * rv[6];
  const b11 = rv[4] - q * rv[7];
  const determinant = b00 * b11 - b01 * b10;
  if (Math.abs(determinant) < 1e-12) return [];
  const a00 = (b11 * j00 - b01 * j10) / determinant;
  const a01 = (b11 * j01 - b01 * j11) / determinant;
  const a10 = (-b10 * j00 + b00 * j10) / determinant;
  const a11 = (-b10 * j01 + b00 * j11) / determinant;
  const s00 = a00 * a00 + a01 * a01;
  const s01 = a00 * a10 + a01 * a11;
  const s11 = a10 * a10 + a11 * a11;
  const gamma = Math.sqrt((s00 + s11 + Math.sqrt((s00 - s11) ** 2 + 4 * s01 * s01)) / 2);
  if (!(gamma > 1e-9)) return [];
  const [r00, r01, r10, r11] = [a00 / gamma, a01 / gamma, a10 / gamma, a11 / gamma];
  const b0 = Math.sqrt(Math.max(0, 1 - r00 * r00 - r10 * r10));
  const b1 = Math.sqrt(Math.max(0, 1 - r01 * r01 - r11 * r11)) * (-r00 * r01 - r10 * r11 < 0 ? -1 : 1);
  return [1, -1].flatMap((side) => {
    const [c0, c1] = [side * b0, side * b1];
    const inner: Matrix3 = [
      r00,
      r01,
      r10 * c1 - c0 * r11,
      r10,
      r11,
      c0 * r01 - r00 * c1,
      c0,
      c1,
      r00 * r11 - r10 * r01,
    ];
    const rotation = product(rv, inner);
    const position = translationOf(rotation, model, rays);
    // From the picture's frame (y and z turned about) into ours, on both sides.
    const r = rotation;
    const pose: Pose = {
      position: [position[0], -position[1], -position[2]],
      rotation: quatOf([r[0], -r[1], -r[2], -r[3], r[4], r[5], -r[6], r[7], r[8]]),
    };
    return position[2] > 1e-3 && Number.isFinite(pose.position[0] + pose.rotation[0]) ? [pose] : [];
  });
}

/** The rotation that takes the z axis to the direction of (p, q, 1). */
function turnToAxis(p: number, q: number): Matrix3 {
  const n = Math.hypot(p, q, 1);
  const [x, y, c] = [p / n, q / n, 1 / n];
  const k = 1 / (1 + c);
  return [1 - x * x * k, -x * y * k, x, -x * y * k, 1 - y * y * k, y, -x, -y, c];
}

function product(a: Matrix3, b: Matrix3): Matrix3 {
  const at = (r: number, c: number) => a[3 * r]! * b[c]! + a[3 * r + 1]! * b[3 + c]! + a[3 * r + 2]! * b[6 + c]!;
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}

/** Least squares over x (z + tz) = X + tx and the same in y, for all corners. */
function translationOf(
  r: Matrix3,
  model: readonly [number, number][],
  rays: readonly (readonly [number, number])[],
): Vec3 {
  let [sx, sy, sxx, bx, by, bz] = [0, 0, 0, 0, 0, 0];
  const n = model.length;
  for (const [i, [mx, my]] of model.entries()) {
    const [x, y] = rays[i]!;
    const [px, py, pz] = [r[0] * mx + r[1] * my, r[3] * mx + r[4] * my, r[6] * mx + r[7] * my];
    const [ex, ey] = [x * pz - px, y * pz - py];
    sx += x;
    sy += y;
    sxx += x * x + y * y;
    bx += ex;
    by += ey;
    bz += x * ex + y * ey;
  }
  // n tx - sx tz = bx, n ty - sy tz = by, sx tx + sy ty - sxx tz = bz
  const tz = (bz - (sx * bx + sy * by) / n) / ((sx * sx + sy * sy) / n - sxx);
  return [(bx + sx * tz) / n, (by + sy * tz) / n, tz];
}
