import type { Vec3 } from '../spatial/index.ts';

/**
 * A camera as alignment sees it. Its frame is WebXR's: x right, y up, looking along -z. Pixels count from the upper left
 * corner of the picture; the centre of the first pixel is (0.5, 0.5).
 */
export interface Camera {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly focalPx: readonly [x: number, y: number];
  readonly centrePx: readonly [x: number, y: number];
  /** Radial distortion: a ray at tangent r lands at r (1 + k1 r² + k2 r⁴). */
  readonly radial: readonly [k1: number, k2: number];
  /** One standard deviation of what is not known of it; carried into every stated bound. */
  readonly sigma: CameraSigma;
}

export interface CameraSigma {
  /** Of both focal lengths together, as a share of them. */
  readonly focalShare: number;
  readonly centrePx: number;
  readonly k1: number;
}

export type Pixel = readonly [u: number, v: number];

/** Unknowns of a camera in a fit, in this order: log focal length, centre x, centre y, k1. */
export const CAMERA_UNKNOWNS = 4;

const EXACT: CameraSigma = { focalShare: 0, centrePx: 0, k1: 0 };

/**
 * From a WebXR projection matrix (column-major, 16 numbers) and the size of the picture. The device calibrated itself:
 * phones keep the focal length within about half a percent.
 */
export function cameraFromProjection(projection: ArrayLike<number>, widthPx: number, heightPx: number): Camera {
  const [a, b, c, d] = [projection[0]!, projection[5]!, projection[8]!, projection[9]!];
  return {
    widthPx,
    heightPx,
    focalPx: [(a * widthPx) / 2, (b * heightPx) / 2],
    centrePx: [((1 - c) * widthPx) / 2, ((1 + d) * heightPx) / 2],
    radial: [0, 0],
    sigma: { focalShare: 0.003, centrePx: 2, k1: 0.003 },
  };
}

/** Across the long side of a picture: between a phone's wide main camera and a laptop's narrow one lie 20 %. */
export const GUESSED_FIELD_OF_VIEW_RAD = (66 * Math.PI) / 180;

/** A guess where nothing is known but the picture: right within some 10 %, and the bound says so. */
export function cameraFromFieldOfView(
  widthPx: number,
  heightPx: number,
  fieldOfViewRad = GUESSED_FIELD_OF_VIEW_RAD,
): Camera {
  const focal = Math.max(widthPx, heightPx) / 2 / Math.tan(fieldOfViewRad / 2);
  return {
    widthPx,
    heightPx,
    focalPx: [focal, focal],
    centrePx: [widthPx / 2, heightPx / 2],
    radial: [0, 0],
    sigma: { focalShare: 0.1, centrePx: 0.012 * Math.max(widthPx, heightPx), k1: 0.05 },
  };
}

/** A camera whose values are taken as exact, as a renderer's are. */
export function exactCamera(camera: Omit<Camera, 'sigma'>): Camera {
  return { ...camera, sigma: EXACT };
}

/** Where a point in front of the camera appears; null behind it or nearer than a millimetre. */
export function project(camera: Camera, pointInCamera: Vec3): [u: number, v: number] | null {
  const depth = -pointInCamera[2];
  if (depth < 1e-3) return null;
  const x = pointInCamera[0] / depth;
  const y = -pointInCamera[1] / depth;
  const bent = bend(camera, x * x + y * y);
  return [camera.centrePx[0] + camera.focalPx[0] * x * bent, camera.centrePx[1] + camera.focalPx[1] * y * bent];
}

/** Tangents (x right, y down) of the ray that a pixel sees: distortion taken out by fixed-point steps. */
export function rayOf(camera: Camera, [u, v]: Pixel): [x: number, y: number] {
  const bentX = (u - camera.centrePx[0]) / camera.focalPx[0];
  const bentY = (v - camera.centrePx[1]) / camera.focalPx[1];
  if (camera.radial[0] === 0 && camera.radial[1] === 0) return [bentX, bentY];
  let x = bentX;
  let y = bentY;
  for (let i = 0; i < 12; i++) {
    const bent = bend(camera, x * x + y * y);
    const before = x + y;
    x = bentX / bent;
    y = bentY / bent;
    if (Math.abs(x + y - before) < 1e-10) break;
  }
  return [x, y];
}

