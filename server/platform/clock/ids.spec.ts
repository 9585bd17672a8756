import { expect, test } from 'vitest';
import { FixedClock, SeededIds, SystemIds } from './index.ts';

test('ids are 21 url-safe characters, do not repeat and may stand in a command line', () => {
  const ids = new SystemIds();
  const many = Array.from({ length: 5_000 }, () => ids.next());
  expect(new Set(many).size).toBe(many.length);
  for (const id of many) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{20}$/);
});

test('the same seed tells the same ids, another seed others', () => {
  const [a, b, c] = [new SeededIds(7), new SeededIds(7), new SeededIds(8)];
  const first = a.next();
  expect(b.next()).toBe(first);
  expect(c.next()).not.toBe(first);
  expect(a.next()).not.toBe(first);
});

test('a fixed clock moves only when told', () => {
  const clock = new FixedClock(1_000);
  expect([clock.nowMs(), clock.nowMs()]).toEqual([1_000, 1_000]);
  clock.advance(5);
  expect(clock.nowMs()).toBe(1_005);
});
