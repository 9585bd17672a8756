import { expect, it } from 'vitest';
import { duration, span } from './quantities.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

it.each([
  [14 * DAY_MS - MINUTE_MS, '14 days'],
  [14 * DAY_MS, '14 days'],
  [13.4 * DAY_MS, '13 days'],
  [2 * DAY_MS, '2 days'],
  [2 * DAY_MS - MINUTE_MS, '48 hours'],
  [2 * HOUR_MS - 1, '120 minutes'],
  [1, '1 minute'],
  [-DAY_MS, '0 minutes'],
])('says of %d ms that %s are left', (ms, text) => expect(span(ms)).toBe(text));

it.each([
  [0, '0.0 s'],
  [4_520, '4.5 s'],
  [9_960, '10 s'],
  [45_400, '45 s'],
  [59_600, '1 min'],
  [90_000, '1 min 30 s'],
  [HOUR_MS - 400, '1 h'],
  [2 * HOUR_MS + 5 * MINUTE_MS, '2 h 5 min'],
  [2 * HOUR_MS + 59.6 * MINUTE_MS, '3 h'],
])('says that %d ms took %s', (ms, text) => expect(duration(ms)).toBe(text));