/** Where the pixel of a ray would be without distortion, and back. Straight edges are straight only there. */
export function straightened(camera: Camera, pixel: Pixel): [u: number, v: number] {
  const [x, y] = rayOf(camera, pixel);
  return [camera.centrePx[0] + camera.focalPx[0] * x, camera.centrePx[1] + camera.focalPx[1] * y];
}

export function bentBack(camera: Camera, [u, v]: Pixel): [u: number, v: number] {
  const x = (u - camera.centrePx[0]) / camera.focalPx[0];
  const y = (v - camera.centrePx[1]) / camera.focalPx[1];
  const bent = bend(camera, x * x + y * y);
  return [camera.centrePx[0] + camera.focalPx[0] * x * bent, camera.centrePx[1] + camera.focalPx[1] * y * bent];
}

/**
 * How the pixel moves with the point (2 x 3, into `byPoint` at row offset) and with the camera's unknowns (2 x 4).
 * The point must lie in front of the camera.
 */
export function projectionJacobian(
  camera: Camera,
  pointInCamera: Vec3,
): { byPoint: [Vec3, Vec3]; byCamera: [number, number, number, number][] } {
  const depth = -pointInCamera[2];
  const x = pointInCamera[0] / depth;
  const y = -pointInCamera[1] / depth;
  const r2 = x * x + y * y;
  const [k1, k2] = camera.radial;
  const bent = 1 + k1 * r2 + k2 * r2 * r2;
  const slope = 2 * (k1 + 2 * k2 * r2);
  const [fx, fy] = camera.focalPx;
  // Pixel by tangent.
  const ux = fx * (bent + slope * x * x);
  const uy = fx * slope * x * y;
  const vx = fy * slope * x * y;
  const vy = fy * (bent + slope * y * y);
  // Tangent by point: dx = dX / depth + x dZ / depth (depth = -Z), dy = -dY / depth + y dZ / depth.
  const by = 1 / depth;
  return {
    byPoint: [
      [ux * by, -uy * by, (ux * x + uy * y) * by],
      [vx * by, -vy * by, (vx * x + vy * y) * by],
    ],
    byCamera: [
      [fx * x * bent, 1, 0, fx * x * r2],
      [fy * y * bent, 0, 1, fy * y * r2],
    ],
  };
}

/** The camera after a step in its unknowns. */
export function movedCamera(camera: Camera, step: ArrayLike<number>, offset = 0): Camera {
  const share = Math.exp(step[offset]!);
  return {
    ...camera,
    focalPx: [camera.focalPx[0] * share, camera.focalPx[1] * share],
    centrePx: [camera.centrePx[0] + step[offset + 1]!, camera.centrePx[1] + step[offset + 2]!],
    radial: [camera.radial[0] + step[offset + 3]!, camera.radial[1]],
  };
}

/** How far `camera` is from `prior` in its unknowns. */
export function cameraDifference(camera: Camera, prior: Camera): [number, number, number, number] {
  return [
    Math.log(camera.focalPx[0] / prior.focalPx[0]),
    camera.centrePx[0] - prior.centrePx[0],
    camera.centrePx[1] - prior.centrePx[1],
    camera.radial[0] - prior.radial[0],
  ];
}

/** Variances of the unknowns, never quite zero so that the normal equations stay regular. */
export function cameraVariances({ sigma }: Camera): [number, number, number, number] {
  const square = (value: number, least: number) => Math.max(value, least) ** 2;
  const centre = square(sigma.centrePx, 1e-5);
  return [square(sigma.focalShare, 1e-8), centre, centre, square(sigma.k1, 1e-8)];
}

const bend = (camera: Camera, r2: number): number => 1 + camera.radial[0] * r2 + camera.radial[1] * r2 * r2;
