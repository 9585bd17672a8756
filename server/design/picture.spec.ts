import { expect, test } from 'vitest';
import { sniffPicture } from './picture.ts';

/** 1 x 1 pictures as an image editor writes them. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const webpLossy = 'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=';
const webpLossless = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==';
const webpExtended = Buffer.concat([
  Buffer.from('RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00', 'latin1'),
  Buffer.from([0xff, 0x03, 0x00, 0xff, 0x02, 0x00]),
]);

test('PNG and the three kinds of WebP are known by their bytes, with their size', () => {
  expect(sniffPicture(Buffer.from(png, 'base64'))).toEqual({ type: 'image/png', width: 1, height: 1 });
  expect(sniffPicture(Buffer.from(webpLossy, 'base64'))).toEqual({ type: 'image/webp', width: 1, height: 1 });
  expect(sniffPicture(Buffer.from(webpLossless, 'base64'))).toEqual({ type: 'image/webp', width: 1, height: 1 });
  expect(sniffPicture(webpExtended)).toEqual({ type: 'image/webp', width: 1024, height: 768 });
});

test('anything else is refused: a page, an SVG with a script, a GIF, half a header, a picture of absurd size', () => {
  for (const bytes of [
    '<!doctype html><script>alert(1)</script>',
    '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    'GIF89a'.padEnd(40),
  ])
    expect(sniffPicture(Buffer.from(bytes))).toBeNull();
  const bytes = Buffer.from(png, 'base64');
  expect(sniffPicture(bytes.subarray(0, 20))).toBeNull();
  bytes.writeUInt32BE(1_000_000, 16);
  expect(sniffPicture(bytes)).toBeNull();
});
