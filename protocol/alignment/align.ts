import { problem, type Problem } from '../errors.ts';
import { composePose, IDENTITY_POSE, invertPose, type Pose } from '../spatial/index.ts';
import { fitBundle, POSE_UNKNOWNS, type BundleFit } from './bundle.ts';
import { CAMERA_UNKNOWNS, project, type Camera } from './camera.ts';
import { surelyTooLarge } from './chi-square.ts';
import type { Seen } from './error-bound.ts';
import type { MarkerMap, PlacedMarker } from './marker-map.ts';
import { angleBetween, length, subtract } from './rotation.ts';
import type { Sighting } from './sighting.ts';
import { squareCorners, squarePoses } from './square-pose.ts';

export interface AlignOptions {
  /** A second pose that is worse by less than this (in chi-square) may as well be the right one. */
  ambiguity: number;
  /** Residuals larger than their stated noise by this factor are still believed; the bound grows with them. */
  toleratedScale: number;
  /** How many residuals the stated noise is worth when the scale is judged from few. */
  priorDegrees: number;
  /** Turns of two poses nearer than this are one pose. */
  samePoseRad: number;
}

const DEFAULTS: AlignOptions = { ambiguity: 12, toleratedScale: 1.6, priorDegrees: 6, samePoseRad: 0.02 };

/** Where the product is, how sure that is, and which markers say so. */
export interface MarkerAlignment extends Seen {
  readonly used: readonly string[];
  /** Seen, but not where the map has them: moved, bent, or partly hidden. */
  readonly rejected: readonly { code: string; offM: number }[];
  readonly residualPx: number;
  /** How much larger the residuals were than the detector's own statement; 1 when they agree. */
  readonly noiseScale: number;
}

export type AlignResult = { readonly alignment: MarkerAlignment } | { readonly refused: Problem };

/**
 * Aligns the product by markers seen in one or more pictures of a device that knows where its camera was.
 *
 * Pictures without `cameraInDevice` are all taken from the same place: the device is the camera. Refuses rather than guesses:
 * nothing known in view, two poses that explain a single marker alike, markers that contradict each other.
 */
export function alignByMarkers(
  map: MarkerMap,
  sightings: readonly Sighting[],
  camera: Camera,
  options: Partial<AlignOptions> = {},
): AlignResult {
  const rules = { ...DEFAULTS, ...options };
  const known = sightings.filter(({ code }) => map.markers.some((marker) => marker.code === code));
  const codes = [...new Set(known.map(({ code }) => code))];
  if (codes.length === 0) {
    return refuse(
      'no_marker',
      'None of this station’s markers is in view.',
      'Bring a marker of this station into view.',
      {
        seen: [...new Set(sightings.map(({ code }) => code))],
      },
    );
  }
  const all = bestFits(map, known, camera, rules);
  if (all.length === 0) {
    return refuse('no_pose', 'The markers in view give no pose.', 'Come nearer and look less from the side.', {
      seen: codes,
    });
  }
  if (isConsistent(all[0]!, rules)) return judged(all, known, [], rules);
  if (codes.length === 1) {
    return refuse(
      'marker_bent',
      `Marker ${codes[0]!} does not look like a flat square.`,
      'Make sure that the whole sheet is visible and flat, and hold still.',
      { codes, residualPx: all[0]!.residualPx },
    );
  }
  // One marker that stands elsewhere spoils the whole: find the one without which the others agree.
  const without = codes
    .map((code) => {
      const rest = known.filter((one) => one.code !== code);
      return { code, rest, fits: bestFits(map, rest, camera, rules) };
    })
    .filter(({ fits }) => fits.length > 0 && isConsistent(fits[0]!, rules))
    .sort((a, b) => a.fits[0]!.chiSquare - b.fits[0]!.chiSquare);
  const [best, second] = without;
  if (
    !best ||
    codes.length === 2 ||
    (second && second.fits[0]!.chiSquare < best.fits[0]!.chiSquare + rules.ambiguity)
  ) {
    return refuse(
      'markers_disagree',
      `Markers ${codes.join(', ')} contradict each other: at least one has been moved.`,
      'Check where the sheets stand, or bring one more marker into view.',
      { codes },
    );
  }
  const offM = strayOf(best.code, known, best.fits[0]!, map);
  return judged(best.fits, best.rest, [{ code: best.code, offM }], rules);
}

