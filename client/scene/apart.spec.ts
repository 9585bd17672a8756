import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placedApart, type LabelBox } from './apart.ts';

const label = fc.record({
  x: fc.integer({ min: 0, max: 390 }),
  y: fc.integer({ min: 0, max: 500 }),
  width: fc.integer({ min: 30, max: 120 }),
  height: fc.constant(20),
});

it('labels that have room stay where they are; two at one place stand one over the other', () => {
  const at = (x: number, y: number): LabelBox => ({ x, y, width: 60, height: 20 });
  expect(placedApart([at(0, 0), at(100, 0), at(0, 50)])).toEqual([0, 0, 50]);
  const [a, b] = placedApart([at(50, 100), at(60, 104)]) as [number, number];
  expect(Math.abs(a - b)).toBeGreaterThanOrEqual(22);
});

it('no label covers another or what is taken, however many there are, and none is far from its place', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 40 }), fc.array(label, { maxLength: 3 }), (labels, taken) => {
      const places = placedApart(labels, { taken });
      const shown = labels.flatMap((one, at) => (places[at] === null ? [] : [{ ...one, y: places[at]!, was: one.y }]));
      for (const [at, one] of shown.entries()) {
        expect(Math.abs(one.y - one.was)).toBeLessThanOrEqual(72);
        for (const other of [...shown.slice(at + 1), ...taken]) {
          const isApart =
            Math.abs(one.x - other.x) >= (one.width + other.width) / 2 ||
            Math.abs(one.y - other.y) >= (one.height + other.height) / 2;
          expect(isApart).toBe(true);
        }
      }
    }),
  );
});
