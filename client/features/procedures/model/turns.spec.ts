import fc from 'fast-check';
import { expect, it } from 'vitest';
import { angleErrorRad } from '#protocol/procedures/index';
import { anglesOf, rotationOf } from './turns.ts';

const degrees = fc.double({ min: -360, max: 360, noNaN: true });

it('angles that an author reads give the rotation they were read from', () => {
  fc.assert(
    fc.property(fc.tuple(degrees, degrees, degrees), (angles) => {
      const rotation = rotationOf(angles);
      expect(angleErrorRad(rotationOf(anglesOf(rotation)), rotation, { kind: 'none' })).toBeLessThan(1e-4);
    }),
  );
});

it.each([[[0, 90, 0]], [[0, -90, 0]], [[30, 90, 0]], [[90, 0, 0]]] as [[number, number, number]][])(
  '%j is read as it was written',
  (angles) => {
    anglesOf(rotationOf(angles)).forEach((angle, axis) => expect(angle).toBeCloseTo(angles[axis]!, 4));
  },
);
