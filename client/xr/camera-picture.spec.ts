import { expect, it } from 'vitest';
import { CameraPictures, topRowFirst } from './camera-picture.ts';

it('brings a picture that was read from below the right way up', () => {
  const [a, b, c] = [1, 2, 3].map((row) => Array.from({ length: 8 }, (_, at) => 10 * row + at)) as [
    number[],
    number[],
    number[],
  ];
  expect([...topRowFirst(Uint8Array.from([...a, ...b, ...c]), 2)]).toEqual([...c, ...b, ...a]);
});

it('is not there where the device gives no pictures', () => {
  expect(
    CameraPictures.of({ enabledFeatures: ['local-floor'] } as unknown as XRSession, {} as WebGL2RenderingContext),
  ).toBeNull();
});
