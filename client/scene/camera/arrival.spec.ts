import { describe, expect, it } from 'vitest';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import type { Bounds } from '../geometry.ts';
import { sub } from '../vec.ts';
import { arrivalBearing, arrivalEye } from './arrival.ts';
import { rotationOf, type Eye } from './orbit.ts';

const FOV_RAD = 0.7;
const PRODUCTS: Record<string, Bounds> = {
  'a gearbox': { min: [-0.12, 0, -0.1], max: [0.12, 0.2, 0.1] },
  'a plate': { min: [-1, 0, -0.6], max: [1, 0.02, 0.6] },
  'a mast': { min: [-0.1, 0, -0.1], max: [0.1, 3, 0.1] },
  'a long machine': { min: [-4, 0, -0.5], max: [4, 1.8, 0.5] },
  'an empty room': { min: [-0.4, 0, -0.4], max: [0.4, 0.4, 0.4] },
};
/** A phone held upright, a view between two docks, a laptop, a wide screen. */
const ASPECTS = [0.46, 1, 1.6, 2.4];

/** Where a point stands in the picture: -1 to 1 from edge to edge, each way; null behind the eye. */
function inPicture(eye: Eye, aspect: number, point: Vec3): readonly [number, number] | null {
  const [x, y, z, w] = rotationOf(eye);
  const seen = rotateVec3([-x, -y, -z, w], sub(point, eye.position));
  if (seen[2] >= 0) return null;
  const half = Math.tan(FOV_RAD / 2) * -seen[2];
  return [seen[0] / (half * aspect), seen[1] / half];
}

const corners = ({ min, max }: Bounds): Vec3[] =>
  Array.from({ length: 8 }, (_, i) => [(i & 1 ? max : min)[0], (i & 2 ? max : min)[1], (i & 4 ? max : min)[2]]);

describe('where people stand who enter', () => {
  for (const [name, bounds] of Object.entries(PRODUCTS))
    it(`shows two newcomers ${name} and each other, on phones as on wide screens`, () => {
      for (const [first, second] of [
        [1, 2],
        [2, 3],
        [3, 4],
      ] as const)
        for (const one of ASPECTS)
          for (const other of ASPECTS) {
            const eyes = [
              arrivalEye(bounds, { fovRad: FOV_RAD, aspect: one }, first),
              arrivalEye(bounds, { fovRad: FOV_RAD, aspect: other }, second),
            ] as const;
            for (const [mine, aspect, theirs] of [
              [eyes[0], one, eyes[1]],
              [eyes[1], other, eyes[0]],
            ] as const) {
              const what = `${first} and ${second} at ${one} and ${other}`;
              const head = inPicture(mine, aspect, theirs.position);
              expect(head, what).not.toBeNull();
              expect(Math.max(Math.abs(head![0]), Math.abs(head![1])), what).toBeLessThan(0.92);
              for (const corner of corners(bounds)) {
                const at = inPicture(mine, aspect, corner)!;
                expect(Math.max(Math.abs(at[0]), Math.abs(at[1])), what).toBeLessThan(0.95);
              }
            }
          }
    });

  it('gives twelve people a place of their own and stays over the floor', () => {
    const turns = Array.from({ length: 12 }, (_, i) => arrivalBearing(i + 1));
    for (const [i, a] of turns.entries())
      for (const b of turns.slice(i + 1)) expect(Math.abs(Math.sin((a - b) / 2))).toBeGreaterThan(0.05);
    for (const bounds of Object.values(PRODUCTS))
      for (const aspect of ASPECTS) {
        const { position, focusM } = arrivalEye(bounds, { fovRad: FOV_RAD, aspect }, 2);
        const size = Math.hypot(...sub([...bounds.max], [...bounds.min]));
        expect(position[1]).toBeGreaterThan(bounds.min[1]);
        expect(focusM).toBeLessThan(size * 8);
      }
  });

  it('gives the same place to the same number, and the one after the last goes round again', () => {
    expect(arrivalBearing(13)).toBe(arrivalBearing(1));
    expect(arrivalBearing(0)).toBe(arrivalBearing(1));
  });
});
