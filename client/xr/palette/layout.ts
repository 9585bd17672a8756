import type { ParametricKind } from '#protocol/design/index';

/**
 * The palette's pages as rectangles in dmm (1 dmm = 1 mm at 1 m), from the upper left corner. Targets are at least
 * 64 dmm with 16 between, text at least 24 dmm (docs/look.md, "In the headset").
 */
export const MIN_TARGET_DMM = 64;
export const GAP_DMM = 16;
export const TEXT_DMM = 25;

export type PaletteAct =
  | {
      readonly kind:
        'undo' | 'redo' | 'duplicate' | 'delete' | 'hide' | 'leave' | 'swapHands' | 'snap' | 'visit' | 'voice';
    }
  | { readonly kind: 'stepBack' | 'stepOn' | 'play' | 'toNow' }
  | { readonly kind: 'record' | 'undoStep' | 'endRecording' }
  /** Held while one speaks. */
  | { readonly kind: 'speakNote' }
  | { readonly kind: 'add'; readonly shape: ParametricKind }
  | { readonly kind: 'paint'; readonly color: string }
  | { readonly kind: 'page'; readonly page: PageId }
  | { readonly kind: 'comment'; readonly preset: number };
/** `past` stands in the place of the others while the room is shown as it was. */
export type PageId = 'tools' | 'comments' | 'past' | 'recording';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Target extends Rect {
  readonly act: PaletteAct;
}

/** Eight workshop colours: sRGB, apart in lightness as well as in hue. */
export const SWATCHES = [
  '#e9ecef',
  '#868e96',
  '#212529',
  '#c92a2a',
  '#e8590c',
  '#f2b705',
  '#2b8a3e',
  '#1864ab',
] as const;
const COMMENT_PRESETS = 4;

export const BOARD = { width: 560, height: 640 } as const;
const MARGIN = 20;
const COLUMNS = 4;
const COLUMN = (BOARD.width - 2 * MARGIN - (COLUMNS - 1) * GAP_DMM) / COLUMNS;
const TOP = 20;
const ROWS = [64, 92, 92, 64, 64, 64, 64] as const;

/** Rows of the tools page: people and settings, two of tools, two of colours, talking, and the way out. */
function cell(row: number, column: number, span = 1): Rect {
  const y = TOP + ROWS.slice(0, row).reduce<number>((sum, height) => sum + height + GAP_DMM, 0);
  return {
    x: MARGIN + column * (COLUMN + GAP_DMM),
    y,
    width: span * COLUMN + (span - 1) * GAP_DMM,
    height: ROWS[row]!,
  };
}

/** Where the names of those who are here stand; a press goes to the next of them. */
export const PEOPLE: Rect = cell(0, 0, 2);

const tools: Target[] = [
  { ...PEOPLE, act: { kind: 'visit' } },
  { ...cell(0, 2), act: { kind: 'snap' } },
  { ...cell(0, 3), act: { kind: 'swapHands' } },
  { ...cell(1, 0), act: { kind: 'undo' } },
  { ...cell(1, 1), act: { kind: 'redo' } },
  { ...cell(1, 2), act: { kind: 'duplicate' } },
  { ...cell(1, 3), act: { kind: 'delete' } },
  { ...cell(2, 0), act: { kind: 'hide' } },
  { ...cell(2, 1), act: { kind: 'add', shape: 'box' } },
  { ...cell(2, 2), act: { kind: 'add', shape: 'cylinder' } },
  { ...cell(2, 3), act: { kind: 'add', shape: 'plate' } },
  ...SWATCHES.map((color, i): Target => ({
    ...cell(3 + Math.floor(i / COLUMNS), i % COLUMNS),
    act: { kind: 'paint', color },
  })),
  { ...cell(5, 0, 2), act: { kind: 'page', page: 'comments' } },
  { ...cell(5, 2, 2), act: { kind: 'voice' } },
  { ...cell(6, 0, 2), act: { kind: 'record' } },
  { ...cell(6, 2, 2), act: { kind: 'leave' } },
];

const COMMENT_ROW = 84;
const comments: Target[] = [
  { x: MARGIN, y: TOP, width: COLUMN, height: ROWS[0], act: { kind: 'page', page: 'tools' } },
  ...Array.from({ length: COMMENT_PRESETS }, (_, preset): Target => ({
    x: MARGIN,
    y: TOP + ROWS[0] + GAP_DMM + preset * (COMMENT_ROW + GAP_DMM),
    width: BOARD.width - 2 * MARGIN,
    height: COMMENT_ROW,
    act: { kind: 'comment', preset },
  })),
];

/** Which moment is shown, in words. */
export const MOMENT: Rect = cell(0, 0, 4);

const past: Target[] = [
  { ...cell(1, 0), act: { kind: 'stepBack' } },
  { ...cell(1, 1, 2), act: { kind: 'play' } },
  { ...cell(1, 3), act: { kind: 'stepOn' } },
  { ...cell(2, 0, 4), act: { kind: 'toNow' } },
  { ...cell(5, 2, 2), act: { kind: 'leave' } },
];

/** Steps that are written down: how many there are, which was the last, and what can be done about it. */
export const LAST_STEP: Rect = cell(1, 0, 4);
const recording: Target[] = [
  { ...cell(2, 0, 4), act: { kind: 'speakNote' } },
  { ...cell(3, 0, 4), act: { kind: 'undoStep' } },
  { ...cell(4, 0, 4), act: { kind: 'endRecording' } },
  { ...cell(5, 0, 2), act: { kind: 'page', page: 'tools' } },
  { ...cell(5, 2, 2), act: { kind: 'voice' } },
  { ...cell(6, 0, 4), act: { kind: 'leave' } },
];

export const PAGES: Record<PageId, readonly Target[]> = { tools, comments, past, recording };

/** The target under a point of the board, or null between them. */
export function targetAt(page: PageId, xDmm: number, yDmm: number): Target | null {
  return (
    PAGES[page].find(({ x, y, width, height }) => xDmm >= x && xDmm < x + width && yDmm >= y && yDmm < y + height) ??
    null
  );
}
