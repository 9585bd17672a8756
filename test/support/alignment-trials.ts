import {
  alignByMarkers,
  boundAcrossViewM,
  boundInSpaceM,
  CAREFUL_PLACE,
  project,
  tagModules,
  type Camera,
  type CameraSigma,
  type MarkerMap,
  type PlaceSigma,
  type Sighting,
} from '#protocol/alignment/index';
import { composePose, IDENTITY_POSE, type Pose, type Vec3 } from '#protocol/spatial/index';
import { findTags, type GrayPicture } from '../../client/align/index.ts';
import { dice, type Dice } from './dice.ts';
import { shoot, type PrintedMarker } from './rendered-camera.ts';

/** A camera after our calibration: what is left unknown of it. */
export const CALIBRATED: CameraSigma = { focalShare: 0.001, centrePx: 1, k1: 0.002 };

export interface TrialOptions {
  distanceM: number;
  tiltRad: number;
  blurPx: number;
  motionPx: number;
  /** Round things before the camera, each over or near a marker. */
  hidden: number;
  markers: number;
  sigma: CameraSigma;
  place: PlaceSigma;
}

const DEFAULTS: TrialOptions = {
  distanceM: 1,
  tiltRad: 0.5,
  blurPx: 0.7,
  motionPx: 0,
  hidden: 0,
  markers: 3,
  sigma: CALIBRATED,
  place: CAREFUL_PLACE,
};

/** One picture: the truth, what was known beforehand, and the picture. */
export interface Staged {
  readonly productInCamera: Pose;
  readonly real: Camera;
  readonly believed: Camera;
  readonly map: MarkerMap;
  readonly picture: GrayPicture;
  /** A place of the product that somebody looks at. */
  readonly point: Vec3;
}

export interface Trial {
  readonly inView: number;
  readonly found: number;
  readonly refused: string | null;
  readonly errorM: number;
  readonly boundM: number;
  readonly errorAcrossM: number;
  readonly boundAcrossM: number;
}

const PRODUCT_PLACES: readonly Vec3[] = [
  [-0.25, 0, 0],
  [0.25, 0.02, 0.03],
  [0.02, 0.22, -0.05],
];

/** Sheets of 120 mm round a product of half a metre. */
export function stationMap(place: PlaceSigma, markers = 3): MarkerMap {
  const turns: Pose['rotation'][] = [
    [0, 0, 0, 1],
    [0, 0.1305262, 0, 0.9914449],
    [-0.0871557, 0, 0, 0.9961947],
  ];
  return {
    version: 1,
    station: 'Gearbox bench',
    markers: PRODUCT_PLACES.slice(0, markers).map((position, i) => ({
      code: `36h11/${i + 1}`,
      sizeM: 0.12,
      poseInProduct: { position, rotation: turns[i]! },
      sigma: place,
    })),
  };
}

/**
 * Everything that is only known within its stated doubt is drawn from that doubt: where the sheets really stand, how large they were
 * printed, the real camera, its tone curve; then a picture is taken.
 */
export function stage(seed: number, options: Partial<TrialOptions> = {}): Staged {
  const trial = { ...DEFAULTS, ...options };
  const roll = dice(seed * 7919 + 13);
  const map = stationMap(trial.place, trial.markers);
  const believed: Camera = {
    widthPx: 1280,
    heightPx: 720,
    focalPx: [950, 950],
    centrePx: [640, 360],
    radial: [-0.08, 0.02],
    sigma: trial.sigma,
  };
  const focal = 950 * (1 + trial.sigma.focalShare * roll.normal());
  const real: Camera = {
    ...believed,
    focalPx: [focal, focal],
    centrePx: [640 + trial.sigma.centrePx * roll.normal(), 360 + trial.sigma.centrePx * roll.normal()],
    radial: [-0.08 + trial.sigma.k1 * roll.normal(), 0.02],
  };
  const productInCamera = standing(trial, roll);
  const printed = map.markers.map(({ code, sizeM, poseInProduct, sigma }): PrintedMarker => {
    const modules = tagModules(Number(code.slice(code.indexOf('/') + 1)));
    const off = (scale: number): Vec3 => [scale * roll.normal(), scale * roll.normal(), scale * roll.normal()];
    const [x, y, z] = off(sigma.angleRad / 2);
    const strayed = composePose(
      {
        position: poseInProduct.position.map((value, k) => value + off(sigma.positionM)[k]!) as Vec3,
        rotation: poseInProduct.rotation,
      },
      { position: [0, 0, 0], rotation: [x, y, z, Math.sqrt(1 - x * x - y * y - z * z)] },
    );
    return {
      modules: 8,
      margin: 2,
      sizeM: sizeM * (1 + sigma.sizeShare * roll.normal()),
      poseInCamera: composePose(productInCamera, strayed),
      inkAt: (column, row) => !modules[row * 8 + column],
    };
  });
  const heading = roll.uniform(0, 2 * Math.PI);
  const hiding = Array.from({ length: trial.hidden }, () => {
    const middle = project(real, printed[Math.floor(roll.uniform(0, printed.length))]!.poseInCamera.position) ?? [0, 0];
    const reach = (0.09 * 950) / trial.distanceM;
    const at: [number, number] = [middle[0] + roll.uniform(-1, 1) * reach, middle[1] + roll.uniform(-1, 1) * reach];
    return { at, radiusPx: roll.uniform(0.1, 0.4) * reach, light: roll.uniform(0.02, 0.5) };
  });
  const picture = shoot(real, printed, {
    seed,
    blurPx: trial.blurPx,
    motionPx: [trial.motionPx * Math.cos(heading), trial.motionPx * Math.sin(heading)],
    motionRollRad: trial.motionPx === 0 ? 0 : 0.002 * roll.normal(),
    lightGradient: roll.uniform(0, 0.5),
    toneError: 0.06 * roll.normal(),
    exposure: roll.uniform(0.5, 0.95),
    hiding,
  });
  const point: Vec3 = [roll.uniform(-0.25, 0.25), roll.uniform(-0.05, 0.25), roll.uniform(-0.1, 0.1)];
  return { productInCamera, real, believed, map, picture, point };
}

