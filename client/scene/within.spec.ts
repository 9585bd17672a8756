import { describe, expect, it } from 'vitest';
import { keptWithin } from './within.ts';

const FRAME = [800, 600] as const;
const label = (x: number, y: number, width = 120) => ({ x, y, width, height: 20 });

describe('a label at the edge of the picture', () => {
  it('is moved in as far as it needs to be whole', () => {
    expect(keptWithin(label(400, 300), [400, 322], FRAME)).toEqual({ x: 400, y: 300 });
    expect(keptWithin(label(790, -8), [790, 14], FRAME)).toEqual({ x: 800 - 64, y: 14 });
    expect(keptWithin(label(5, 598), [5, 574], FRAME)).toEqual({ x: 64, y: 600 - 14 });
  });

  it('goes out with what it is about, and begins at the edge where there is no room', () => {
    expect(keptWithin(label(830, 300), [830, 322], FRAME)).toEqual({ x: 830, y: 300 });
    expect(keptWithin(label(60, 300, 900), [60, 322], FRAME).x).toBe(454);
  });
});
