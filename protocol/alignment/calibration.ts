import { problem, type Problem } from '../errors.ts';
import { composePose, multiplyQuat, normalizeQuat, rotateVec3, type Pose } from '../spatial/index.ts';
import { alignByMarkers } from './align.ts';
import { POSE_UNKNOWNS } from './bundle.ts';
import {
  CAMERA_UNKNOWNS,
  cameraDifference,
  cameraFromFieldOfView,
  cameraVariances,
  movedCamera,
  project,
  projectionJacobian,
  type Camera,
} from './camera.ts';
import { accumulate, cholesky, forwardSolve, invertSymmetric, solveSymmetric } from './dense.ts';
import type { MarkerMap } from './marker-map.ts';
import { add, cross, turn } from './rotation.ts';
import type { Sighting } from './sighting.ts';
import { squareCorners } from './square-pose.ts';

export interface CalibrationOptions {
  leastViews: number;
  /** A focal length less certain than this (share) is not worth keeping: the views were too alike. */
  mostFocalSigma: number;
}

const DEFAULTS: CalibrationOptions = { leastViews: 5, mostFocalSigma: 0.005 };

export interface Calibration {
  readonly camera: Camera;
  readonly residualPx: number;
  readonly views: number;
}

/**
 * A camera from several pictures of one sheet whose markers lie flat and true to size: focal length, centre and first radial term,
 * each with its doubt. Views must differ in tilt; frontal ones tell nothing of the focal length.
 */
export function calibrate(
  map: MarkerMap,
  views: readonly (readonly Sighting[])[],
  widthPx: number,
  heightPx: number,
  options: Partial<CalibrationOptions> = {},
): { readonly calibration: Calibration } | { readonly refused: Problem } {
  const rules = { ...DEFAULTS, ...options };
  const useful = views
    .map((view) => view.filter(({ code }) => map.markers.some((marker) => marker.code === code)))
    .filter((view) => view.length > 0);
  if (useful.length < rules.leastViews) {
    return refuse(
      'too_few_views',
      `${useful.length} of at least ${rules.leastViews} pictures show the sheet.`,
      'Take more pictures of the sheet.',
      {
        views: useful.length,
      },
    );
  }
  let best: Solution | null = null;
  // Whatever the lens: the fit is started from narrow to wide, and the best one kept.
  for (const fieldOfView of [0.7, 0.95, 1.2, 1.5]) {
    const guess = cameraFromFieldOfView(widthPx, heightPx, fieldOfView);
    const loose = { ...guess, sigma: { focalShare: 1, centrePx: 0.05 * widthPx, k1: 0.5 } };
    const poses = useful.map((view) => startOf(map, view, guess));
    const solution = solve(map, useful, loose, poses);
    if (solution && (!best || solution.chiSquare < best.chiSquare)) best = solution;
  }
  if (!best) {
    return refuse('no_calibration', 'The pictures fit no camera.', 'Take them again: sheet flat and sharp.', {
      views: useful.length,
    });
  }
  const degrees = Math.max(1, best.equations - best.unknowns);
  const scale = Math.max(1, best.chiSquare / degrees);
  const sigma = best.variances.map((variance) => Math.sqrt(variance * scale));
  if (sigma[0]! > rules.mostFocalSigma) {
    return refuse(
      'calibration_weak',
      `The focal length is known only to ${(100 * sigma[0]!).toFixed(1)} %.`,
      'Take pictures from the side, from above and below, near and far.',
      { focalSigma: sigma[0]!, views: useful.length },
    );
  }
  const camera: Camera = {
    ...best.camera,
    sigma: { focalShare: sigma[0]!, centrePx: Math.max(sigma[1]!, sigma[2]!), k1: sigma[3]! },
  };
  return { calibration: { camera, residualPx: best.residualPx, views: useful.length } };
}

function startOf(map: MarkerMap, view: readonly Sighting[], camera: Camera): Pose {
  const result = alignByMarkers(map, view, camera, { toleratedScale: 1e6, ambiguity: 0 });
  return 'alignment' in result ? result.alignment.productInDevice : { position: [0, 0, -1], rotation: [0, 0, 0, 1] };
}

interface Solution {
  readonly camera: Camera;
  readonly chiSquare: number;
  readonly residualPx: number;
  readonly variances: readonly number[];
  readonly equations: number;
  readonly unknowns: number;
}

