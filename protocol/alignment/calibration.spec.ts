import { expect, test } from 'vitest';
import { dice } from '../../test/support/dice.ts';
import type { Vec3 } from '../spatial/index.ts';
import { calibrate } from './calibration.ts';
import { cameraFromFieldOfView, cameraFromProjection, project, rayOf } from './camera.ts';
import type { MarkerMap } from './marker-map.ts';
import { before, sightingsOf, testCamera } from './station.fixture.ts';

/** One sheet with four tags at its corners. */
const sheet: MarkerMap = {
  version: 1,
  station: 'Calibration',
  markers: (
    [
      [-0.05, 0.08, 0],
      [0.05, 0.08, 0],
      [-0.05, -0.08, 0],
      [0.05, -0.08, 0],
    ] as Vec3[]
  ).map((position, i) => ({
    code: `36h11/${i}`,
    sizeM: 0.06,
    poseInProduct: { position, rotation: [0, 0, 0, 1] },
    sigma: { positionM: 0, angleRad: 0, sizeShare: 0 },
  })),
};
const real = {
  ...testCamera,
  focalPx: [1010, 1010] as const,
  centrePx: [652, 349] as const,
  radial: [-0.09, 0] as const,
};

test('eight tilted views of a sheet give the camera back, and its doubt is honest', () => {
  let [held, asked] = [0, 0];
  for (let seed = 0; seed < 6; seed++) {
    const roll = dice(seed);
    const views = Array.from({ length: 8 }, (_, i) => {
      const pose = before(roll.uniform(0.3, 0.5), roll.uniform(0.4, 0.9), i * 0.8, roll.uniform(-0.5, 0.5));
      const moved = {
        ...pose,
        position: [roll.uniform(-0.08, 0.08), roll.uniform(-0.05, 0.05), pose.position[2]] as Vec3,
      };
      return sightingsOf(sheet, moved, real, 0.08, roll.normal);
    });
    const result = calibrate(sheet, views, 1280, 720);
    if ('refused' in result) throw new Error(result.refused.message);
    const { camera, residualPx } = result.calibration;
    expect(residualPx).toBeLessThan(0.15);
    expect(Math.abs(camera.focalPx[0] / 1010 - 1)).toBeLessThan(0.004);
    const offs = [
      Math.log(camera.focalPx[0] / 1010) / camera.sigma.focalShare,
      (camera.centrePx[0] - 652) / camera.sigma.centrePx,
      (camera.centrePx[1] - 349) / camera.sigma.centrePx,
      (camera.radial[0] + 0.09) / camera.sigma.k1,
    ];
    held += offs.filter((off) => Math.abs(off) < 2).length;
    asked += offs.length;
  }
  expect(held / asked).toBeGreaterThan(0.85);
}, 60_000);

test('frontal views are refused: they tell nothing of the focal length', () => {
  const roll = dice(2);
  const views = Array.from({ length: 8 }, () => sightingsOf(sheet, before(0.6, 0.01), real, 0.08, roll.normal));
  expect(calibrate(sheet, views, 1280, 720)).toMatchObject({ refused: { key: 'calibration_weak' } });
  expect(calibrate(sheet, views.slice(0, 2), 1280, 720)).toMatchObject({ refused: { key: 'too_few_views' } });
}, 60_000);

test('a WebXR projection matrix is the camera it describes', () => {
  const [near, far] = [0.1, 100];
  const [fx, fy, cx, cy] = [950, 940, 650, 350];
  const projection = new Float64Array(16);
  projection[0] = (2 * fx) / 1280;
  projection[5] = (2 * fy) / 720;
  projection[8] = 1 - (2 * cx) / 1280;
  projection[9] = (2 * cy) / 720 - 1;
  projection[10] = -(far + near) / (far - near);
  projection[11] = -1;
  projection[14] = (-2 * far * near) / (far - near);
  const camera = cameraFromProjection(projection, 1280, 720);
  const point: Vec3 = [0.2, 0.1, -1.4];
  const clip = [0, 1].map((row) =>
    point.reduce((sum, value, k) => sum + projection[4 * k + row]! * value, projection[12 + row]!),
  );
  const expected = [((clip[0]! / 1.4 + 1) / 2) * 1280, ((1 - clip[1]! / 1.4) / 2) * 720];
  const pixel = project(camera, point)!;
  expect(pixel[0]).toBeCloseTo(expected[0]!, 6);
  expect(pixel[1]).toBeCloseTo(expected[1]!, 6);
});

test('rays and pixels go back and forth through a bent lens', () => {
  const camera = { ...cameraFromFieldOfView(1280, 720), radial: [-0.2, 0.05] as const };
  for (const pixel of [
    [3, 5],
    [640, 360],
    [1200, 700],
  ] as const) {
    const [x, y] = rayOf(camera, pixel);
    const back = project(camera, [x, -y, -1])!;
    expect(Math.hypot(back[0] - pixel[0], back[1] - pixel[1])).toBeLessThan(1e-6);
  }
});
