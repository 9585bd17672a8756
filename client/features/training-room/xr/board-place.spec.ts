import { describe, expect, it } from 'vitest';
import type { Bounds } from '../../../scene/geometry.ts';
import { BOARD, boardAsideRad } from './board-place.ts';

const HALF_M = 0.22;
const box = (widthM: number, nearM: number, deepM = 1): Bounds => ({
  min: [-widthM / 2, 0, -nearM - deepM],
  max: [widthM / 2, 1, -nearM],
});
const aside = (work: Bounds, { yawRad = 0, side = 1 as -1 | 1 } = {}) =>
  boardAsideRad({ headInRoom: [0, 1.6, 0], yawRad, side, halfWidthM: HALF_M, work });
/** Where the inner edge of the board is seen, to the side. */
const innerEdge = (asideRad: number) => asideRad - Math.atan(HALF_M / BOARD.awayM);

describe('the board beside the work', () => {
  it('stands at its usual angle where the work is narrow, on either side', () => {
    for (const side of [-1, 1] as const) expect(aside(box(0.3, 0.8), { side })).toBe(BOARD.asideRad);
  });

  it('stands as far aside as a wide machine asks for, and no further', () => {
    for (const widthM of [1.2, 1.6, 2]) {
      const edge = Math.atan2(widthM / 2, 1.2);
      const rad = aside(box(widthM, 1.2));
      expect(innerEdge(rad)).toBeGreaterThan(edge);
      expect(innerEdge(rad)).toBeLessThan(edge + 0.1);
      expect(aside(box(widthM, 1.2), { side: -1 })).toBeCloseTo(rad);
    }
  });

  it('goes by where one looks: less far on the side to which one has turned the back, more on the other', () => {
    const wide = box(1.2, 1.2);
    // Turned to the left, positive: the work is seen further to the right.
    expect(aside(wide, { yawRad: 0.4 })).toBeCloseTo(aside(wide) + 0.4);
    expect(aside(wide, { yawRad: 0.4, side: -1 })).toBe(BOARD.asideRad);
    // With the back to it there is nothing to clear.
    expect(aside(wide, { yawRad: Math.PI })).toBe(BOARD.asideRad);
  });

  it('never goes so far that it would be taken for left behind, and stands as usual inside a machine or where nothing is', () => {
    expect(aside(box(20, 0.7))).toBeLessThan(1.35);
    expect(aside({ min: [-2, 0, -2], max: [2, 2, 2] })).toBe(BOARD.asideRad);
    expect(aside({ min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] })).toBe(BOARD.asideRad);
  });
});
