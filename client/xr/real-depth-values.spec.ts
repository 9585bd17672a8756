import { expect, it } from 'vitest';
import { metresOf } from './real-depth-values.ts';

it('reads depth of each format as metres, also out of the middle of a buffer', () => {
  expect([...metresOf(Uint8Array.of(0xe8, 0x03, 0, 0, 0x01, 0x01).buffer, 'luminance-alpha', 0.001)]).toEqual(
    [1, 0, 0.257].map((metres) => expect.closeTo(metres, 6) as number),
  );
  const millimetres = Uint16Array.of(9, 9, 1500);
  expect(metresOf(millimetres.subarray(2), 'unsigned-short', 0.001)[0]).toBeCloseTo(1.5, 6);
  expect(metresOf(Float32Array.of(0.75).buffer, 'float32', 1)[0]).toBe(0.75);
});
