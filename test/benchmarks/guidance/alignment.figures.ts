import { evenNoise, project, squareCorners, type Pixel, type Sighting } from '#protocol/alignment/index';
import { composePose } from '#protocol/spatial/index';
import { judge, stage, trialOf, type Staged, type Trial } from '../../support/alignment-trials.ts';
import { percentile, sizeOf, type Figure, type Part } from '../figures.ts';
import { jsAruco, openCv, ours, type Detector } from './js-detectors.ts';

/** Pictures of known pose for each distance and for each condition. */
const PICTURES = sizeOf('ALIGNMENT_PICTURES', 16);
const DEG = Math.PI / 180;

/** The same pictures for every detector; poses by the same solver, so that only corners and time differ. */
export const detectors: Part = { name: 'detectors', measure: compare };

/** How far off, and what was stated, by distance, tilt and blur. */
export const conditions: Part = { name: 'alignment', measure: () => Promise.resolve(byCondition()) };

async function compare(): Promise<Figure[]> {
  const detectorsInTurn: Detector[] = [ours, jsAruco(), await openCv(1), await openCv(3)];
  const pictures = [1, 3].flatMap((distanceM) =>
    Array.from({ length: PICTURES }, (_, i) => ({
      distanceM,
      staged: stage(5000 * distanceM + i, {
        distanceM,
        tiltRad: ((i * 7) % 56) * DEG,
        blurPx: 0.5 + (i % 3) * 0.3,
        // Sheets and camera exactly as believed: what is left is the detector's.
        sigma: { focalShare: 0, centrePx: 0, k1: 0 },
        place: { positionM: 0, angleRad: 0, sizeShare: 0 },
      }),
    })),
  );
  const figures: Figure[] = [];
  for (const detector of detectorsInTurn) {
    for (const { staged } of pictures.slice(0, 3)) detector.find(staged.picture, staged.believed);
    for (const distanceM of [1, 3]) {
      const here = pictures.filter((one) => one.distanceM === distanceM);
      const corners: number[] = [];
      const times: number[] = [];
      const trials: Trial[] = [];
      for (const { staged } of here) {
        const from = process.cpuUsage();
        const found = detector.find(staged.picture, staged.believed);
        const spent = process.cpuUsage(from);
        times.push((spent.user + spent.system) / 1000);
        const sightings = found.flatMap((one) => matched(staged, one, corners));
        trials.push(judge(staged, sightings));
      }
      const inView = trials.reduce((sum, one) => sum + one.inView, 0);
      const found = trials.reduce((sum, one) => sum + Math.min(one.found, one.inView), 0);
      const errors = trials.filter(({ refused }) => refused === null).map(({ errorM }) => 1000 * errorM);
      const note = `${here.length} pictures of 1280 x 720, tags of 120 mm, ${detector.name}`;
      const at = `${detector.name}, ${distanceM} m`;
      const isOurs = detector === ours;
      figures.push(
        { name: `${at}: tags found`, measured: (100 * found) / inView, unit: '%', note },
        { name: `${at}: corner error, median`, measured: percentile(corners, 0.5), unit: 'px', note },
        {
          name: `${at}: overlay error, median`,
          measured: percentile(errors, 0.5),
          unit: 'mm',
          note,
          ...(isOurs ? { target: distanceM === 1 ? 3 : 8 } : {}),
        },
        { name: `${at}: processor time a frame, median`, measured: percentile(times, 0.5), unit: 'ms', note },
      );
    }
  }
  return figures;
}

/** Corners in the order of the truth (detectors name them differently), their errors noted. */
function matched(
  { map, productInCamera, real }: Staged,
  { code, corners, covariancePx2 }: ReturnType<Detector['find']>[number],
  errors: number[],
): Sighting[] {
  const marker = map.markers.find((one) => one.code === code);
  if (!marker) return [];
  const inCamera = composePose(productInCamera, marker.poseInProduct);
  const ordered = squareCorners(marker.sizeM).map((corner) => {
    const [u, v] = project(real, composePose(inCamera, { position: corner, rotation: [0, 0, 0, 1] }).position)!;
    const off = (pixel: Pixel) => Math.hypot(pixel[0] - u, pixel[1] - v);
    const nearest = corners.toSorted((a, b) => off(a) - off(b))[0]!;
    errors.push(off(nearest));
    return nearest;
  });
  return [
    {
      code,
      cornersPx: ordered as never as Sighting['cornersPx'],
      // Others state no noise: half a pixel, at which the solver believes them.
      covariancePx2: covariancePx2 ?? evenNoise(0.5),
    },
  ];
}

function byCondition(): Figure[] {
  const figures: Figure[] = [];
  for (const distanceM of [1, 3])
    for (const tilt of [0, 30, 60])
      for (const [look, blurPx, motionPx, hidden] of [
        ['sharp', 0.5, 0, 0],
        ['blurred', 1.5, 3, 0],
        ['partly hidden', 0.7, 0, 1],
      ] as const) {
        const trials = Array.from({ length: PICTURES }, (_, i) =>
          trialOf(40_000 + 1000 * distanceM + 10 * tilt + i, {
            distanceM,
            tiltRad: tilt * DEG,
            blurPx,
            motionPx,
            hidden,
          }),
        );
        const good = trials.filter(({ refused }) => refused === null);
        const held = good.filter(({ errorM, boundM }) => errorM <= boundM).length;
        const at = `${distanceM} m, ${tilt}°, ${look}`;
        const median = (pick: (one: Trial) => number) => 1000 * percentile(good.map(pick), 0.5);
        const note = `${good.length} of ${trials.length} aligned, bound held in ${held}`;
        figures.push(
          {
            name: `${at}: error in space, median`,
            measured: median(({ errorM }) => errorM),
            unit: 'mm',
            target: distanceM === 1 ? 3 : 8,
            note,
          },
          { name: `${at}: stated 95 % bound, median`, measured: median(({ boundM }) => boundM), unit: 'mm', note },
          {
            name: `${at}: error across the view, median`,
            measured: median(({ errorAcrossM }) => errorAcrossM),
            unit: 'mm',
            note,
          },
        );
      }
  return figures;
}
