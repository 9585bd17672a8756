import type { Pixel } from '#protocol/alignment/camera';

export interface CodeInPicture {
  readonly text: string;
  /** Where it lies; null: the reader did not say so. */
  readonly cornersPx: readonly Pixel[];
}

/** A code that is held into the frame. */
export interface HeldCode {
  readonly text: string;
  readonly sinceMs: number;
  readonly looks: number;
  /** Held long enough, and alone: it is meant. */
  readonly isSure: boolean;
  /** Others that lie in the frame about as near to its middle: the person says which one is meant. */
  readonly beside: readonly string[];
}

/** So many looks in a row, over so long at least, ms. */
const LOOKS = 3;
const HELD_MS = 350;
/** Another code that is less than so many times as far from the middle might be meant as well. */
const CLEARLY = 2;
/** The frame is this share of the picture's smaller side. */
const FRAME = 0.5;

/**
 * Which code somebody holds into the middle of the picture. Codes lie all over a bench: read is the one that is held there,
 * and only after it has been the same for a moment. A look that misses it counts for nothing. Of two that lie there side by
 * side neither is taken: the wrong one would stand in the record as a wrong part.
 */
export function heldInFrame(
  before: HeldCode | null,
  codes: readonly CodeInPicture[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  atMs: number,
): HeldCode | null {
  const half = (FRAME * Math.min(widthPx, heightPx)) / 2;
  const inFrame = codes
    .map(({ text, cornersPx }) => {
      const n = Math.max(1, cornersPx.length);
      const x = cornersPx.reduce((sum, [u]) => sum + u, 0) / n - widthPx / 2;
      const y = cornersPx.reduce((sum, [, v]) => sum + v, 0) / n - heightPx / 2;
      return { text, off: Math.max(Math.abs(x), Math.abs(y)) };
    })
    .filter(({ off }) => off <= half)
    .sort((a, b) => a.off - b.off);
  const [nearest] = inFrame;
  if (!nearest) return before && atMs - before.sinceMs < 5 * HELD_MS ? before : null;
  const beside = inFrame
    .filter(({ text, off }) => text !== nearest.text && off < CLEARLY * nearest.off)
    .map(({ text }) => text);
  if (before?.text !== nearest.text) return { text: nearest.text, sinceMs: atMs, looks: 1, isSure: false, beside };
  const looks = before.looks + 1;
  const isSure = beside.length === 0 && looks >= LOOKS && atMs - before.sinceMs >= HELD_MS;
  return { ...before, looks, isSure, beside };
}
