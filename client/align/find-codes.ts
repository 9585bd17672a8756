import { prepareZXingModule, readBarcodes, type ReadResult } from 'zxing-wasm/reader';
import type { Camera, Pixel } from '#protocol/alignment/camera';
import type { Sighting } from '#protocol/alignment/sighting';
import { fitCorners } from './corners.ts';
import type { GrayPicture } from './picture.ts';
import type { Quad } from './quad.ts';

/** A code that was read: what it says, and where it lies. */
export interface ReadCode {
  readonly format: 'qr' | 'datamatrix';
  readonly text: string;
  /** Upper left, then clockwise as one reads it; to a pixel or two. */
  readonly cornersPx: Quad;
  /** A QR code whose corners could be measured stands for a marker. */
  readonly sighting: Sighting | null;
}

/** Where the reader's program lies, or its bytes: from our own origin, never from elsewhere. */
export type ReaderProgram = { url: string } | { bytes: ArrayBuffer };

let prepared: Promise<unknown> | undefined;

/** Loads the reader (0.95 MB, zxing-cpp) once; the first code costs that, later ones milliseconds. */
export function prepareReader(program: ReaderProgram): Promise<unknown> {
  prepared ??= prepareZXingModule({
    overrides: 'url' in program ? { locateFile: () => program.url } : { wasmBinary: program.bytes },
    fireImmediately: true,
  });
  return prepared;
}

/** QR and DataMatrix codes in a picture. `prepareReader` comes first. */
export async function findCodes(picture: GrayPicture, camera?: Camera): Promise<ReadCode[]> {
  const { widthPx, heightPx, data } = picture;
  const rgba = new Uint8ClampedArray(4 * data.length);
  for (let i = 0, at = 0; i < data.length; i++, at += 4) {
    rgba[at] = rgba[at + 1] = rgba[at + 2] = data[i]!;
    rgba[at + 3] = 255;
  }
  const image = { data: rgba, width: widthPx, height: heightPx, colorSpace: 'srgb' } as ImageData;
  const results = await readBarcodes(image, {
    formats: ['QRCode', 'DataMatrix'],
    tryHarder: true,
    maxNumberOfSymbols: 8,
  });
  return results.filter(({ isValid }) => isValid).map((result) => codeOf(picture, result, camera));
}

function codeOf(picture: GrayPicture, result: ReadResult, camera?: Camera): ReadCode {
  const { topLeft, topRight, bottomRight, bottomLeft } = result.position;
  const at = ({ x, y }: { x: number; y: number }): Pixel => [x + 0.5, y + 0.5];
  const cornersPx: Quad = [at(topLeft), at(topRight), at(bottomRight), at(bottomLeft)];
  const format = result.format.startsWith('QR') ? 'qr' : 'datamatrix';
  const sighting = format === 'qr' ? sightingOf(picture, result, cornersPx, camera) : null;
  return { format, text: result.text, cornersPx, sighting };
}

/** Across a QR code of version v lie 17 + 4 v modules; its three finders are seven modules wide and black outside. */
const FINDER_MODULES = 7;

function sightingOf(picture: GrayPicture, result: ReadResult, rough: Quad, camera?: Camera): Sighting | null {
  const version = Number.parseInt(result.version, 10);
  if (!(version >= 1 && version <= 40)) return null;
  const modules = 17 + 4 * version;
  const finder = (FINDER_MODULES - 0.5) / modules;
  const start = 0.5 / modules;
  const [first, last] = [
    [start, finder],
    [1 - finder, 1 - start],
  ] as const;
  // Clockwise: the upper edge has finders at both ends, the right one only where it starts, the lower one where it ends.
  const parts = [[first, last], [first], [last], [first, last]];
  const fitted = fitCorners(picture, rough, { modules, margin: 3, parts }, camera);
  if (!fitted || fitted.inlierShare < 0.8) return null;
  return { code: `qr/${result.text}`, cornersPx: fitted.cornersPx, covariancePx2: fitted.covariancePx2 };
}
