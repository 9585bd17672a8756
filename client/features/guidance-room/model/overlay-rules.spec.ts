import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cameraFromProjection, project, type Camera } from '#protocol/alignment/index';
import { Procedure } from '#protocol/procedures/index';
import type { Vec3 } from '#protocol/spatial/index';
import { cueToleranceM } from './cue-tolerance.ts';
import { readingSizePx } from './reading-size.ts';
import { covering, projectionOver, rimArrow } from './rim-arrow.ts';

const CAMERA: Camera = {
  widthPx: 1280,
  heightPx: 720,
  focalPx: [980, 980],
  centrePx: [650, 350],
  radial: [0, 0],
  sigma: { focalShare: 0, centrePx: 0, k1: 0 },
};
const PHONE = { widthPx: 390, heightPx: 844 };
const LAPTOP = { widthPx: 1280, heightPx: 800 };

describe('the overlay lies on the picture that fills the page', () => {
  it.each([['phone', PHONE] as const, ['laptop', LAPTOP] as const])('of a %s, pixel on pixel', (_, frame) => {
    const drawn = cameraFromProjection(projectionOver(CAMERA, frame, 0.01, 50), frame.widthPx, frame.heightPx);
    const { scale, leftPx, topPx } = covering(CAMERA, frame.widthPx, frame.heightPx);
    for (const point of [
      [0, 0, -1],
      [0.1, -0.05, -0.6],
      [-0.2, 0.1, -2],
    ] as Vec3[]) {
      const [u, v] = project(CAMERA, point)!;
      const [x, y] = project(drawn, point)!;
      expect(x).toBeCloseTo(leftPx + scale * u, 6);
      expect(y).toBeCloseTo(topPx + scale * v, 6);
    }
  });
  it('leaves no rim of the page empty', () => {
    for (const frame of [PHONE, LAPTOP]) {
      const { scale, leftPx, topPx } = covering(CAMERA, frame.widthPx, frame.heightPx);
      expect(leftPx).toBeLessThanOrEqual(1e-9);
      expect(topPx).toBeLessThanOrEqual(1e-9);
      expect(leftPx + scale * 1280).toBeGreaterThanOrEqual(frame.widthPx - 1e-9);
    }
  });
});

describe('the arrow at the rim', () => {
  it('is not there while the place is in view', () => expect(rimArrow(CAMERA, [0, 0, -1], LAPTOP)).toBeNull());
  it('stands at the side to which one has to turn', () => {
    expect(rimArrow(CAMERA, [2, 0, -1], LAPTOP)).toMatchObject({ xPx: 1280 - 44 });
    expect(rimArrow(CAMERA, [-2, 0, -1], LAPTOP)).toMatchObject({ xPx: 44 });
    expect(rimArrow(CAMERA, [0, 2, -1], LAPTOP)).toMatchObject({ yPx: 44 });
    // A phone held upright sees less to the sides: what a laptop still shows is out of its view.
    expect(rimArrow(CAMERA, [0.4, 0, -1], LAPTOP)).toBeNull();
    expect(rimArrow(CAMERA, [0.4, 0, -1], PHONE)).toMatchObject({ xPx: 390 - 44 });
  });
  it('is whole, and beside bar and panels; what these cover is out of view', () => {
    const covers = [
      { leftPx: 0, topPx: 0, rightPx: 1280, bottomPx: 56 },
      { leftPx: 12, topPx: 68, rightPx: 473, bottomPx: 676 },
      { leftPx: 12, topPx: 712, rightPx: 600, bottomPx: 788 },
    ];
    const frame = { ...LAPTOP, covers };
    expect(rimArrow(CAMERA, [0.1, 2, -1], frame)).toMatchObject({ yPx: 56 + 44 });
    expect(rimArrow(CAMERA, [-2, 0, -1], frame)).toMatchObject({ xPx: 473 + 44 });
    expect(rimArrow(CAMERA, [-0.4, 0, -1], LAPTOP)).toBeNull();
    expect(rimArrow(CAMERA, [-0.4, 0, -1], frame)).toMatchObject({ xPx: 473 + 44 });
    expect(rimArrow(CAMERA, [0.1, 0.1, -1], frame)).toBeNull();
  });
  it('points the way also to what is behind', () => {
    expect(rimArrow(CAMERA, [-0.5, 0, 1], LAPTOP)?.angleRad).toBeCloseTo(-Math.PI / 2);
    expect(rimArrow(CAMERA, [0, 0, 1], LAPTOP)?.angleRad).toBeCloseTo(Math.PI / 2);
  });
});

describe('how fine a cue is', () => {
  const file = new URL('../../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
  const gearbox = Procedure.parse(JSON.parse(readFileSync(file, 'utf8')));
  const screws = gearbox.workplace.things.filter(({ kind }) => kind === 'fastener');
  const box = { min: [-0.004, -0.01, -0.004] as const, max: [0.004, 0.01, 0.004] as const };
  it('at one of several screws: half the way to the next', () => {
    const centres = new Map<string, Vec3>(screws.slice(0, 3).map(({ id }, at) => [id, [0.03 * at, 0, 0]]));
    expect(cueToleranceM(gearbox, screws[0]!, centres, box as never)).toBeCloseTo(0.015);
  });
  it('at a screw that is alone: as coarse as a hand', () => {
    expect(cueToleranceM(gearbox, screws[0]!, new Map(), box as never)).toBe(0.05);
  });
  it('at a part: half of it', () => {
    const part = gearbox.workplace.things.find(({ kind }) => kind === 'part')!;
    const large = { min: [-0.04, 0, -0.01] as const, max: [0.04, 0.03, 0.01] as const };
    expect(cueToleranceM(gearbox, part, new Map(), large as never)).toBeCloseTo(0.04);
  });
});

describe('letters', () => {
  it('stand under as many minutes of arc as asked, at the distance they are read from', () => {
    // Capitals of 7.0 mm at 1.5 m are 16 minutes; in Inter that is a type size of 36 px.
    expect(readingSizePx(1.5, 16)).toBe(36);
    expect(readingSizePx(1.5, 20)).toBe(45);
    const capitalM = (px: number) => (px * 0.727 * 25.4) / 96 / 1000;
    for (const distance of [0.4, 0.8, 1.5])
      expect((Math.atan(capitalM(readingSizePx(distance, 20)) / distance) * 180 * 60) / Math.PI).toBeCloseTo(20, -0.3);
  });
});
