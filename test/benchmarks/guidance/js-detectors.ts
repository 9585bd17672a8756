import { createRequire } from 'node:module';
import type { Pixel } from '#protocol/alignment/index';
import { findTags, type GrayPicture } from '../../../client/align/index.ts';
import type { Camera } from '#protocol/alignment/index';

/** A way to find tags, ours or somebody else's. Corners in our pixels, in any order. */
export interface Detector {
  readonly name: string;
  find(picture: GrayPicture, camera: Camera): { code: string; corners: Pixel[]; covariancePx2?: readonly number[] }[];
}

const require = createRequire(import.meta.url);

export const ours: Detector = {
  name: 'workhall',
  find: (picture, camera) =>
    findTags(picture, camera).sightings.map(({ code, cornersPx, covariancePx2 }) => ({
      code,
      corners: [...cornersPx],
      covariancePx2,
    })),
};

interface JsAruco {
  Detector: new (config: { dictionaryName: string; maxHammingDistance: number }) => {
    detect(image: {
      width: number;
      height: number;
      data: Uint8ClampedArray;
    }): { id: number; corners: { x: number; y: number }[] }[];
  };
}

/** js-aruco2: pure JavaScript, corners from the contour's polygon. */
export function jsAruco(): Detector {
  const { AR } = require('js-aruco2/src/aruco.js') as { AR: JsAruco };
  Object.assign(globalThis, { AR });
  require('js-aruco2/src/dictionaries/apriltag_36h11.js');
  const detector = new AR.Detector({ dictionaryName: 'APRILTAG_36h11', maxHammingDistance: 2 });
  return {
    name: 'js-aruco2 2.0.0',
    find: ({ widthPx, heightPx, data }) => {
      const rgba = new Uint8ClampedArray(4 * data.length);
      for (let i = 0; i < data.length; i++) rgba.fill(data[i]!, 4 * i, 4 * i + 4);
      return detector.detect({ width: widthPx, height: heightPx, data: rgba }).map(({ id, corners }) => ({
        code: `36h11/${id}`,
        corners: corners.map(({ x, y }): Pixel => [x + 0.5, y + 0.5]),
      }));
    },
  };
}

/** As much of OpenCV's interface as is used here. */
interface Cv {
  Mat: new (...args: unknown[]) => CvMat;
  MatVector: new () => { get(i: number): CvMat; size(): number; delete(): void };
  aruco_DetectorParameters: new () => { cornerRefinementMethod: number };
  aruco_RefineParameters: new (a: number, b: number, c: boolean) => unknown;
  aruco_ArucoDetector: new (...args: unknown[]) => { detectMarkers(image: CvMat, corners: unknown, ids: CvMat): void };
  getPredefinedDictionary(name: number): unknown;
  DICT_APRILTAG_36h11: number;
  CV_8UC1: number;
  onRuntimeInitialized?: () => void;
}
interface CvMat {
  data: Uint8Array;
  data32F: Float32Array;
  data32S: Int32Array;
  rows: number;
  delete(): void;
}

/** Corner refinement of OpenCV's ArUco: 1 by gradients (cornerSubPix), 3 by AprilTag's line fits. */
export async function openCv(refinement: 1 | 3): Promise<Detector> {
  const cv = require('@techstark/opencv-js') as Cv;
  // The module has a `then` of its own: to hand it to a promise would never end.
  await new Promise<void>((resolve) => {
    if ('Mat' in cv && typeof cv.Mat === 'function') resolve();
    else (cv as Cv).onRuntimeInitialized = resolve;
  });
  const parameters = new cv.aruco_DetectorParameters();
  parameters.cornerRefinementMethod = refinement;
  const dictionary = cv.getPredefinedDictionary(cv.DICT_APRILTAG_36h11);
  const detector = new cv.aruco_ArucoDetector(dictionary, parameters, new cv.aruco_RefineParameters(10, 3, true));
  // Line fits as in AprilTag count from the pixel's corner, as we do; the other from its middle.
  const shift = refinement === 3 ? 0 : 0.5;
  return {
    name: `opencv-js 4.12 ${refinement === 1 ? 'subpix' : 'apriltag'}`,
    find: ({ widthPx, heightPx, data }) => {
      const image = new cv.Mat(heightPx, widthPx, cv.CV_8UC1);
      image.data.set(data);
      const [corners, ids] = [new cv.MatVector(), new cv.Mat()];
      detector.detectMarkers(image, corners, ids);
      const found = Array.from({ length: corners.size() }, (_, i) => {
        const values = corners.get(i).data32F;
        return {
          code: `36h11/${ids.data32S[i]!}`,
          corners: [0, 1, 2, 3].map((k): Pixel => [values[2 * k]! + shift, values[2 * k + 1]! + shift]),
        };
      });
      for (const one of [image, corners, ids]) one.delete();
      return found;
    },
  };
}
