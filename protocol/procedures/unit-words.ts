import type { Range, Unit } from './measure.ts';

/** UCUM codes as people write them (ISO 80000-1: a product of units has a dot at half height). */
const UNIT_WORDS: Partial<Record<Unit, string>> = {
  '1': '',
  um: 'µm',
  deg: '°',
  'N.m': 'N·m',
  'N.cm': 'N·cm',
  Cel: '°C',
  Ohm: 'Ω',
  '/min': '1/min',
  'm3/s': 'm³/s',
  'm3/h': 'm³/h',
  'L/min': 'l/min',
  L: 'l',
  mL: 'ml',
};

/** Devices may report units that nobody knows here: those are said as they came. */
export const unitWord = (unit: string): string => UNIT_WORDS[unit as Unit] ?? unit;

export const rounded = (value: number, digits = 3): string => String(Number(value.toFixed(digits)));

/** The one way in which a value is shown with its unit: on pages, in the glasses, at a rendered station. */
export function withUnit(value: number, unit: string): string {
  const word = unitWord(unit);
  return word === '' ? rounded(value) : `${rounded(value)}${unit === 'deg' ? '' : ' '}${word}`;
}

/** "23–27 N·m", "≥ 23 N·m"; empty: it is open at both ends. */
export function rangeText({ minimum, maximum, unit }: Range): string {
  if (minimum !== undefined && maximum !== undefined) return `${rounded(minimum)}–${withUnit(maximum, unit)}`;
  if (minimum !== undefined) return `≥ ${withUnit(minimum, unit)}`;
  return maximum === undefined ? '' : `≤ ${withUnit(maximum, unit)}`;
}
