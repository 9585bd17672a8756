import { describe, expect, it } from 'vitest';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { lookingAt, rotationOf, shaken, stepped, turned } from './station-eye.ts';

const REACH = { min: [-2, 0.1, -2] as Vec3, max: [2, 2, 2] as Vec3 };
const sight = (held: Parameters<typeof rotationOf>[0]) => rotateVec3(rotationOf(held), [0, 0, -1]);

describe('the hand that holds the rendered camera', () => {
  it('looks at what it is told to, from wherever it is', () => {
    for (const from of [
      [0, 0.5, 1],
      [-1, 0.2, 0.3],
      [0.4, 1.6, -1],
    ] as Vec3[]) {
      const [x, y, z] = sight(lookingAt(from, [0, 0.1, 0]));
      const far = Math.hypot(from[0], from[1] - 0.1, from[2]);
      expect(
        [x * far + from[0], y * far + from[1], z * far + from[2]].map((v) => Math.round(v * 1e9) / 1e9 || 0),
      ).toEqual([0, 0.1, 0]);
    }
  });

  it('leans in along its line of sight, steps to its own right, and stays within reach', () => {
    const held = lookingAt([0, 0.5, 1], [0, 0.5, 0]);
    expect(stepped(held, [0, 0, 0], 0.3, REACH).position[2]).toBeCloseTo(0.7);
    expect(stepped(turned(held, Math.PI / 2, 0), [0.2, 0, 0], 0, REACH).position[2]).toBeCloseTo(0.8);
    expect(stepped(held, [9, 9, -9], 0, REACH).position).toEqual([2, 2, 2]);
    expect(turned(held, 0, 9).pitchRad).toBeLessThan(Math.PI / 2);
  });

  it('shakes no more than a hand does', () => {
    const held = lookingAt([0, 0.5, 1], [0, 0.5, 0]);
    for (let ms = 0; ms < 20_000; ms += 137) {
      const { position, yawRad } = shaken(held, ms);
      expect(Math.hypot(position[0] - 0, position[1] - 0.5, position[2] - 1)).toBeLessThan(0.002);
      expect(Math.abs(yawRad - held.yawRad)).toBeLessThan(0.004);
    }
  });
});
