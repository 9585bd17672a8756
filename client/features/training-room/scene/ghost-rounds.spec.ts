import { expect, it } from 'vitest';
import { REST_MS, roundAt } from './ghost-rounds.ts';

it('shows the way a few times, and then rests in its place for good: the device stays cool', () => {
  const roundMs = 1000 + REST_MS;
  expect(roundAt(0, 1000, 2)).toEqual({ atMs: 0, isMoving: true });
  expect(roundAt(1500, 1000, 2)).toEqual({ atMs: 1000, isMoving: true });
  expect(roundAt(roundMs + 400, 1000, 2)).toEqual({ atMs: 400, isMoving: true });
  for (const ms of [2 * roundMs, 3 * roundMs + 400, 8 * 3_600_000])
    expect(roundAt(ms, 1000, 2)).toEqual({ atMs: 1000, isMoving: false });
  expect(roundAt(100 * roundMs + 400, 1000)).toEqual({ atMs: 400, isMoving: true });
});
