import { describe, expect, it } from 'vitest';
import { SAFE_TYPES, sniffType } from './content-type.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('the type of a file without a name', () => {
  it.each([
    ['glTF\x02\0\0\0', 'model/gltf-binary'],
    ['ISO-10303-21;\nHEADER;', 'model/step'],
    ['solid housing\n facet normal', 'model/stl'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x20ftypisom', 'video/mp4'],
    ['{"asset":{"version":"2.0"}}', 'application/json'],
    ['', 'application/octet-stream'],
  ])('is found from its first bytes: %j', (start, type) => {
    expect(sniffType(bytes(start))).toBe(type);
  });

  it.each(['<!doctype html>', '<svg onload="alert(1)">', '<?xml version="1.0"?>', '  <html>', '%!PS', 'MZ\x90'])(
    'is never one that a browser would run: %j',
    (start) => {
      expect(sniffType(bytes(start))).toBe('application/octet-stream');
    },
  );

  it('has no page, script or style among the types one may ask for', () => {
    expect(SAFE_TYPES.filter((type) => /html|xml|svg|script|css/.test(type))).toEqual([]);
  });
});
