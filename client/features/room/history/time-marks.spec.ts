import { describe, expect, it } from 'vitest';
import { UserId } from '#protocol/ids';
import { daysOf, stretchesOf } from './time-marks.ts';

const MINUTE = 60_000;
const step = (user: string, at: number) => ({ at, author: { id: UserId.parse(user), name: user } });
/** Noon of a day in November, in the time zone of the machine. */
const noon = (day: number) => new Date(2026, 10, day, 12).getTime();

describe('marks on the time line', () => {
  it('shows in each stretch who did most of it, and covers every step once', () => {
    const steps = Array.from({ length: 1000 }, (_, n) => step(n < 600 || n % 3 === 0 ? 'ann' : 'ben', noon(1) + n));
    const stretches = stretchesOf(steps, 100);
    expect(stretches).toHaveLength(100);
    expect(stretches.reduce((sum, { width }) => sum + width, 0)).toBe(1000);
    expect(stretches.slice(0, 60).every(({ user }) => user === 'ann')).toBe(true);
    expect(stretches.slice(60).every(({ user }) => user === 'ben')).toBe(true);
  });

  it('stands highest where people worked longest, and does not count a night as work', () => {
    const steps = [
      ...Array.from({ length: 10 }, (_, n) => step('ann', noon(1) + n * 2 * MINUTE)),
      ...Array.from({ length: 10 }, (_, n) => step('ann', noon(2) + n * 1000)),
    ];
    const [first, second] = stretchesOf(steps, 2);
    expect(first!.height).toBe(1);
    expect(second!.height).toBeLessThan(0.5);
  });

  it('marks the first step of each day, and names days only where there is room', () => {
    const steps = [
      step('ann', noon(1)),
      ...Array.from({ length: 98 }, () => step('ann', noon(3))),
      step('ann', noon(4)),
    ];
    expect(daysOf(steps).map(({ seq, hasName }) => [seq, hasName])).toEqual([
      [0, true],
      [1, false],
      [99, false],
    ]);
  });

  it('has nothing to show for an empty journal', () => {
    expect(stretchesOf([], 100)).toEqual([]);
    expect(daysOf([])).toEqual([]);
  });
});
