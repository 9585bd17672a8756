import {
  composePose,
  IDENTITY_POSE,
  invertPose,
  multiplyQuat,
  normalizeQuat,
  rotateVec3,
  type Pose,
  type Quat,
  type Vec3,
} from '../spatial/index.ts';
import {
  CAMERA_UNKNOWNS,
  cameraDifference,
  cameraVariances,
  movedCamera,
  project,
  projectionJacobian,
  type Camera,
} from './camera.ts';
import { accumulate, cholesky, forwardSolve, invertSymmetric, solveSymmetric } from './dense.ts';
import type { PlacedMarker } from './marker-map.ts';
import { cross, turn } from './rotation.ts';
import type { Sighting } from './sighting.ts';
import { squareCorners } from './square-pose.ts';

/** Turn and shift of the product, in this order, then the camera, then seven for each marker (turn, shift, log size). */
export const POSE_UNKNOWNS = 6;
const MARKER_UNKNOWNS = 7;
const FIRST_MARKER = POSE_UNKNOWNS + CAMERA_UNKNOWNS;
const STEPS = 25;

export interface BundleState {
  readonly productInDevice: Pose;
  readonly camera: Camera;
  /** As the fit sees them now; the map's places are their prior. */
  readonly markers: readonly PlacedMarker[];
}

export interface BundleFit extends BundleState {
  /** Squared residuals over their variances, priors included; expected about `degrees`. */
  readonly chiSquare: number;
  readonly degrees: number;
  /** Root mean square of the corners' distances, pixels. */
  readonly residualPx: number;
  /** Of turn and shift of the product (in the device's frame, turning about the product's origin) and of the camera: 10 x 10. */
  readonly covariance: Float64Array;
}

interface Frame {
  readonly sighting: Sighting;
  readonly marker: number;
  readonly deviceInCamera: Pose;
  /** Lower triangle of the corners' covariance. */
  readonly spread: Float64Array;
}

/**
 * The product's pose from all corners at once: Levenberg-Marquardt over the pose, the camera's unknowns and the markers'
 * places, each of the latter held by what was known before. What is uncertain beforehand is therefore uncertain afterwards in
 * the right proportion, also where one marker is seen in many pictures.
 *
 * Null when a sighting's covariance is no covariance, a marker is not in the list, or nothing converges.
 */
export function fitBundle(start: BundleState, sightings: readonly Sighting[]): BundleFit | null {
  const frames: Frame[] = [];
  for (const sighting of sightings) {
    const marker = start.markers.findIndex(({ code }) => code === sighting.code);
    const spread = cholesky(Float64Array.from(sighting.covariancePx2), 8);
    if (marker < 0 || !spread) return null;
    frames.push({ sighting, marker, spread, deviceInCamera: invertPose(sighting.cameraInDevice ?? IDENTITY_POSE) });
  }
  const prior = start;
  const n = FIRST_MARKER + MARKER_UNKNOWNS * start.markers.length;
  let state = start;
  let now = costOf(state, prior, frames);
  if (now === null) return null;
  let damping = 1e-4;
  for (let i = 0; i < STEPS; i++) {
    const { normal, right } = equations(state, prior, frames, n);
    let better: BundleState | null = null;
    let decrease = 0;
    for (let attempt = 0; attempt < 8 && !better; attempt++) {
      const damped = normal.slice();
      for (let d = 0; d < n; d++) damped[d * n + d]! *= 1 + damping;
      const step = solveSymmetric(damped, n, right);
      const next = step && moved(state, step);
      const cost = next && costOf(next, prior, frames);
      if (next && cost !== null && cost <= now) {
        better = next;
        decrease = now - cost;
        now = cost;
        damping = Math.max(damping / 10, 1e-12);
      } else damping *= 10;
    }
    if (!better) break;
    state = better;
    if (decrease < 1e-7 * (1 + now) && damping < 1e-3) break;
  }
  const { normal } = equations(state, prior, frames, n);
  const inverse = invertSymmetric(normal, n);
  if (!inverse) return null;
  const covariance = new Float64Array(FIRST_MARKER * FIRST_MARKER);
  for (let r = 0; r < FIRST_MARKER; r++)
    for (let c = 0; c < FIRST_MARKER; c++) covariance[r * FIRST_MARKER + c] = inverse[r * n + c]!;
  let squares = 0;
  for (const frame of frames) for (const d of residuals(state, frame) ?? []) squares += d * d;
  return {
    ...state,
    chiSquare: now,
    degrees: 8 * frames.length - POSE_UNKNOWNS,
    residualPx: Math.sqrt(squares / (4 * frames.length)),
    covariance,
  };
}

/** Seen minus expected pixels of the four corners; null when one lies behind the camera. */
function residuals(state: BundleState, { sighting, marker, deviceInCamera }: Frame): Float64Array | null {
  const { sizeM, poseInProduct } = state.markers[marker]!;
  const markerInCamera = composePose(deviceInCamera, composePose(state.productInDevice, poseInProduct));
  const out = new Float64Array(8);
  for (const [k, corner] of squareCorners(sizeM).entries()) {
    const turned = rotateVec3(markerInCamera.rotation, corner);
    const [x, y, z] = markerInCamera.position;
    const pixel = project(state.camera, [turned[0] + x, turned[1] + y, turned[2] + z]);
    if (!pixel) return null;
    out[2 * k] = sighting.cornersPx[k]![0] - pixel[0];
    out[2 * k + 1] = sighting.cornersPx[k]![1] - pixel[1];
  }
  return out;
}

