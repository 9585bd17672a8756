import { expect, it } from 'vitest';
import { UNITS } from './measure.ts';
import { unitWord, withUnit } from './unit-words.ts';

it('writes a torque in one way, whatever it is stored as', () => {
  expect([withUnit(18.4, 'N.m'), withUnit(25, 'N.cm')]).toEqual(['18.4 N·m', '25 N·cm']);
  expect([withUnit(45, 'deg'), withUnit(3, '1'), withUnit(2.00004, 'mm'), withUnit(7, '/min')]).toEqual([
    '45°',
    '3',
    '2 mm',
    '7 1/min',
  ]);
});

it('shows no product of units as a machine writes it, and leaves what it does not know', () => {
  for (const unit of Object.keys(UNITS)) expect(unitWord(unit)).not.toContain('.');
  expect(withUnit(4, 'lbf.ft')).toBe('4 lbf.ft');
});
