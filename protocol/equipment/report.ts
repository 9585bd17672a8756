import type { RunEvent } from '../procedures/event.ts';
import { leavesOf } from '../procedures/condition.ts';
import { isInRange, type Range } from '../procedures/measure.ts';
import { indexOf } from '../procedures/procedure-index.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { EquipmentDescription, EquipmentModel, EquipmentState } from './model.ts';

/** The ranges that a procedure asks for, by sensor. */
export type Watch = ReadonlyMap<string, readonly Range[]>;

export function watchOf(procedure: Procedure): Watch {
  const watch = new Map<string, Range[]>();
  const index = indexOf(procedure);
  const rules = procedure.safety.flatMap(({ unless }) => (unless ? leavesOf(unless, '') : []));
  for (const { leaf } of [...[...index.steps.values()].flatMap(({ leaves }) => leaves), ...rules])
    if (leaf.kind === 'value') watch.set(leaf.sensor, [...(watch.get(leaf.sensor) ?? []), leaf.range]);
  return watch;
}

/**
 * What a run has to be told of a machine's instruments: a reading when a condition of the procedure may turn by it, or
 * when it has changed by `reportBy`. So a run's journal holds what mattered, and not twenty readings a second.
 * `told` is what was told last; nothing told yet: everything that the procedure knows.
 */
export function reportsOf(
  model: EquipmentModel,
  state: EquipmentState,
  told: Readonly<Record<string, number>>,
  watch: Watch,
  isKnown: (sensor: string) => boolean,
): { events: Extract<RunEvent, { type: 'value' }>[]; told: Readonly<Record<string, number>> } {
  const readings = model.sensed(state);
  const events: Extract<RunEvent, { type: 'value' }>[] = [];
  const next: Record<string, number> = { ...told };
  for (const { id, unit, reportBy } of model.about.sensors) {
    if (!isKnown(id)) continue;
    const [value, last] = [readings[id]!, told[id]];
    if (value === last) continue;
    const turns = watch.get(id)?.some((range) => isInRange(value, unit, range) !== isInRange(last!, unit, range));
    if (last !== undefined && Math.abs(value - last) < reportBy && !turns) continue;
    next[id] = value;
    events.push({ type: 'value', sensor: id, value, unit });
  }
  return events.length > 0 ? { events, told: next } : { events, told };
}

/** Whether a machine has all instruments and controls that the procedure talks about, and some of its tools if none. */
export function fits(about: EquipmentDescription, { workplace }: Procedure): boolean {
  const own = (list: readonly { readonly id: string }[]) => new Set(list.map(({ id }) => id));
  const [sensors, controls, tools] = [own(about.sensors), own(about.controls), own(about.tools)];
  const asked = workplace.sensors.length + workplace.controls.length;
  return (
    workplace.sensors.every(({ id }) => sensors.has(id)) &&
    workplace.controls.every(({ id }) => controls.has(id)) &&
    (asked > 0 || workplace.tools.some(({ id }) => tools.has(id)))
  );
}
