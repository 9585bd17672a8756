/**
 * Media types that a browser may be told. None of them runs script in our origin: HTML, SVG and XML are missing on
 * purpose and leave as a download of plain bytes.
 */
export const SAFE_TYPES = [
  'application/octet-stream',
  'application/json',
  'application/pdf',
  'application/zip',
  'application/vnd.ipld.dag-cbor',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'image/gif',
  'image/jpeg',
  'image/ktx2',
  'image/png',
  'image/vnd.radiance',
  'image/webp',
  'model/gltf-binary',
  'model/gltf+json',
  'model/iges',
  'model/obj',
  'model/step',
  'model/stl',
  'text/plain',
  'video/mp4',
  'video/webm',
] as const;

export type SafeType = (typeof SAFE_TYPES)[number];

/** How many bytes from the start of a file `sniffType` looks at. */
export const SNIFF_BYTES = 64;

/** Signatures at fixed places, after the WHATWG MIME Sniffing standard and the formats' own specifications. */
const SIGNATURES: readonly (readonly [offset: number, signature: string, type: SafeType])[] = [
  [0, 'glTF', 'model/gltf-binary'],
  [0, 'ISO-10303-21', 'model/step'],
  [0, 'solid ', 'model/stl'],
  [0, '\x89PNG\r\n\x1a\n', 'image/png'],
  [0, '\xff\xd8\xff', 'image/jpeg'],
  [0, 'GIF8', 'image/gif'],
  [8, 'WEBP', 'image/webp'],
  [1, 'KTX 20\xbb', 'image/ktx2'],
  [0, '#?RADIANCE', 'image/vnd.radiance'],
  [0, '%PDF-', 'application/pdf'],
  [0, 'PK\x03\x04', 'application/zip'],
  [4, 'ftyp', 'video/mp4'],
  [0, '\x1a\x45\xdf\xa3', 'video/webm'],
  [0, 'OggS', 'audio/ogg'],
  [8, 'WAVE', 'audio/wav'],
  [0, 'ID3', 'audio/mpeg'],
  // Frames of MPEG-1 layer 3 without a tag before them.
  [0, '\xff\xfb', 'audio/mpeg'],
  [0, '\xff\xfa', 'audio/mpeg'],
  [0, '{', 'application/json'],
];

/** What the first bytes of a file say it is; `application/octet-stream` when they say nothing known. */
export function sniffType(start: Uint8Array): SafeType {
  const text = String.fromCharCode(...start.subarray(0, SNIFF_BYTES));
  return (
    SIGNATURES.find(([offset, signature]) => text.startsWith(signature, offset))?.[2] ?? 'application/octet-stream'
  );
}
