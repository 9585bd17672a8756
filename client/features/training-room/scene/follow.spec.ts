import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forwardOf, rotationOf } from '../../../scene/camera/orbit.ts';
import { eyeIn } from './follow.ts';

const turn = fc.double({ min: -1.5, max: 1.5, noNaN: true });

it('an eye in a head looks where the head looks, from where it is', () => {
  fc.assert(
    fc.property(turn, turn, (yaw, pitch) => {
      const rotation = rotationOf({ yaw: 2 * yaw, pitch });
      const eye = eyeIn({ position: [1, 2, 3], rotation }, 0.5);
      const wanted = forwardOf({ yaw: 2 * yaw, pitch });
      forwardOf(eye).forEach((value, axis) => expect(value).toBeCloseTo(wanted[axis]!, 6));
      expect(eye).toMatchObject({ position: [1, 2, 3], focusM: 0.5 });
    }),
  );
});
