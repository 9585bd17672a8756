import { expect, it } from 'vitest';
import { blackOf } from './print.ts';

it('dots become black rectangles where they were', () => {
  const dots = ['..##', '#...'];
  expect(blackOf(4, 2, 0.25, (column, row) => dots[row]![column] === '#')).toEqual([
    { x: 0.25, y: 0.125, w: 0.5, h: 0.25 },
    { x: -0.375, y: -0.125, w: 0.25, h: 0.25 },
  ]);
});