/** The product before the camera: tilted about an axis in the picture, turned about the line of sight, near the middle. */
function standing({ distanceM, tiltRad }: TrialOptions, roll: Dice): Pose {
  const about = roll.uniform(0, 2 * Math.PI);
  const tilt: Pose['rotation'] = [
    Math.sin(tiltRad / 2) * Math.cos(about),
    Math.sin(tiltRad / 2) * Math.sin(about),
    0,
    Math.cos(tiltRad / 2),
  ];
  const turn = roll.uniform(-Math.PI, Math.PI) / 2;
  const rolled = composePose(
    { position: [0, 0, 0], rotation: [0, 0, Math.sin(turn), Math.cos(turn)] },
    { position: [0, -0.08, 0], rotation: tilt },
  );
  return {
    position: [
      rolled.position[0] + 0.05 * distanceM * roll.normal(),
      rolled.position[1] + 0.02 * distanceM * roll.normal(),
      -distanceM,
    ],
    rotation: rolled.rotation,
  };
}

export function judge(staged: Staged, sightings: readonly Sighting[]): Trial {
  const { map, believed, productInCamera, real, point } = staged;
  const inView = map.markers.filter(({ poseInProduct }) =>
    isWhole(real, composePose(productInCamera, poseInProduct)),
  ).length;
  const found = sightings.filter(({ code }) => map.markers.some((marker) => marker.code === code)).length;
  const result = alignByMarkers(map, sightings, believed);
  if ('refused' in result) {
    const none = Number.NaN;
    return {
      inView,
      found,
      refused: result.refused.key,
      errorM: none,
      boundM: none,
      errorAcrossM: none,
      boundAcrossM: none,
    };
  }
  const { alignment } = result;
  const at: Pose = { position: point, rotation: IDENTITY_POSE.rotation };
  const [shown, truth] = [
    composePose(alignment.productInDevice, at).position,
    composePose(productInCamera, at).position,
  ];
  const [drawn, seen] = [project(alignment.camera, shown), project(real, truth)];
  return {
    inView,
    found,
    refused: null,
    errorM: Math.hypot(shown[0] - truth[0], shown[1] - truth[1], shown[2] - truth[2]),
    boundM: boundInSpaceM(alignment, point),
    errorAcrossM: (Math.hypot(drawn![0] - seen![0], drawn![1] - seen![1]) * -truth[2]) / 950,
    boundAcrossM: boundAcrossViewM(alignment, point),
  };
}

export function trialOf(seed: number, options: Partial<TrialOptions> = {}): Trial {
  const staged = stage(seed, options);
  return judge(staged, findTags(staged.picture, staged.believed).sightings);
}

function isWhole(camera: Camera, markerInCamera: Pose): boolean {
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].every(([x, y]) => {
    const corner: Pose = { position: [0.075 * x!, 0.075 * y!, 0], rotation: IDENTITY_POSE.rotation };
    const pixel = project(camera, composePose(markerInCamera, corner).position);
    return (
      pixel !== null && pixel[0] > 3 && pixel[1] > 3 && pixel[0] < camera.widthPx - 3 && pixel[1] < camera.heightPx - 3
    );
  });
}

/** Probability of at most `hits` of `n` when each happens with `share`. */
export function binomialBelow(hits: number, n: number, share: number): number {
  let log = n * Math.log(1 - share);
  let sum = 0;
  for (let k = 0; k <= hits; k++) {
    sum += Math.exp(log);
    log += Math.log((n - k) / (k + 1)) + Math.log(share / (1 - share));
  }
  return Math.min(1, sum);
}
