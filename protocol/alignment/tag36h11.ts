import { TAG36H11_BIT_COLUMNS, TAG36H11_BIT_ROWS, TAG36H11_WORDS_HEX } from './tag36h11.codes.ts';

/** Modules across the black square, its border of one module included. */
export const TAG_MODULES = 8;
export const TAG_COUNT = 587;
const BITS = 36;

/** The modules of a tag, row by row from the upper left; true is white. */
export function tagModules(id: number): boolean[] {
  const word = BigInt(`0x${TAG36H11_WORDS_HEX.slice(9 * id, 9 * id + 9)}`);
  const modules = new Array<boolean>(TAG_MODULES * TAG_MODULES).fill(false);
  for (let bit = 0; bit < BITS; bit++) {
    const isWhite = ((word >> BigInt(BITS - 1 - bit)) & 1n) === 1n;
    modules[TAG36H11_BIT_ROWS[bit]! * TAG_MODULES + TAG36H11_BIT_COLUMNS[bit]!] = isWhite;
  }
  return modules;
}

export interface ReadTag {
  readonly id: number;
  /** Bits that had to be put right; the family tells words apart that differ in up to five. */
  readonly correctedBits: number;
  /** Quarter turns, clockwise as one reads, from the picture's upper left corner to the tag's own. */
  readonly quarterTurns: number;
}

/** Upper 4 and lower 32 bits of all words in all four turns: 2 348 pairs. */
let words: { high: Uint8Array; low: Uint32Array } | undefined;

/** The tag that 64 modules (as in `tagModules`, in any turn) show, or null. */
export function readTag(modules: readonly boolean[], mostCorrectedBits: number): ReadTag | null {
  words ??= turnedWords();
  let [high, low] = [0, 0];
  for (let bit = 0; bit < BITS; bit++) {
    const isWhite = modules[TAG36H11_BIT_ROWS[bit]! * TAG_MODULES + TAG36H11_BIT_COLUMNS[bit]!] ? 1 : 0;
    if (bit < 4) high = (high << 1) | isWhite;
    else low = ((low << 1) | isWhite) >>> 0;
  }
  let [best, at] = [mostCorrectedBits + 1, -1];
  for (let i = 0; i < words.high.length; i++) {
    const distance = ones(words.low[i]! ^ low) + ones(words.high[i]! ^ high);
    if (distance < best) [best, at] = [distance, i];
  }
  return at < 0 ? null : { id: at >> 2, correctedBits: best, quarterTurns: at & 3 };
}

/**
 * Its bits stand in four groups of nine, one group a side, so a quarter turn rotates the word by nine bits. Word 4 id + q is what
 * one reads of a tag whose upper left corner lies q corners further, clockwise.
 */
function turnedWords(): { high: Uint8Array; low: Uint32Array } {
  const out = { high: new Uint8Array(4 * TAG_COUNT), low: new Uint32Array(4 * TAG_COUNT) };
  const all = (1n << BigInt(BITS)) - 1n;
  for (let id = 0; id < TAG_COUNT; id++) {
    let word = BigInt(`0x${TAG36H11_WORDS_HEX.slice(9 * id, 9 * id + 9)}`);
    for (let q = 0; q < 4; q++) {
      out.high[4 * id + q] = Number(word >> 32n);
      out.low[4 * id + q] = Number(word & 0xffffffffn);
      word = ((word >> 9n) | (word << BigInt(BITS - 9))) & all;
    }
  }
  return out;
}

function ones(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
