import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composePose, IDENTITY_POSE, invertPose, type Pose, type Vec3 } from '../spatial/index.ts';
import { alignByMarkers, type MarkerAlignment } from './align.ts';
import { cameraFromFieldOfView } from './camera.ts';
import { boundAcrossViewM, boundInSpaceM } from './error-bound.ts';
import { angleBetween, length, subtract } from './rotation.ts';
import { dice } from '../../test/support/dice.ts';
import { before, sightingsOf, testCamera, threeMarkers } from './station.fixture.ts';

const DEG = Math.PI / 180;
const anyView = fc.record({
  distance: fc.double({ min: 0.6, max: 3, noNaN: true }),
  tilt: fc.double({ min: 0, max: 55 * DEG, noNaN: true }),
  about: fc.double({ min: 0, max: 6.28, noNaN: true }),
  roll: fc.double({ min: -3.1, max: 3.1, noNaN: true }),
});
const poseOf = (v: { distance: number; tilt: number; about: number; roll: number }): Pose =>
  before(v.distance, v.tilt, v.about, v.roll);

function aligned(...args: Parameters<typeof alignByMarkers>): MarkerAlignment {
  const result = alignByMarkers(...args);
  if ('refused' in result) throw new Error(`${result.refused.key}: ${result.refused.message}`);
  return result.alignment;
}

const pointError = (estimate: Pose, truth: Pose, point: Vec3): number => {
  const at = { position: point, rotation: IDENTITY_POSE.rotation };
  return length(subtract(composePose(estimate, at).position, composePose(truth, at).position));
};

