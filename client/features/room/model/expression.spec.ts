import { describe, expect, it } from 'vitest';
import { readMeasure, writeMeasure } from './expression.ts';

describe('typing a measure', () => {
  it.each([
    ['12', 12],
    ['12,5', 12.5],
    [' 12+3.5 ', 15.5],
    ['(40-6)/2', 17],
    ['-3', -3],
    ['2*-3', -6],
    ['10-2-3', 5],
    ['1in', 25.4],
    ['2.5 cm + 3', 28],
    ['0.5m', 500],
    ['4×2.5', 10],
  ])('reads %s as a length', (text, millimetres) => {
    expect(readMeasure(text, 'length')).toBeCloseTo(millimetres, 9);
  });

  it('reads angles in degrees, whatever unit they are typed in', () => {
    expect(readMeasure('45°', 'angle')).toBe(45);
    expect(readMeasure('90/4', 'angle')).toBe(22.5);
    expect(readMeasure('3.141592653589793rad', 'angle')).toBeCloseTo(180, 9);
  });

  it.each(['', ' ', 'abc', '12+', '(3', '3)', '1/0', '4 kg', '2 3', 'alert(1)', '9'.repeat(101)])(
    'refuses %s instead of guessing',
    (text) => {
      expect(readMeasure(text, 'length')).toBeNull();
    },
  );

  it('does not accept a length where an angle or a count is wanted', () => {
    expect(readMeasure('5mm', 'angle')).toBeNull();
    expect(readMeasure('5mm', 'count')).toBeNull();
  });

  it('shows no more digits than the measure has, and no minus zero', () => {
    expect(writeMeasure(12)).toBe('12');
    expect(writeMeasure(0.1 + 0.2)).toBe('0.3');
    expect(writeMeasure(-0.00001)).toBe('0');
    expect(writeMeasure(1234.5678)).toBe('1234.568');
  });
});
