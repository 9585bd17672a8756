import { expect, it } from 'vitest';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { normalize, sub } from '../scene/vec.ts';
import { facing } from './facing.ts';

it('turns a plate to the eye from every side and keeps it upright', () => {
  const at: Vec3 = [0.2, 1, -0.3];
  for (const eye of [
    [0, 1.6, 2],
    [3, 0.2, -0.3],
    [-1, 1, -4],
    [0.2, 2.5, -0.4],
  ] as Vec3[]) {
    const turn = facing(at, eye);
    const towards = rotateVec3(turn, [0, 0, 1]);
    normalize(sub(eye, at)).forEach((value, i) => expect(towards[i]).toBeCloseTo(value, 6));
    expect(rotateVec3(turn, [1, 0, 0])[1]).toBeCloseTo(0, 6);
    expect(rotateVec3(turn, [0, 1, 0])[1]).toBeGreaterThan(0);
  }
});
