import type { Camera, MarkerMap } from '#protocol/alignment/index';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import { pictureOf } from './fake-camera.ts';

/** A lens that nobody knows: longer than a page guesses, bent, and not in the middle of its picture. */
export const UNKNOWN_LENS: Camera = {
  ...{ widthPx: 1280, heightPx: 720, focalPx: [1085, 1085], centrePx: [652, 351], radial: [-0.08, 0] },
  sigma: { focalShare: 0, centrePx: 0, k1: 0 },
};

/** From which side a sheet is looked at (radians to the right and up), how far away, and where it then stands in the picture. */
type LookAt = readonly [rightRad: number, upRad: number, awayM: number, shift: readonly [x: number, y: number]];
export const LOOKS: readonly LookAt[] = [
  [0, 0, 0.62, [0, 0]],
  [0.6, 0.05, 0.62, [0.08, 0]],
  [-0.6, 0, 0.62, [-0.08, 0.02]],
  [0.05, 0.6, 0.6, [0, 0.04]],
  [0, -0.6, 0.6, [0.02, -0.04]],
  [0.45, 0.4, 0.66, [0.22, 0.06]],
  [-0.45, 0.4, 0.66, [-0.22, 0.06]],
  [-0.45, -0.4, 0.66, [-0.22, -0.06]],
  [0.45, -0.4, 0.66, [0.22, -0.06]],
  [0.3, 0, 0.95, [0.1, 0.1]],
];

export function sheetBefore([rightRad, upRad, awayM, [x, y]]: LookAt): Pose {
  const turned = (axis: Vec3, rad: number): Pose => ({
    position: [0, 0, 0],
    rotation: [...axis.map((one) => one * Math.sin(rad / 2)), Math.cos(rad / 2)] as unknown as Pose['rotation'],
  });
  const { rotation } = composePose(turned([1, 0, 0], upRad), turned([0, 1, 0], -rightRad));
  return { position: [x, y, -awayM], rotation };
}

/** Grey pictures of a printed sheet as that camera takes them. */
export function picturesOf(map: MarkerMap, camera: Camera, looks: readonly LookAt[]) {
  return looks.map((look, at) => pictureOf(camera, map, sheetBefore(look), at + 1));
}
