import { describe, expect, it } from 'vitest';
import { BOARD, GAP_DMM, MIN_TARGET_DMM, PAGES, SWATCHES, targetAt, TEXT_DMM, type Rect } from './layout.ts';

const apart = (a: Rect, b: Rect): number =>
  Math.max(a.x - b.x - b.width, b.x - a.x - a.width, a.y - b.y - b.height, b.y - a.y - a.height);

describe.each(Object.entries(PAGES))('palette page %s', (page, targets) => {
  it('has targets that a hand can hit: at least 64 dmm, 16 apart, on the board', () => {
    for (const target of targets) {
      expect(Math.min(target.width, target.height)).toBeGreaterThanOrEqual(MIN_TARGET_DMM);
      expect(target.x + target.width).toBeLessThanOrEqual(BOARD.width);
      expect(target.y + target.height).toBeLessThanOrEqual(BOARD.height);
      for (const other of targets)
        if (other !== target) expect(apart(target, other)).toBeGreaterThanOrEqual(GAP_DMM - 1e-9);
    }
  });

  it('gives each target to the finger on it, and nothing between them', () => {
    for (const { x, y, width, height, act } of targets) {
      expect(targetAt(page as keyof typeof PAGES, x + width / 2, y + height / 2)?.act).toBe(act);
      expect(targetAt(page as keyof typeof PAGES, x - GAP_DMM / 2, y + height / 2)).toBeNull();
    }
  });
});

it('offers everything that a person does without leaving the headset', () => {
  const kinds = PAGES.tools.map(({ act }) => act.kind);
  for (const kind of ['undo', 'redo', 'duplicate', 'delete', 'hide', 'page', 'visit', 'voice', 'leave'])
    expect(kinds).toContain(kind);
  expect(kinds.filter((kind) => kind === 'add')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'paint')).toHaveLength(SWATCHES.length);
  expect(TEXT_DMM).toBeGreaterThanOrEqual(24);
});
