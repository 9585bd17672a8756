import { problem, type Problem } from '../errors.ts';
import type { EquipmentControl, EquipmentDescription, EquipmentState, Padlock } from './model.ts';

/** What people set, and what holds it. Padlocks hang on hasps: controls with the positions `open` and `locked`. */
type Setting = { readonly by: Padlock['by']; readonly control: string; readonly to: string | number };

export const locksOn = (state: Pick<EquipmentState, 'locks'>, hasp: string): readonly Padlock[] =>
  state.locks.filter(({ control }) => control === hasp);

/** Why the control cannot be set so now, or null. */
export function settingRefused(
  about: EquipmentDescription,
  state: EquipmentState,
  { by, control: id, to }: Setting,
): Problem | null {
  const control = about.controls.find((one) => one.id === id);
  if (!control) return refusal('no_such_control', 'This machine has no such control.', { control: id });
  if (!isPossible(control, to))
    return refusal('no_such_position', 'The control cannot stand there.', { control: id, to });
  const point = about.lockPoints.find(({ hasp }) => hasp === id);
  if (point) {
    const own = locksOn(state, id).some((lock) => lock.by === by);
    if (to === 'open')
      return own ? null : refusal('not_your_lock', 'Only the person whose lock it is takes it off.', { control: id });
    if (own) return refusal('locked_already', 'Your lock is on it already.', { control: id });
    if (state.controls[point.control] !== point.position)
      return refusal(
        'not_isolated',
        'The hasp does not close: the energy is not isolated.',
        { control: id, isolator: point.control },
        'Set the isolator first.',
      );
    return null;
  }
  const hasp = control.heldBy;
  if (hasp && to !== state.controls[id] && locksOn(state, hasp.hasp).length > 0)
    return refusal(
      'locked_out',
      'A padlock holds it.',
      { control: id, by: locksOn(state, hasp.hasp).map((lock) => lock.by) },
      'Ask the person whose name is on the tag.',
    );
  return null;
}

function isPossible({ setting }: EquipmentControl, to: string | number): boolean {
  if (setting.kind === 'positions') return typeof to === 'string' && setting.positions.includes(to);
  return typeof to === 'number' && to >= setting.minimum && to <= setting.maximum;
}

export function refusal(
  key: string,
  message: string,
  facts: Problem['facts'],
  next = 'Do something else first.',
): Problem {
  return problem('equipment', key, message, { facts, next });
}

/** 0 at the minimum or first position, 1 at the maximum or last. */
export function shareOf({ setting }: EquipmentControl, at: string | number): number {
  if (setting.kind === 'positions') {
    const index = setting.positions.indexOf(String(at));
    return setting.positions.length < 2 ? 0 : Math.max(0, index) / (setting.positions.length - 1);
  }
  return typeof at === 'number' ? (at - setting.minimum) / (setting.maximum - setting.minimum) : 0;
}
