import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freeRange } from './stations.service.ts';

it('stations get tags that no other has, while there are numbers left', () => {
  const taken = [24];
  for (let n = 0; n < 47; n++) taken.push(freeRange(taken));
  expect(new Set(taken).size).toBe(48);
  expect(Math.max(...taken)).toBeLessThanOrEqual(587 - 12);
  expect(freeRange(taken)).toBe(0);
});

it('a range that somebody chose by hand is left alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 575 }), { maxLength: 20 }), (taken) => {
      const first = freeRange(taken);
      for (const other of taken) expect(Math.abs(other - first)).toBeGreaterThanOrEqual(12);
    }),
  );
});
