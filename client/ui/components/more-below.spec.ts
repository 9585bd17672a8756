import { expect, it } from 'vitest';
import { hasMoreBelow } from './more-below.ts';

it('a box goes on below until its last line is seen', () => {
  const box = { scrollHeight: 700, clientHeight: 400 };
  expect([0, 200, 295, 300].map((scrollTop) => hasMoreBelow({ ...box, scrollTop }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
