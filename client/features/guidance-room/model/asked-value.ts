import { indexOf, isInRange, UNITS, type Procedure, type Range, type Unit } from '#protocol/procedures/index';
import { unitWord, withUnit, type Speaker } from '../../procedures/model/words.ts';
import type { GuidanceRoomWords } from '../strings.ts';
import type { Task } from './tasks.ts';

/** A number that a line asks for. */
export interface AskedValue {
  /** In which it is typed. */
  readonly unit: Unit;
  /** Within which it is right. */
  readonly range: Range | null;
  /** What the job makes of a wrong one: it holds the step, or it takes it as it is, and the line stays open. */
  readonly ifWrong: 'held' | 'taken';
  /** The control that is set; null: something is measured. */
  readonly control: string | null;
}

/** Null: the line asks for no number. */
export function askedValue({ leaf, need }: Task, procedure: Procedure): AskedValue | null {
  const { variables, controls } = indexOf(procedure);
  if (leaf?.kind === 'number') {
    const unit = variables.get(leaf.variable)?.unit ?? leaf.range.unit;
    return { unit, range: leaf.range, ifWrong: 'held', control: null };
  }
  if (leaf?.kind === 'toolUsed') {
    const unit = need.kind === 'readOff' ? need.unit : leaf.result?.unit;
    return unit ? { unit, range: leaf.result, ifWrong: 'held', control: null } : null;
  }
  if (leaf?.kind !== 'control' || leaf.setting.kind !== 'number') return null;
  const { range } = leaf.setting;
  const own = controls.get(leaf.control)?.setting;
  // A valve that stands wrong is set again and has harmed nothing yet: no deviation. So nobody but the page says that it is wrong.
  return { unit: own?.kind === 'number' ? own.unit : range.unit, range, ifWrong: 'taken', control: leaf.control };
}

/** "Suction valve, %", "Voltage, V". */
export function sayField({ control, unit }: AskedValue, say: Speaker, t: GuidanceRoomWords): string {
  const what = control === null ? sayQuantity(unit, t) : say.name('controls', control);
  return unitWord(unit) ? t('inUnit', { what, unit: unitWord(unit) }) : what;
}

export const sayQuantity = (unit: Unit, t: GuidanceRoomWords): string => t(`quantity_${UNITS[unit].quantity}`);

/** Why a value is no answer, where nothing else tells it; null: it is right, or the step is held and says why. */
export function sayMiss(asked: AskedValue, value: number, say: Speaker, t: GuidanceRoomWords): string | null {
  const { unit, range, ifWrong } = asked;
  if (ifWrong === 'held' || !range || isInRange(value, unit, range)) return null;
  return t('notWithin', { value: withUnit(value, unit), range: say.range(range) });
}

/** What somebody has typed, as a number; null: it is none yet. */
export function typedNumber(typed: string | number): number | null {
  if (typeof typed === 'number') return typed;
  const value = Number(typed);
  return typed.trim() === '' || !Number.isFinite(value) ? null : value;
}
