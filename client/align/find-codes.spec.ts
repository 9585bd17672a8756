import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import QRCode from 'qrcode';
import { beforeAll, expect, test } from 'vitest';
import { alignByMarkers, exactCamera, project, squareCorners, type Camera } from '#protocol/alignment/index';
import { composePose, type Pose } from '#protocol/spatial/index';
import { shoot } from '../../test/support/rendered-camera.ts';
import { findCodes, prepareReader } from './find-codes.ts';

const camera: Camera = exactCamera({
  widthPx: 640,
  heightPx: 480,
  focalPx: [700, 700],
  centrePx: [320, 240],
  radial: [-0.05, 0],
});

beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  await prepareReader({ bytes: Uint8Array.from(readFileSync(path)).buffer });
});

test('a QR code is read and measured like a marker: its pose to half a millimetre', async () => {
  const text = 'workhall:station/gearbox-1';
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const poseInCamera: Pose = { position: [0.03, -0.02, -0.6], rotation: [0.17, 0.05, 0.3, 0.937] };
  const printed = {
    modules: modules.size,
    margin: 4,
    sizeM: 0.12,
    poseInCamera: composePose(poseInCamera, { position: [0, 0, 0], rotation: [0, 0, 0, 1] }),
    inkAt: (column: number, row: number) => modules.get(row, column) === 1,
  };
  const found = await findCodes(shoot(camera, [printed], { seed: 7, clutter: 10 }), camera);
  expect(found.map((one) => [one.format, one.text])).toEqual([['qr', text]]);
  const truth = squareCorners(0.12).map((c) =>
    project(camera, composePose(printed.poseInCamera, { position: c, rotation: [0, 0, 0, 1] }).position)!,
  );
  const { sighting } = found[0]!;
  const off = truth.map(([u, v], k) => Math.hypot(sighting!.cornersPx[k]![0] - u, sighting!.cornersPx[k]![1] - v));
  expect(Math.max(...off)).toBeLessThan(0.4);
  // The corner without a finder is extrapolated, and says so.
  expect(sighting!.covariancePx2[4 * 9]!).toBeGreaterThan(2 * sighting!.covariancePx2[0]!);
  const map = {
    version: 1 as const,
    station: 'one',
    markers: [
      {
        code: `qr/${text}`,
        sizeM: 0.12,
        poseInProduct: {
          position: [0, 0, 0] as [number, number, number],
          rotation: [0, 0, 0, 1] as [number, number, number, number],
        },
        sigma: { positionM: 0, angleRad: 0, sizeShare: 0 },
      },
    ],
  };
  const result = alignByMarkers(map, [sighting!], camera);
  if ('refused' in result) throw new Error(result.refused.message);
  const { position } = result.alignment.productInDevice;
  const [x, y, z] = printed.poseInCamera.position;
  expect(Math.hypot(position[0] - x, position[1] - y)).toBeLessThan(0.0005);
  expect(Math.abs(position[2] - z)).toBeLessThan(0.004);
});

test('a picture without a code gives none', async () => {
  expect(await findCodes(shoot(camera, [], { seed: 3 }), camera)).toEqual([]);
});
