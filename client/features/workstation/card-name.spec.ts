import { expect, it } from 'vitest';
import { letteringOf } from './card-name.ts';

/** As wide as letters are on the whole. */
const measure = (text: string, sizeM: number) => text.length * 0.55 * sizeM;
const CARD_M = 0.07;

it('a short name stands in large letters, a longer one in two lines of smaller ones', () => {
  const [short, long] = ['O-ring', 'Deep groove ball bearing 6204'].map((name) => letteringOf(name, CARD_M, measure));
  expect([short!.lines, short!.sizeM]).toEqual([['O-ring'], 0.013]);
  expect(long!.lines).toHaveLength(2);
  expect(long!.sizeM).toBeLessThan(short!.sizeM);
});

it('no line is wider than the card, and none of the name is lost while it fits', () => {
  for (const name of ['Shaft seal 20 × 40 × 7', '骨架油封 20×40×7（输入端）', 'Mechanical seal cartridge']) {
    const { lines, sizeM } = letteringOf(name, CARD_M, measure);
    for (const line of lines) expect(measure(line, sizeM)).toBeLessThan(CARD_M);
    expect(lines.join('').replaceAll(' ', '')).toBe(name.replaceAll(' ', ''));
  }
});
