import { expect, it } from 'vitest';
import { sayFacts } from './deviation-facts.ts';
import { guidanceStrings } from './strings.ts';

const NAMES = { names: { 'wrench-m8': { en: 'Torque wrench M8' }, 'screw-1': { en: 'Cover screw' } } };

it('names tools and parts, what was found and what was expected, and no ids', () => {
  const torque = { tool: 'wrench-m8', thing: 'screw-1', value: 12.5, unit: 'N.m', device: 'SIM-G1', path: '0.1' };
  const said = sayFacts(NAMES, torque, guidanceStrings.text);
  expect(said.slice(0, 2)).toEqual(['Torque wrench M8', 'Cover screw']);
  expect(said[2]).toBe('found 12.5 N·m');
  expect(said.join()).not.toMatch(/SIM|0\.1|wrench-m8/);
  const part = { thing: 'screw-1', part: '6208', serial: 'B-1', lot: null, expected: '6209' };
  expect(sayFacts(NAMES, part, guidanceStrings.text)).toEqual([
    'Cover screw',
    'found 6208, serial number B-1',
    'expected 6209',
  ]);
});

it('leaves out what only the journal understands', () => {
  expect(sayFacts(NAMES, { what: 'step', open: 'seat code' }, guidanceStrings.text)).toEqual([]);
});
