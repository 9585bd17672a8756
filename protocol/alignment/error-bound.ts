import { composePose, invertPose, rotateVec3, type Pose, type Vec3 } from '../spatial/index.ts';
import { POSE_UNKNOWNS } from './bundle.ts';
import { CAMERA_UNKNOWNS, projectionJacobian, type Camera } from './camera.ts';
import { length95 } from './chi-square.ts';
import { propagate } from './dense.ts';
import { add, cross } from './rotation.ts';

/** What a bound needs to know of an alignment. */
export interface Uncertain {
  readonly productInDevice: Pose;
  /** Of turn and shift of the product in the device's frame, turning about the product's origin: 6 x 6, row-major. */
  readonly poseCovariance: readonly number[];
  /** Cannot be smaller than this anywhere, whatever the statistics say: what the eye and the display add. */
  readonly leastM?: number;
}

/** How the overlay of a point of the product scatters in the device's space, 3 x 3. */
export function covarianceAt(alignment: Uncertain, pointInProduct: Vec3): Float64Array {
  const arm = rotateVec3(alignment.productInDevice.rotation, pointInProduct);
  const j = new Float64Array(3 * POSE_UNKNOWNS);
  for (let axis = 0; axis < 3; axis++) {
    const unit: Vec3 = [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
    j.set(cross(arm, unit), axis * POSE_UNKNOWNS);
    j[axis * POSE_UNKNOWNS + 3 + axis] = 1;
  }
  return propagate(j, 3, Float64Array.from(alignment.poseCovariance), POSE_UNKNOWNS);
}

/** In 95 % of cases the overlay of this point of the product lies nearer than this to the real one, metres in space. */
export function boundInSpaceM(alignment: Uncertain, pointInProduct: Vec3): number {
  return Math.max(alignment.leastM ?? 0, length95(covarianceAt(alignment, pointInProduct), 3));
}

/** What a bound across the view needs beside it: the camera whose picture the overlay is drawn on, and how both err together. */
export interface Seen extends Uncertain {
  readonly camera: Camera;
  readonly cameraInDevice: Pose;
  /** Pose and camera together, 10 x 10, row-major. */
  readonly jointCovariance: readonly number[];
}

/**
 * The same on the camera's own picture, measured across the view at the point's distance: a wrong focal length moves the product
 * in depth, but hardly moves its picture, because the overlay is drawn through the same camera. Infinite behind the camera.
 */
export function boundAcrossViewM(alignment: Seen, pointInProduct: Vec3): number {
  const turned = rotateVec3(alignment.productInDevice.rotation, pointInProduct);
  const deviceInCamera = invertPose(alignment.cameraInDevice);
  const inDevice = add(turned, alignment.productInDevice.position);
  const inCamera = composePose(deviceInCamera, { position: inDevice, rotation: [0, 0, 0, 1] }).position;
  const depth = -inCamera[2];
  if (depth < 1e-3) return Number.POSITIVE_INFINITY;
  const n = POSE_UNKNOWNS + CAMERA_UNKNOWNS;
  const { byPoint, byCamera } = projectionJacobian(alignment.camera, inCamera);
  const j = new Float64Array(2 * n);
  for (let row = 0; row < 2; row++) {
    const g = rotateVec3(alignment.cameraInDevice.rotation, byPoint[row]!);
    j.set(cross(turned, g), row * n);
    j.set(g, row * n + 3);
    j.set(byCamera[row]!, row * n + POSE_UNKNOWNS);
  }
  const px = length95(propagate(j, 2, Float64Array.from(alignment.jointCovariance), n), 2);
  return Math.max(alignment.leastM ?? 0, (px * depth) / alignment.camera.focalPx[0]);
}
