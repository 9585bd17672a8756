import type { Pose } from '../spatial/index.ts';
import type { Pixel } from './camera.ts';

/** A marker found in a picture. */
export interface Sighting {
  /** As in the marker map. */
  readonly code: string;
  /** Upper left, then clockwise as one reads it. */
  readonly cornersPx: readonly [Pixel, Pixel, Pixel, Pixel];
  /** 8 x 8, row-major, of u0 v0 u1 v1 …: neighbouring corners share an edge, so they err together. */
  readonly covariancePx2: readonly number[];
  /** Where the camera was in the device's own space when the picture was taken; left out when the camera is the device. */
  readonly cameraInDevice?: Pose;
}

/** Independent corners of one noise, for detectors that tell nothing better. */
export function evenNoise(sigmaPx: number): number[] {
  return Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? sigmaPx * sigmaPx : 0));
}
