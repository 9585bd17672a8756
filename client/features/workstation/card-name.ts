import { breakLines } from '../../xr/plates/plate-layout.ts';
import { blackOf, type Print } from './print.ts';

const FONT = "'Inter Variable', Inter, 'Noto Sans SC Variable', system-ui, sans-serif";
/** Fine enough for letters, and few enough of them to draw. */
const DOT_M = 0.00025;
const MARGIN_M = 0.003;
/** Letters from large to small: read from where one stands at the bench, unless the name is long. */
const SIZES_M = [0.013, 0.012, 0.011, 0.01, 0.009, 0.008];
const LINE = 1.12;
const MOST_LINES = 2;

interface Lettering {
  readonly sizeM: number;
  readonly lines: readonly string[];
}

/** The largest letters in which a name fits beside its code; the smallest, cut off, where none do. `measure`: width of a text at a size, metres. */
export function letteringOf(name: string, widthM: number, measure: (text: string, sizeM: number) => number): Lettering {
  const room = widthM - 2 * MARGIN_M;
  for (const sizeM of SIZES_M) {
    const lines = breakLines(name, room, (piece) => measure(piece, sizeM));
    if (lines.length <= MOST_LINES && lines.every((line) => measure(line, sizeM) <= room)) return { sizeM, lines };
  }
  const sizeM = SIZES_M.at(-1)!;
  return { sizeM, lines: breakLines(name, room, (piece) => measure(piece, sizeM)).slice(0, MOST_LINES) };
}

/** A name in black on white, as it stands on a card above the code. */
export async function nameStrip(name: string, widthM: number): Promise<Print> {
  // Letters of a language that the page has not shown yet come with the first that asks; without them others do.
  await document.fonts.load(`600 20px ${FONT}`, name).catch(() => []);
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const fontOf = (sizeM: number) => `600 ${sizeM / DOT_M}px ${FONT}`;
  const { sizeM, lines } = letteringOf(name, widthM, (text, size) => {
    pen.font = fontOf(size);
    return pen.measureText(text).width * DOT_M;
  });
  const [columns, rows] = [widthM, lines.length * LINE * sizeM + 2 * MARGIN_M].map((m) => Math.round(m / DOT_M)) as [
    number,
    number,
  ];
  Object.assign(pen.canvas, { width: columns, height: rows });
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, columns, rows);
  Object.assign(pen, { fillStyle: '#000', font: fontOf(sizeM), textAlign: 'center', textBaseline: 'middle' });
  for (const [at, line] of lines.entries())
    pen.fillText(line, columns / 2, (MARGIN_M + (at + 0.5) * LINE * sizeM) / DOT_M);
  const { data } = pen.getImageData(0, 0, columns, rows);
  const black = blackOf(columns, rows, DOT_M, (column, row) => data[4 * (row * columns + column)]! < 128);
  return { widthM: columns * DOT_M, heightM: rows * DOT_M, moduleM: DOT_M, black };
}