function judged(
  fits: readonly BundleFit[],
  sightings: readonly Sighting[],
  rejected: MarkerAlignment['rejected'],
  rules: AlignOptions,
): AlignResult {
  const [fit, other] = [fits[0]!, fits[1]];
  if (other && other.chiSquare < fit.chiSquare + rules.ambiguity * Math.max(1, fit.chiSquare / fit.degrees)) {
    return refuse(
      'pose_ambiguous',
      'Two poses explain this picture equally well.',
      'Step aside so that the marker is seen at an angle, come nearer, or bring a second marker into view.',
      { codes: sightings.map(({ code }) => code) },
    );
  }
  const factor = Math.max(1, (rules.priorDegrees + fit.chiSquare) / (rules.priorDegrees + fit.degrees));
  const joint = Array.from(fit.covariance, (value) => value * factor);
  const n = POSE_UNKNOWNS + CAMERA_UNKNOWNS;
  const poseCovariance = Array.from(
    { length: POSE_UNKNOWNS * POSE_UNKNOWNS },
    (_, i) => joint[Math.floor(i / POSE_UNKNOWNS) * n + (i % POSE_UNKNOWNS)]!,
  );
  return {
    alignment: {
      productInDevice: fit.productInDevice,
      poseCovariance,
      jointCovariance: joint,
      camera: fit.camera,
      cameraInDevice: sightings.at(-1)?.cameraInDevice ?? IDENTITY_POSE,
      used: [...new Set(sightings.map(({ code }) => code))],
      rejected,
      residualPx: fit.residualPx,
      noiseScale: Math.sqrt(factor),
    },
  };
}

const isConsistent = (fit: BundleFit, { toleratedScale }: AlignOptions): boolean =>
  fit.chiSquare < surelyTooLarge(fit.degrees) * toleratedScale ** 2;

/** Distinct fits from every marker's both poses, the best first. */
function bestFits(map: MarkerMap, sightings: readonly Sighting[], camera: Camera, rules: AlignOptions): BundleFit[] {
  const markers = map.markers.filter(({ code }) => sightings.some((sighting) => sighting.code === code));
  const starts = sightings
    .flatMap((sighting) => startsOf(sighting, markers, camera))
    .map((productInDevice) => ({ productInDevice, off: strayPx(productInDevice, markers, sightings, camera) }))
    .sort((a, b) => a.off - b.off);
  const chosen: typeof starts = [];
  for (const start of starts) {
    const isNew = chosen.every((one) => differ(one.productInDevice, start.productInDevice, 4 * rules.samePoseRad));
    if (isNew && chosen.length < 3) chosen.push(start);
  }
  const fits: BundleFit[] = [];
  for (const { productInDevice } of chosen) {
    const fit = fitBundle({ productInDevice, camera, markers }, sightings);
    if (fit && fits.every((one) => differ(one.productInDevice, fit.productInDevice, rules.samePoseRad))) fits.push(fit);
  }
  return fits.sort((a, b) => a.chiSquare - b.chiSquare);
}

const differ = (a: Pose, b: Pose, angleRad: number): boolean => angleBetween(a.rotation, b.rotation) > angleRad;

/** Where the product would be by one marker alone, both ways. */
function startsOf(sighting: Sighting, markers: readonly PlacedMarker[], camera: Camera): Pose[] {
  const { sizeM, poseInProduct } = markers.find(({ code }) => code === sighting.code)!;
  const productInMarker = invertPose(poseInProduct);
  const cameraInDevice = sighting.cameraInDevice ?? IDENTITY_POSE;
  return squarePoses(camera, sighting.cornersPx, sizeM).map((markerInCamera) =>
    composePose(cameraInDevice, composePose(markerInCamera, productInMarker)),
  );
}

/** How badly a pose explains all sightings; a marker that was moved counts no more than FAR_PX, so it cannot vote for itself. */
function strayPx(
  product: Pose,
  markers: readonly PlacedMarker[],
  sightings: readonly Sighting[],
  camera: Camera,
): number {
  const FAR_PX = 60;
  let sum = 0;
  for (const sighting of sightings) {
    const { sizeM, poseInProduct } = markers.find(({ code }) => code === sighting.code)!;
    const inDevice = composePose(product, poseInProduct);
    const inCamera = composePose(invertPose(sighting.cameraInDevice ?? IDENTITY_POSE), inDevice);
    let worst = 0;
    for (const [k, corner] of squareCorners(sizeM).entries()) {
      const at = composePose(inCamera, { position: corner, rotation: [0, 0, 0, 1] }).position;
      const pixel = project(camera, at);
      const seen = sighting.cornersPx[k]!;
      worst = Math.max(worst, pixel ? Math.hypot(pixel[0] - seen[0], pixel[1] - seen[1]) : FAR_PX);
    }
    sum += Math.min(worst, FAR_PX);
  }
  return sum;
}

/** How far a rejected marker stands from its place in the map, metres, by the alignment of the others. */
function strayOf(code: string, sightings: readonly Sighting[], fit: BundleFit, map: MarkerMap): number {
  const placed = map.markers.find((marker) => marker.code === code)!;
  const sighting = sightings.find((one) => one.code === code)!;
  const cameraInDevice = sighting.cameraInDevice ?? IDENTITY_POSE;
  const offs = squarePoses(fit.camera, sighting.cornersPx, placed.sizeM).map((markerInCamera) => {
    const inProduct = composePose(invertPose(fit.productInDevice), composePose(cameraInDevice, markerInCamera));
    return length(subtract(inProduct.position, placed.poseInProduct.position));
  });
  return Math.min(...offs);
}

const refuse = (key: string, message: string, next: string, facts: Problem['facts']): { refused: Problem } => ({
  refused: problem('alignment', key, message, { facts, next }),
});
