import * as fontkit from 'fontkit';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/**
 * The house's Chinese font comes in a hundred slices; each knows its characters by `unicode.json`. As variable WOFF2, of which fontkit
 * draws the thin master only: who draws adds a stroke (`STROKE_SHARE` of the size) to come to an ordinary weight.
 */
const PACKAGE = '@fontsource-variable/noto-sans-sc';

export const STROKE_SHARE = 0.05;

const { resolve } = createRequire(import.meta.url);
const slices = new Map<string, Promise<fontkit.Font>>();
let ranges: Promise<{ slice: string; holds: (code: number) => boolean }[]> | undefined;

export interface Outline {
  /** SVG path, y down, in units of the size of the type. */
  readonly path: string;
  readonly unitsPerSize: number;
  readonly advance: number;
}

/** The outline of a character, so that a sheet needs no font where it is printed. Null when the font has none. */
export async function outlineOf(character: string): Promise<Outline | null> {
  const code = character.codePointAt(0)!;
  ranges ??= readRanges();
  const slice = (await ranges).find(({ holds }) => holds(code))?.slice;
  if (!slice) return null;
  let font = slices.get(slice);
  if (!font) slices.set(slice, (font = open(slice)));
  const opened = await font;
  if (!opened.hasGlyphForCodePoint(code)) return null;
  const glyph = opened.glyphForCodePoint(code);
  return { path: glyph.path.scale(1, -1).toSVG(), unitsPerSize: opened.unitsPerEm, advance: glyph.advanceWidth };
}

async function open(slice: string): Promise<fontkit.Font> {
  const bytes = await readFile(resolve(`${PACKAGE}/files/noto-sans-sc-${slice}-wght-normal.woff2`));
  const font = fontkit.create(bytes);
  if (!('glyphForCodePoint' in font)) throw new Error(`${PACKAGE}: slice ${slice} is no single font`);
  return font;
}

async function readRanges(): Promise<{ slice: string; holds: (code: number) => boolean }[]> {
  const table = JSON.parse(await readFile(resolve(`${PACKAGE}/unicode.json`), 'utf8')) as Record<string, string>;
  return Object.entries(table).map(([name, text]) => {
    const spans = text.split(',').map((span) => {
      const [from, to] = span.replace(/^U\+/i, '').split('-');
      return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)] as const;
    });
    const holds = (code: number) => spans.some(([from, to]) => code >= from && code <= to);
    return { slice: name.replace(/[[\]]/g, ''), holds };
  });
}
