import type { EquipmentInput, EquipmentModel, EquipmentState } from '#protocol/equipment/index';

type Setting = readonly [control: string, to: string | number];

/** Hand wheels take a while, and so does the pressure behind them. */
const SETTLING_TICKS = 400;
const ENGINEER = 'engineer';

/**
 * What is seen of a machine that was in service, and at which a job has set these controls. It is played from the beginning each time: gauges
 * and lamps follow the controls, and whoever comes later sees the same.
 */
export function shownAfter(
  machine: EquipmentModel,
  controls: Readonly<Record<string, string | number>>,
): readonly number[] {
  const hasps = new Set<string>(machine.about.lockPoints.map(({ hasp }) => hasp));
  const set = Object.entries(controls);
  // A hasp closes over a switch that is off already.
  const inOrder = [...set.filter(([id]) => !hasps.has(id)), ...set.filter(([id]) => hasps.has(id))];
  const begun = settled(machine, machine.start(1), machine.about.inService ?? []);
  return machine.shown(set.length === 0 ? begun : settled(machine, begun, inOrder));
}

function settled(machine: EquipmentModel, from: EquipmentState, settings: readonly Setting[]): EquipmentState {
  const inputs = settings.map(
    ([control, to]) => ({ type: 'controlSet', by: ENGINEER, control, to }) as unknown as EquipmentInput,
  );
  let { state } = machine.step(from, inputs);
  for (let tick = 1; tick < SETTLING_TICKS; tick++) ({ state } = machine.step(state, []));
  return state;
}