function costOf(state: BundleState, prior: BundleState, frames: readonly Frame[]): number | null {
  let cost = 0;
  for (const frame of frames) {
    const r = residuals(state, frame);
    if (!r) return null;
    forwardSolve(frame.spread, 8, r, 1);
    for (const value of r) cost += value * value;
  }
  for (const { off, variance } of priorsOf(state, prior)) cost += (off * off) / variance;
  return Number.isFinite(cost) ? cost : null;
}

/** What the state strays from before anything was seen, unknown by unknown from the camera on. */
function priorsOf(state: BundleState, prior: BundleState): { off: number; variance: number }[] {
  const camera = cameraDifference(state.camera, prior.camera);
  const out = cameraVariances(prior.camera).map((variance, i) => ({ off: camera[i]!, variance }));
  for (const [m, { poseInProduct, sizeM, sigma }] of prior.markers.entries()) {
    const at = state.markers[m]!;
    const w = turnBetween(poseInProduct.rotation, at.poseInProduct.rotation);
    const angle = Math.max(sigma.angleRad, 1e-7) ** 2;
    const place = Math.max(sigma.positionM, 1e-8) ** 2;
    for (let k = 0; k < 3; k++) out.push({ off: w[k]!, variance: angle });
    for (let k = 0; k < 3; k++)
      out.push({ off: at.poseInProduct.position[k]! - poseInProduct.position[k]!, variance: place });
    out.push({ off: Math.log(at.sizeM / sizeM), variance: Math.max(sigma.sizeShare, 1e-8) ** 2 });
  }
  return out;
}

/** Turn vector that brings `from` to `to`; small turns only (first order beyond a degree or so). */
function turnBetween(from: Quat, to: Quat): Vec3 {
  const q = multiplyQuat(to, [-from[0], -from[1], -from[2], from[3]]);
  const sign = q[3] < 0 ? -2 : 2;
  return [sign * q[0], sign * q[1], sign * q[2]];
}

function equations(
  state: BundleState,
  prior: BundleState,
  frames: readonly Frame[],
  n: number,
): { normal: Float64Array; right: Float64Array } {
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  const { productInDevice } = state;
  for (const frame of frames) {
    const { sizeM, poseInProduct } = state.markers[frame.marker]!;
    const j = new Float64Array(8 * n);
    const toCamera = frame.deviceInCamera.rotation;
    for (const [k, corner] of squareCorners(sizeM).entries()) {
      const onMarker = rotateVec3(poseInProduct.rotation, corner);
      const inProduct: Vec3 = [0, 1, 2].map((i) => onMarker[i]! + poseInProduct.position[i]!) as Vec3;
      const turned = rotateVec3(productInDevice.rotation, inProduct);
      const inDevice: Vec3 = [0, 1, 2].map((i) => turned[i]! + productInDevice.position[i]!) as Vec3;
      const rotated = rotateVec3(toCamera, inDevice);
      const inCamera = [0, 1, 2].map((i) => rotated[i]! + frame.deviceInCamera.position[i]!) as Vec3;
      const { byPoint, byCamera } = projectionJacobian(state.camera, inCamera);
      for (let row = 0; row < 2; row++) {
        // The row as a covector in the device's frame, then in the product's.
        const inverse: Quat = [-toCamera[0], -toCamera[1], -toCamera[2], toCamera[3]];
        const g = rotateVec3(inverse, byPoint[row]!);
        const rotation = productInDevice.rotation;
        const h = rotateVec3([-rotation[0], -rotation[1], -rotation[2], rotation[3]], g);
        // g · (w x p) = w · (p x g)
        const at = (2 * k + row) * n;
        const first = at + FIRST_MARKER + MARKER_UNKNOWNS * frame.marker;
        j.set(cross(turned, g), at);
        j.set(g, at + 3);
        j.set(byCamera[row]!, at + POSE_UNKNOWNS);
        j.set(cross(onMarker, h), first);
        j.set(h, first + 3);
        j[first + 6] = h[0] * onMarker[0] + h[1] * onMarker[1] + h[2] * onMarker[2];
      }
    }
    const r = residuals(state, frame) ?? new Float64Array(8);
    forwardSolve(frame.spread, 8, j, n);
    forwardSolve(frame.spread, 8, r, 1);
    accumulate(normal, right, j, r, n);
  }
  for (const [i, { off, variance }] of priorsOf(state, prior).entries()) {
    const d = POSE_UNKNOWNS + i;
    normal[d * n + d]! += 1 / variance;
    right[d]! -= off / variance;
  }
  return { normal, right };
}

function moved(state: BundleState, step: Float64Array): BundleState {
  const shifted = (pose: Pose, at: number): Pose => ({
    position: [0, 1, 2].map((k) => pose.position[k]! + step[at + 3 + k]!) as Vec3,
    rotation: normalizeQuat(multiplyQuat(turn([step[at]!, step[at + 1]!, step[at + 2]!]), pose.rotation)),
  });
  return {
    productInDevice: shifted(state.productInDevice, 0),
    camera: movedCamera(state.camera, step, POSE_UNKNOWNS),
    markers: state.markers.map((marker, m) => {
      const at = FIRST_MARKER + MARKER_UNKNOWNS * m;
      return {
        ...marker,
        poseInProduct: shifted(marker.poseInProduct, at),
        sizeM: marker.sizeM * Math.exp(step[at + 6]!),
      };
    }),
  };
}
