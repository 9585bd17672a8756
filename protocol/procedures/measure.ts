import { z } from 'zod';

/**
 * Units by their UCUM code (https://ucum.org), with the quantity they measure and `base = value * factor + offset` in
 * the quantity's SI unit. A new unit is one line here.
 */
const unit = <Q extends string>(quantity: Q, factor: number, offset = 0) => ({ quantity, factor, offset }) as const;
export const UNITS = {
  '1': unit('count', 1),
  '%': unit('count', 0.01),
  m: unit('length', 1),
  cm: unit('length', 0.01),
  mm: unit('length', 0.001),
  um: unit('length', 0.000001),
  rad: unit('angle', 1),
  deg: unit('angle', 0.017453292519943295),
  s: unit('time', 1),
  ms: unit('time', 0.001),
  min: unit('time', 60),
  h: unit('time', 3600),
  kg: unit('mass', 1),
  g: unit('mass', 0.001),
  N: unit('force', 1),
  kN: unit('force', 1000),
  'N.m': unit('torque', 1),
  'N.cm': unit('torque', 0.01),
  Pa: unit('pressure', 1),
  kPa: unit('pressure', 1000),
  MPa: unit('pressure', 1_000_000),
  bar: unit('pressure', 100_000),
  K: unit('temperature', 1),
  Cel: unit('temperature', 1, 273.15),
  V: unit('voltage', 1),
  mV: unit('voltage', 0.001),
  A: unit('current', 1),
  mA: unit('current', 0.001),
  W: unit('power', 1),
  kW: unit('power', 1000),
  Ohm: unit('resistance', 1),
  Hz: unit('frequency', 1),
  '/min': unit('frequency', 1 / 60),
  'm/s': unit('speed', 1),
  'mm/s': unit('speed', 0.001),
  'm3/s': unit('flow', 1),
  'm3/h': unit('flow', 1 / 3600),
  'L/min': unit('flow', 1 / 60_000),
  L: unit('volume', 0.001),
  mL: unit('volume', 0.000001),
} as const;
export type Unit = keyof typeof UNITS;
export const Unit = z.enum(Object.keys(UNITS) as [Unit, ...Unit[]]);

/** Both ends belong to the range; an end that is not given is open. */
export const Range = z.strictObject({ minimum: z.number().optional(), maximum: z.number().optional(), unit: Unit });
export type Range = z.infer<typeof Range>;

export const isSameQuantity = (a: Unit, b: Unit): boolean => UNITS[a].quantity === UNITS[b].quantity;

/** The value in another unit of the same quantity, or null when the two cannot be compared. Same unit: the same bits. */
export function convert(value: number, from: Unit, to: Unit): number | null {
  if (from === to) return value;
  const [source, target] = [UNITS[from], UNITS[to]];
  if (source.quantity !== target.quantity) return null;
  return (value * source.factor + source.offset - target.offset) / target.factor;
}

export function isInRange(value: number, unit: Unit, range: Range): boolean {
  const converted = convert(value, unit, range.unit);
  if (converted === null || !Number.isFinite(converted)) return false;
  return converted >= (range.minimum ?? -Infinity) && converted <= (range.maximum ?? Infinity);
}
