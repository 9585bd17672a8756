import { expect, test } from 'vitest';
import { badgeSvg } from './badge-picture.ts';
import { bakePng, bakeSvg, pngChunk, unbake } from './bake.ts';
import { issued } from './credential.fixture.ts';
import { verifySignature } from './data-integrity.ts';

const FACTS = { title: 'Gearbox <assembly> & more', recipient: '迈尔 "Ada"', issuer: 'Werk Nord', date: '2026-11-21' };
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const PNG = Uint8Array.from([
  ...SIGNATURE,
  ...pngChunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)),
  ...pngChunk('IDAT', Uint8Array.of(1, 2, 3)),
  ...pngChunk('IEND', new Uint8Array()),
]);
const count = (file: Uint8Array, text: string) => Buffer.from(file).toString('latin1').split(text).length - 1;

test('a certificate comes out of its PNG and its SVG as it went in, and still verifies', async () => {
  const certificate = await issued();
  const svg = new TextEncoder().encode(bakeSvg(badgeSvg(FACTS), certificate));
  for (const file of [bakePng(PNG, certificate), svg]) {
    const found: object = JSON.parse(unbake(file)!) as object;
    expect(found).toEqual(certificate);
    expect(await verifySignature(found as Record<string, unknown>)).toMatchObject({ outcome: 'valid' });
  }
});

test('baking again replaces what was baked in: there is one certificate in a picture', () => {
  const twice = bakePng(bakePng(PNG, { n: 1 }), { n: 2 });
  expect(unbake(twice)).toBe('{"n":2}');
  expect(count(twice, 'openbadgecredential')).toBe(1);
  const svg = bakeSvg(bakeSvg(badgeSvg(FACTS), { n: 1 }), { n: 2 });
  expect(svg.match(/<openbadges:credential>/g)).toHaveLength(1);
  expect(unbake(new TextEncoder().encode(svg))).toBe('{"n":2}');
});

test('words that would end the XML section do not break out of it', () => {
  const evil = { note: ']]><script>alert(1)</script>' };
  const svg = bakeSvg(badgeSvg(FACTS), evil);
  expect(svg.indexOf(']]>')).toBe(svg.lastIndexOf(']]>'));
  expect(JSON.parse(unbake(new TextEncoder().encode(svg))!)).toEqual(evil);
});

test('the chunk is the one the standard names: uncompressed iTXt with a right checksum', () => {
  const baked = Buffer.from(bakePng(PNG, { a: 'ü' }));
  const at = baked.indexOf('iTXt');
  expect(baked.subarray(at + 4, at + 28).toString('latin1')).toBe('openbadgecredential\0\0\0\0\0');
  // CRC of an empty IEND is known to everybody who ever looked at a PNG.
  expect(baked.subarray(-4).toString('hex')).toBe('ae426082');
});

test('a file without a certificate has none, and a cut-off PNG does not hang', () => {
  expect(unbake(PNG)).toBeNull();
  expect(unbake(new TextEncoder().encode('<svg></svg>'))).toBeNull();
  expect(unbake(bakePng(PNG, { n: 1 }).subarray(0, 60))).toBeNull();
  expect(unbake(Uint8Array.of(...SIGNATURE, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8))).toBeNull();
});
