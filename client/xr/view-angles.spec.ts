import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import { raisedTo, seenFrom, seenPlate } from './view-angles.ts';

const turned = (yaw: number, position: Vec3 = [0, 1.6, 0]): Pose => ({
  position,
  rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
});

it('what is to the right of where one looks is at the right, whichever way one stands', () => {
  expect(seenFrom(turned(0), [1, 1.6, -1]).x).toBeCloseTo(785.4, 1);
  // Turned to the left, towards -X: the same place is further right.
  expect(seenFrom(turned(Math.PI / 4), [1, 1.6, -1]).x).toBeCloseTo(1570.8, 1);
  expect(seenFrom(turned(0), [0, 2.6, -1]).y).toBeCloseTo(785.4, 1);
});

it('a place that is raised to a height is seen at that height, in the same direction', () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(number, number, number, fc.integer({ min: -800, max: 800 }), (yaw, x, z, y) => {
      fc.pre(Math.hypot(x, z) > 0.2);
      const head = turned(yaw);
      const seen = seenFrom(head, raisedTo(head, [x, 0.4, z], y));
      expect(seen.y).toBeCloseTo(y, 6);
      expect(seen.x).toBeCloseTo(seenFrom(head, [x, 0.4, z]).x, 6);
    }),
  );
});

it('a plate before the eyes takes the place it covers; behind the back it takes none', () => {
  const plate = { poseInRoom: turned(0, [0, 1.6, -1]), widthM: 0.4, heightM: 0.5 };
  const box = seenPlate(turned(0), plate)!;
  expect(box.x).toBeCloseTo(0, 6);
  expect(box.width).toBeCloseTo(2000 * Math.atan(0.2), 1);
  expect(box.y + box.height / 2).toBeCloseTo(0, 6);
  expect(seenPlate(turned(0), { ...plate, poseInRoom: turned(0, [0, 1.6, 1]) })).toBeNull();
  expect(seenPlate(turned(0), { ...plate, poseInRoom: null })).toBeNull();
});
