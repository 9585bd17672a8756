import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packMotion, unpackMotion } from './recording.ts';

const body = fc.uint8Array({ minLength: 0, maxLength: 36 });
const samples = fc
  .array(fc.record({ body, gapMs: fc.integer({ min: 0, max: 65_535 }) }), { minLength: 1, maxLength: 60 })
  .map((list) => {
    let atMs = 1_700_000_000_000;
    return list.map((one) => ({ atMs: (atMs += one.gapMs), body: one.body }));
  });

it('motion comes out byte for byte as it went in', () => {
  fc.assert(
    fc.property(samples, (list) => {
      expect(unpackMotion(packMotion(list))).toEqual(list);
    }),
    { numRuns: 2000 },
  );
});

it('what is no chunk, or was cut off, is nothing', () => {
  fc.assert(
    fc.property(samples, fc.nat(), (list, cut) => {
      const bytes = packMotion(list);
      expect(unpackMotion(bytes.subarray(0, cut % bytes.length))).toBeNull();
    }),
  );
  expect(unpackMotion(new Uint8Array(40))).toBeNull();
  expect(() => packMotion([])).toThrow(RangeError);
});
