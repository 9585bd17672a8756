import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rotateVec3, type Quat } from '#protocol/spatial/index';
import { degreesFromQuat, quatFromDegrees } from './angles.ts';

const degrees = fc.integer({ min: -180, max: 180 });

describe('rotation as people type it', () => {
  it('keeps the angles that were typed, away from the poles', () => {
    fc.assert(
      fc.property(degrees, fc.integer({ min: -89, max: 89 }), degrees, (x, y, z) => {
        const shown = degreesFromQuat(quatFromDegrees([x, y, z]));
        const apart = (a: number, b: number) => Math.abs(a - b - 360 * Math.round((a - b) / 360));
        expect(apart(shown[0], x)).toBeLessThan(1e-4);
        expect(apart(shown[1], y)).toBeLessThan(1e-4);
        expect(apart(shown[2], z)).toBeLessThan(1e-4);
      }),
    );
  });

  it('shows angles that give the same rotation again, at the poles too', () => {
    fc.assert(
      fc.property(degrees, fc.constantFrom(-90, 90), degrees, (x, y, z) => {
        const q = quatFromDegrees([x, y, z]);
        const again = quatFromDegrees(degreesFromQuat(q));
        const dot = Math.abs(q.reduce((sum, value, i) => sum + value * again[i as 0], 0));
        expect(dot).toBeGreaterThan(1 - 1e-6);
      }),
    );
  });

  it('turns about the fixed axes, X first', () => {
    const q: Quat = quatFromDegrees([90, 0, 90]);
    const turned = rotateVec3(q, [0, 1, 0]);
    // Y goes to Z about X; Z stays where it is about Z.
    expect(turned[2]).toBeCloseTo(1, 9);
  });
});
