import { describe, expect, it } from 'vitest';
import { COARSEST, Sharpness } from './sharpness.ts';

function after(intervalsMs: number[]): Sharpness {
  const sharpness = new Sharpness();
  for (const intervalMs of intervalsMs) sharpness.moved(intervalMs);
  return sharpness;
}

describe('How fine the picture is', () => {
  it('is always full on a machine that draws fast enough', () => {
    const sharpness = after(Array<number>(100).fill(16));
    expect(sharpness.next(true)).toBe(1);
    expect(sharpness.isSharpDue(10_000)).toBe(false);
  });

  it('gets coarser while things move on a slow machine, but never below what one can work with', () => {
    expect(after([90]).next(true)).toBeLessThan(1);
    expect(after(Array<number>(50).fill(90)).next(true)).toBe(COARSEST);
  });

  it('is full again when things stand still, not before', () => {
    const sharpness = after([90, 90]);
    sharpness.next(true);
    expect(sharpness.isSharpDue(100)).toBe(false);
    expect(sharpness.isSharpDue(300)).toBe(true);
    expect(sharpness.next(false)).toBe(1);
    expect(sharpness.isSharpDue(10_000)).toBe(false);
  });

  it('gets finer again when the load goes', () => {
    const sharpness = after([90, 90, 90]);
    for (let i = 0; i < 100; i++) sharpness.moved(16);
    expect(sharpness.next(true)).toBe(1);
  });

  it('stays as it is at a pace in between, so that it does not swing', () => {
    const sharpness = after([90, 90]);
    const before = sharpness.next(true);
    for (let i = 0; i < 20; i++) sharpness.moved(33);
    expect(sharpness.next(true)).toBe(before);
  });
});
