import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rotateVec3, type Vec3 } from '#protocol/spatial/index';
import { FACINGS, facingOf, lyingOn, newPlan, nextMarker, turned, withMarkers } from './plan-draft.ts';

const NORMALS: Record<(typeof FACINGS)[number], Vec3> = {
  up: [0, 1, 0],
  front: [0, 0, 1],
  back: [0, 0, -1],
  left: [-1, 0, 0],
  right: [1, 0, 0],
};

it('a sheet that is put on a face looks out of it and is not upside down, wherever the face looks', () => {
  const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
  fc.assert(
    fc.property(angle, angle, (turn, tilt) => {
      const normal: Vec3 = [Math.cos(tilt) * Math.sin(turn), Math.sin(tilt), Math.cos(tilt) * Math.cos(turn)];
      const rotation = lyingOn(normal);
      const [z, y] = [rotateVec3(rotation, [0, 0, 1]), rotateVec3(rotation, [0, 1, 0])];
      for (let axis = 0; axis < 3; axis++) expect(z[axis]).toBeCloseTo(normal[axis]!, 6);
      if (Math.abs(normal[1]) < 0.97) expect(y[1]).toBeGreaterThan(0);
    }),
    { seed: 11 },
  );
});

it('the named ways of standing are those of the faces that look there', () => {
  for (const facing of FACINGS) {
    const marker = nextMarker(newPlan('b'));
    expect(facingOf(turned(marker, facing))).toBe(facing);
    const rotation = lyingOn(NORMALS[facing]);
    expect(facingOf({ ...marker, poseInProduct: { ...marker.poseInProduct, rotation } })).toBe(facing);
  }
});

it('a station’s markers get numbers of their own, and an empty map is none', () => {
  const first = nextMarker(newPlan('b'), 12);
  const plan = withMarkers(newPlan('b'), 'S1', [first]);
  expect(first.code).toBe('36h11/12');
  expect(nextMarker(plan, 12).code).toBe('36h11/13');
  // At the next bench as well: both can be seen at once.
  expect(nextMarker(withMarkers(plan, 'S2', [first]), 12).code).toBe('36h11/13');
  expect(withMarkers(plan, 'S1', []).markers).toBeUndefined();
});

it('after the last tag that there is it says so, instead of making up one that no detector knows', () => {
  const last = nextMarker(newPlan('b'), 586);
  expect(last.code).toBe('36h11/586');
  expect(() => nextMarker(withMarkers(newPlan('b'), 'S1', [last]), 586)).toThrow('There is no tag after 586.');
});