describe('alignment by markers', () => {
  test('corners of any view give the pose back', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const truth = poseOf(view);
        const { productInDevice } = aligned(threeMarkers(), sightingsOf(threeMarkers(), truth, testCamera), testCamera);
        expect(length(subtract(productInDevice.position, truth.position))).toBeLessThan(1e-6);
        expect(angleBetween(productInDevice.rotation, truth.rotation)).toBeLessThan(1e-6);
      }),
      { numRuns: 150 },
    );
  });

  test('through a lens that bends lines, too', () => {
    const camera = { ...testCamera, radial: [-0.12, 0.03] as const };
    const truth = before(1.2, 0.5, 1, 0.3);
    const { productInDevice } = aligned(threeMarkers(), sightingsOf(threeMarkers(), truth, camera), camera);
    expect(pointError(productInDevice, truth, [0.1, 0.1, 0.1])).toBeLessThan(1e-6);
  });

  test('where the device stands in its own space changes the answer by just that', () => {
    fc.assert(
      fc.property(anyView, anyView, (view, stand) => {
        const truth = poseOf(view);
        const cameraInDevice = poseOf(stand);
        const seen = sightingsOf(threeMarkers(), truth, testCamera).map((one) => ({ ...one, cameraInDevice }));
        const { productInDevice } = aligned(threeMarkers(), seen, testCamera);
        expect(pointError(productInDevice, composePose(cameraInDevice, truth), [0.2, 0, 0.1])).toBeLessThan(1e-5);
      }),
      { numRuns: 60 },
    );
  });

  test('pictures from several places are one fit, and a better one', () => {
    const map = threeMarkers();
    const roll = dice(5);
    const world = before(1.5, 0.3);
    const stands = [0, 1, 2, 3].map((i): Pose => ({
      position: [0.3 * i - 0.4, 0.1 * i, 0.05 * i],
      rotation: [0, 0, 0, 1],
    }));
    const views = stands.map((cameraInDevice) =>
      sightingsOf(map, composePose(invertPose(cameraInDevice), world), testCamera, 0.1, roll.normal).map((one) => ({
        ...one,
        cameraInDevice,
      })),
    );
    const one = boundInSpaceM(aligned(map, views[0]!, testCamera), [0, 0, 0]);
    const many = boundInSpaceM(aligned(map, views.flat(), testCamera), [0, 0, 0]);
    expect(many).toBeLessThan(0.75 * one);
  });

  test.each([
    ['known exactly', { positionM: 0, angleRad: 0, sizeShare: 0 }],
    ['glued on by hand', { positionM: 0.001, angleRad: 0.005, sizeShare: 0.002 }],
  ])(
    'the stated bound holds in 95 of 100 cases and is not padded: places %s',
    (_, sigma) => {
      const roll = dice(11);
      const RUNS = 400;
      let [held, halfHeld] = [0, 0];
      for (let run = 0; run < RUNS; run++) {
        const truth = before(roll.uniform(0.7, 3), roll.uniform(0, 1), roll.uniform(0, 6), roll.uniform(-3, 3));
        const map = threeMarkers(sigma);
        const real = {
          ...map,
          markers: map.markers.map((marker) => ({
            ...marker,
            sizeM: marker.sizeM * (1 + sigma.sizeShare * roll.normal()),
            poseInProduct: composePose(marker.poseInProduct, {
              position: [
                sigma.positionM * roll.normal(),
                sigma.positionM * roll.normal(),
                sigma.positionM * roll.normal(),
              ],
              rotation: [
                (sigma.angleRad * roll.normal()) / 2,
                (sigma.angleRad * roll.normal()) / 2,
                (sigma.angleRad * roll.normal()) / 2,
                1,
              ],
            }),
          })),
        };
        const alignment = aligned(map, sightingsOf(real, truth, testCamera, 0.15, roll.normal), testCamera);
        const point: Vec3 = [roll.uniform(-0.3, 0.3), roll.uniform(-0.2, 0.3), roll.uniform(-0.2, 0.2)];
        const error = pointError(alignment.productInDevice, truth, point);
        const bound = boundInSpaceM(alignment, point);
        if (error <= bound) held++;
        if (error <= bound / 2) halfHeld++;
      }
      expect(held / RUNS).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.95 * 0.05) / RUNS));
      expect(halfHeld / RUNS).toBeLessThan(0.85);
    },
    60_000,
  );

  test('a guessed field of view makes the bound in space wide and hardly that across the view', () => {
    const guess = cameraFromFieldOfView(1280, 720);
    const real = { ...guess, focalPx: [guess.focalPx[0] * 1.08, guess.focalPx[1] * 1.08] as const };
    const truth = before(1, 0.6, 0.4);
    const alignment = aligned(threeMarkers(), sightingsOf(threeMarkers(), truth, real, 0.1, dice(3).normal), guess);
    expect(pointError(alignment.productInDevice, truth, [0, 0.05, 0])).toBeLessThan(
      boundInSpaceM(alignment, [0, 0.05, 0]),
    );
    expect(boundAcrossViewM(alignment, [0, 0.05, 0])).toBeLessThan(0.002);
    // Held for exact, the same camera would promise millimetres and be wrong by centimetres.
    const one = { ...threeMarkers(), markers: threeMarkers().markers.slice(0, 1) };
    const far = alignByMarkers(one, sightingsOf(one, before(0.6, 0.8), real, 0.1, dice(4).normal), guess);
    if ('alignment' in far) expect(boundInSpaceM(far.alignment, [-0.25, 0, 0])).toBeGreaterThan(0.03);
  });

  test('a sheet that was moved is named, with how far, and the others align', () => {
    const map = threeMarkers({ positionM: 0.0005, angleRad: 0.003, sizeShare: 0.001 });
    const moved = structuredClone(map);
    moved.markers[1]!.poseInProduct.position[0] += 0.03;
    const truth = before(1, 0.4);
    const alignment = aligned(map, sightingsOf(moved, truth, testCamera, 0.1, dice(8).normal), testCamera);
    expect(alignment.rejected.map(({ code }) => code)).toEqual(['36h11/2']);
    expect(alignment.rejected[0]!.offM).toBeCloseTo(0.03, 2);
    expect(pointError(alignment.productInDevice, truth, [0, 0.1, 0])).toBeLessThan(
      boundInSpaceM(alignment, [0, 0.1, 0]),
    );
  });

  test('of two markers that contradict each other neither is believed', () => {
    const map = { ...threeMarkers(), markers: threeMarkers().markers.slice(0, 2) };
    const moved = structuredClone(map);
    moved.markers[1]!.poseInProduct.position[1] += 0.02;
    const result = alignByMarkers(map, sightingsOf(moved, before(1, 0.4), testCamera, 0.1, dice(8).normal), testCamera);
    expect(result).toMatchObject({ refused: { key: 'markers_disagree', facts: { codes: ['36h11/1', '36h11/2'] } } });
  });

  test('one small marker seen frontally from afar has two poses and gives none', () => {
    const map = { ...threeMarkers(), markers: threeMarkers().markers.slice(0, 1) };
    let refused = 0;
    let wrong = 0;
    for (let seed = 0; seed < 60; seed++) {
      const roll = dice(seed);
      const truth = before(3, 0.15, roll.uniform(0, 6));
      const result = alignByMarkers(map, sightingsOf(map, truth, testCamera, 0.2, roll.normal), testCamera);
      if ('refused' in result) refused++;
      else {
        const error = pointError(result.alignment.productInDevice, truth, [0, 0.1, 0]);
        if (error > 1.2 * boundInSpaceM(result.alignment, [0, 0.1, 0])) wrong++;
      }
    }
    expect(refused).toBeGreaterThan(50);
    expect(wrong).toBe(0);
  });

  test('a marker that is no square, and one of another station, give no pose', () => {
    const map = { ...threeMarkers(), markers: threeMarkers().markers.slice(0, 1) };
    const [seen] = sightingsOf(map, before(0.8, 0.7), testCamera);
    const [a, b, c, d] = seen!.cornersPx;
    const bent = [{ ...seen!, cornersPx: [a, b, [c[0] + 9, c[1] + 6] as const, d] as const }];
    expect(alignByMarkers(map, bent, testCamera)).toMatchObject({ refused: { key: 'marker_bent' } });
    const foreign = [{ ...seen!, code: '36h11/400' }];
    expect(alignByMarkers(map, foreign, testCamera)).toMatchObject({
      refused: { key: 'no_marker', facts: { seen: ['36h11/400'] } },
    });
  });

  test('nonsense never throws and never gives a pose with a good bound', () => {
    const number = fc.oneof(fc.double({ min: -50, max: 1400, noNaN: true }), fc.constant(0));
    const corners = fc.array(fc.tuple(number, number), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(corners, corners, (one, two) => {
        const make = (code: string, cornersPx: readonly (readonly [number, number])[]) =>
          ({ ...sightingsOf(threeMarkers(), before(1, 0), testCamera)[0]!, code, cornersPx }) as never;
        const result = alignByMarkers(threeMarkers(), [make('36h11/1', one), make('36h11/3', two)], testCamera);
        if ('alignment' in result) expect(boundInSpaceM(result.alignment, [0, 0, 0])).toBeGreaterThan(0.003);
      }),
      { numRuns: 300 },
    );
  });
});
