import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactCamera, project, squareCorners, tagModules, type Camera } from '#protocol/alignment/index';
import { composePose, type Pose } from '#protocol/spatial/index';
import { dice } from '../../test/support/dice.ts';
import { shoot, type PrintedMarker, type ShotOptions } from '../../test/support/rendered-camera.ts';
import { findTags } from './find-tags.ts';

const camera: Camera = exactCamera({
  widthPx: 480,
  heightPx: 360,
  focalPx: [600, 600],
  centrePx: [240, 180],
  radial: [0, 0],
});
const SIZE_M = 0.1;

function tag(id: number, poseInCamera: Pose): PrintedMarker {
  const modules = tagModules(id);
  return { modules: 8, margin: 2, sizeM: SIZE_M, poseInCamera, inkAt: (c, r) => !modules[r * 8 + c] };
}

const poseOf = (rollRad: number, tiltRad: number, distanceM = 0.5): Pose => ({
  position: [0.02, -0.01, -distanceM],
  rotation: composePose(
    { position: [0, 0, 0], rotation: [Math.sin(tiltRad / 2), 0, 0, Math.cos(tiltRad / 2)] },
    { position: [0, 0, 0], rotation: [0, 0, Math.sin(rollRad / 2), Math.cos(rollRad / 2)] },
  ).rotation,
});

const truthOf = (pose: Pose, lens: Camera) =>
  squareCorners(SIZE_M).map((c) => project(lens, composePose(pose, { position: c, rotation: [0, 0, 0, 1] }).position)!);

function worstCornerPx(pose: Pose, lens: Camera, options: Partial<ShotOptions>, id = 42): number {
  const { sightings } = findTags(shoot(lens, [tag(id, pose)], { clutter: 15, ...options }), lens);
  const found = sightings.find(({ code }) => code === `36h11/${id}`);
  if (!found) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...truthOf(pose, lens).map(([u, v], k) => Math.hypot(found.cornersPx[k]![0] - u, found.cornersPx[k]![1] - v)),
  );
}

describe('tags in pictures', () => {
  test.each([0, 90, 180, 270, 45, 200])(
    'turned by %i degrees, each corner keeps its name to a tenth of a pixel',
    (degrees) => {
      const pose = poseOf((degrees * Math.PI) / 180, 0.4);
      expect(worstCornerPx(pose, camera, { seed: degrees + 1 })).toBeLessThan(0.1);
    },
  );

  test('a lens that bends lines is straightened first', () => {
    const lens = { ...camera, radial: [-0.25, 0.05] as const };
    const pose: Pose = { ...poseOf(0.3, 0.2), position: [0.09, 0.05, -0.4] };
    expect(worstCornerPx(pose, lens, { seed: 3 })).toBeLessThan(0.1);
    // Taken for a perfect lens, the same picture gives worse corners, or none.
    const [found] = findTags(shoot(lens, [tag(42, pose)], { seed: 3, clutter: 15 })).sightings;
    const off = truthOf(pose, lens).map(([u, v], k) =>
      found ? Math.hypot(found.cornersPx[k]![0] - u, found.cornersPx[k]![1] - v) : Number.POSITIVE_INFINITY,
    );
    expect(Math.max(...off)).toBeGreaterThan(0.1);
  });

  test('blur and movement cost precision, not the tag', () => {
    expect(worstCornerPx(poseOf(0.2, 0.5), camera, { seed: 4, blurPx: 2 })).toBeLessThan(0.25);
    expect(worstCornerPx(poseOf(0.2, 0.5), camera, { seed: 5, motionPx: [4, 2] })).toBeLessThan(0.25);
  });

  test('uneven light, dim light', () => {
    expect(worstCornerPx(poseOf(1, 0.5), camera, { seed: 6, lightGradient: 0.8, exposure: 0.15 })).toBeLessThan(0.25);
  });

  test('a finger over a corner: the tag is not measured by what is left', () => {
    let measured = 0;
    for (let seed = 0; seed < 12; seed++) {
      const pose = poseOf(seed, 0.3);
      const [u, v] = truthOf(pose, camera)[seed % 4]!;
      const options = { seed, hiding: [{ at: [u, v] as const, radiusPx: 9 + seed, light: 0.3 }] };
      const worst = worstCornerPx(pose, camera, options);
      if (Number.isFinite(worst) && worst > 0.5) measured++;
    }
    expect(measured).toBe(0);
  }, 30_000);

  test('a bench without tags shows none', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { sightings, partlyHidden } = findTags(shoot(camera, [], { seed, clutter: 150 }));
      expect([...sightings, ...partlyHidden]).toEqual([]);
    }
  }, 30_000);

  test('any bytes are a picture: no crash, no tag', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        fc.nat(3),
        (w, h, seed, kind) => {
          const roll = dice(seed);
          const data = Uint8Array.from({ length: w * h }, (_, i) =>
            kind === 0
              ? roll.uniform(0, 256)
              : kind === 1
                ? roll.uniform() < 0.5
                  ? 0
                  : 255
                : kind === 2
                  ? (i * seed) % 256
                  : 128,
          );
          expect(findTags({ widthPx: w, heightPx: h, data }).sightings).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