/** Levenberg-Marquardt over the camera and one pose for each view. */
function solve(
  map: MarkerMap,
  views: readonly (readonly Sighting[])[],
  prior: Camera,
  starts: readonly Pose[],
): Solution | null {
  const n = CAMERA_UNKNOWNS + POSE_UNKNOWNS * views.length;
  let camera = prior;
  let poses = [...starts];
  let now = equationsOf(map, views, camera, poses, prior, n);
  let damping = 1e-3;
  for (let i = 0; now && i < 60; i++) {
    const damped = now.normal.slice();
    for (let d = 0; d < n; d++) damped[d * n + d]! *= 1 + damping;
    const step = solveSymmetric(damped, n, now.right);
    const nextCamera = step ? movedCamera(camera, step) : camera;
    const nextPoses = poses.map((pose, v) => (step ? moved(pose, step, CAMERA_UNKNOWNS + POSE_UNKNOWNS * v) : pose));
    const next = step && equationsOf(map, views, nextCamera, nextPoses, prior, n);
    if (next && next.chiSquare < now.chiSquare) {
      const isDone = now.chiSquare - next.chiSquare < 1e-8 * now.chiSquare;
      [camera, poses, now] = [nextCamera, nextPoses, next];
      damping = Math.max(damping / 10, 1e-10);
      if (isDone) break;
    } else {
      damping *= 10;
      if (damping > 1e8) break;
    }
  }
  const inverse = now && invertSymmetric(now.normal, n);
  if (!now || !inverse) return null;
  const variances = [0, 1, 2, 3].map((k) => inverse[k * n + k]!);
  return {
    camera,
    chiSquare: now.chiSquare,
    residualPx: now.residualPx,
    variances,
    equations: now.equations,
    unknowns: n,
  };
}

function moved(pose: Pose, step: Float64Array, at: number): Pose {
  return {
    position: add(pose.position, [step[at + 3]!, step[at + 4]!, step[at + 5]!]),
    rotation: normalizeQuat(multiplyQuat(turn([step[at]!, step[at + 1]!, step[at + 2]!]), pose.rotation)),
  };
}

/** A marker knows of the camera and of its own picture's pose, and of no other: nine tenths of the work are noughts. */
const OWN = CAMERA_UNKNOWNS + POSE_UNKNOWNS;

interface Equations {
  readonly normal: Float64Array;
  readonly right: Float64Array;
  readonly chiSquare: number;
  readonly residualPx: number;
  readonly equations: number;
}

function equationsOf(
  map: MarkerMap,
  views: readonly (readonly Sighting[])[],
  camera: Camera,
  poses: readonly Pose[],
  prior: Camera,
  n: number,
): Equations | null {
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  let [chiSquare, squares, equations] = [0, 0, 0];
  for (const [v, view] of views.entries()) {
    const pose = poses[v]!;
    for (const sighting of view) {
      const { sizeM, poseInProduct } = map.markers.find(({ code }) => code === sighting.code)!;
      const spread = cholesky(Float64Array.from(sighting.covariancePx2), 8);
      if (!spread) return null;
      const j = new Float64Array(8 * OWN);
      const r = new Float64Array(8);
      for (const [k, corner] of squareCorners(sizeM).entries()) {
        const inProduct = composePose(poseInProduct, { position: corner, rotation: [0, 0, 0, 1] }).position;
        const arm = rotateVec3(pose.rotation, inProduct);
        const inCamera = add(arm, pose.position);
        const pixel = project(camera, inCamera);
        if (!pixel) return null;
        const { byPoint, byCamera } = projectionJacobian(camera, inCamera);
        for (let row = 0; row < 2; row++) {
          r[2 * k + row] = sighting.cornersPx[k]![row]! - pixel[row]!;
          squares += r[2 * k + row]! ** 2;
          j.set(byCamera[row]!, (2 * k + row) * OWN);
          j.set(cross(arm, byPoint[row]!), (2 * k + row) * OWN + CAMERA_UNKNOWNS);
          j.set(byPoint[row]!, (2 * k + row) * OWN + CAMERA_UNKNOWNS + 3);
        }
      }
      forwardSolve(spread, 8, j, OWN);
      forwardSolve(spread, 8, r, 1);
      for (const value of r) chiSquare += value * value;
      equations += 8;
      const [ownNormal, ownRight] = [new Float64Array(OWN * OWN), new Float64Array(OWN)];
      accumulate(ownNormal, ownRight, j, r, OWN);
      const at = (own: number) => (own < CAMERA_UNKNOWNS ? own : own + POSE_UNKNOWNS * v);
      for (let a = 0; a < OWN; a++) {
        right[at(a)]! += ownRight[a]!;
        for (let b = 0; b < OWN; b++) normal[at(a) * n + at(b)]! += ownNormal[a * OWN + b]!;
      }
    }
  }
  const variances = cameraVariances(prior);
  for (const [d, off] of cameraDifference(camera, prior).entries()) {
    normal[d * n + d]! += 1 / variances[d]!;
    right[d]! -= off / variances[d]!;
    chiSquare += (off * off) / variances[d]!;
  }
  if (!Number.isFinite(chiSquare)) return null;
  return { normal, right, chiSquare, residualPx: Math.sqrt((2 * squares) / equations), equations };
}

const refuse = (key: string, message: string, next: string, facts: Problem['facts']): { refused: Problem } => ({
  refused: problem('alignment', key, message, { facts, next }),
});
