import { describe, expect, it } from 'vitest';
import { rotateVec3, type Quat, type Vec3 } from '#protocol/spatial/index';
import { sub } from '../vec.ts';
import { dolly, focusOf, forwardOf, frameBounds, mixEyes, orbit, rotationOf, type Eye } from './orbit.ts';

const eye: Eye = { position: [1, 1.5, 2], yaw: 0.3, pitch: -0.4, focusM: 2 };

/** Direction in which a point is seen, in the eye's own frame: where it stands on the screen. */
function seen(from: Eye, point: Vec3): Vec3 {
  const q = rotationOf(from);
  const inverse: Quat = [-q[0], -q[1], -q[2], q[3]];
  const local = rotateVec3(inverse, sub(point, from.position));
  return [local[0] / -local[2], local[1] / -local[2], local[2]];
}

describe('camera', () => {
  const pivot: Vec3 = [0.2, 0.1, -0.3];

  it('keeps the point under the pointer in place while orbiting', () => {
    const turned = orbit(eye, pivot, 0.7, 0.2);
    seen(turned, pivot).forEach((value, i) => expect(value).toBeCloseTo(seen(eye, pivot)[i]!, 9));
  });

  it('keeps the point under the pointer in place while zooming, and comes nearer', () => {
    const nearer = dolly(eye, pivot, 0.5);
    expect(seen(nearer, pivot)[0]).toBeCloseTo(seen(eye, pivot)[0], 9);
    expect(seen(nearer, pivot)[1]).toBeCloseTo(seen(eye, pivot)[1], 9);
    expect(seen(nearer, pivot)[2]).toBeCloseTo(seen(eye, pivot)[2] / 2, 9);
  });

  it('never tips over the top', () => {
    const up = orbit(eye, pivot, 0, -9);
    expect(forwardOf(up)[1]).toBeGreaterThan(-1);
    expect(up.pitch).toBeGreaterThan(-Math.PI / 2);
  });

  it('frames long and tall things so that every corner is in the picture, with room at its edges', () => {
    for (const max of [
      [2, 2, 2],
      [10, 0.1, 0.1],
      [0.1, 10, 0.1],
      [0.1, 0.1, 10],
    ] as const)
      for (const aspect of [16 / 9, 9 / 16])
        for (const yaw of [0, 0.6, 2]) {
          const lens = { fovRad: 0.8, aspect };
          const framed = frameBounds(eye, { min: [0, 0, 0], max }, lens, { yaw, pitch: -0.45 });
          const [x, y, z, w] = rotationOf(framed);
          for (let corner = 0; corner < 8; corner++) {
            const point: Vec3 = [corner & 1 ? max[0] : 0, corner & 2 ? max[1] : 0, corner & 4 ? max[2] : 0];
            const seen = rotateVec3([-x, -y, -z, w], sub(point, framed.position));
            const half = Math.tan(lens.fovRad / 2) * -seen[2];
            expect(Math.max(Math.abs(seen[0]) / (half * aspect), Math.abs(seen[1]) / half)).toBeLessThan(0.85);
          }
        }
  });

  it('frames what is selected: it looks at its middle from far enough', () => {
    const framed = frameBounds(eye, { min: [0, 0, 0], max: [2, 2, 2] }, { fovRad: 0.8, aspect: 1 });
    focusOf(framed).forEach((value) => expect(value).toBeCloseTo(1, 9));
    expect(framed.focusM).toBeGreaterThan(Math.sqrt(2) / Math.tan(0.4));
    expect(framed.yaw).toBe(eye.yaw);
  });

  it('turns the short way round in a move', () => {
    const half = mixEyes({ ...eye, yaw: 3 }, { ...eye, yaw: -3 }, 0.5);
    expect(Math.abs(Math.cos(half.yaw) + 1)).toBeLessThan(0.02);
  });
});
