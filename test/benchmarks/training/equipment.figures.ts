import { deltaOf, EQUIPMENT, equipmentById, wholeOf, type EquipmentInput } from '#protocol/equipment/index';
import { percentile, type Figure, type Part } from '../figures.ts';

/** Simulated machines: what a tick costs, what goes over the wire, what a snapshot takes. */
const WARM_UP_MS = 300;
const MEASURE_MS = 1_500;
const TICKS_PER_S = 20;
const SECONDS = 120;

export const equipment: Part = { name: 'equipment', measure: () => Promise.resolve(measure()) };

function measure(): Figure[] {
  const figures: Figure[] = EQUIPMENT.map((model) => {
    let state = model.start(1);
    const run = (ms: number): number => {
      const from = performance.now();
      let steps = 0;
      for (; performance.now() - from < ms; steps += 100)
        for (let tick = 0; tick < 100; tick++) ({ state } = model.step(state, []));
      return (steps * 1000) / (performance.now() - from);
    };
    run(WARM_UP_MS);
    return {
      name: `model steps, ${model.about.id}`,
      measured: run(MEASURE_MS),
      unit: '1/s',
      target: 5_000,
      is: 'above',
      note: `one core; a room needs ${TICKS_PER_S} a second; noise, alarms and instruments counted`,
    };
  });
  return [...figures, ...wire()];
}

/** The pump from standing to its operating point and on, as everybody in the room gets it: one frame a tick. */
function wire(): Figure[] {
  const model = equipmentById('pump-skid')!;
  const set = (control: string, to: string | number): EquipmentInput =>
    ({ type: 'controlSet', by: 'ann', control, to }) as unknown as EquipmentInput;
  const script = new Map<number, EquipmentInput[]>([
    [20, [set('breaker', 'on'), set('suction-valve', 100), set('vent-valve', 'open'), set('flush-valve', 'open')]],
    [40, [set('bypass-valve', 100)]],
    [400, [set('start-button', 'pressed'), set('vent-valve', 'closed')]],
    [500, [set('discharge-valve', 80)]],
    [800, [set('bypass-valve', 0)]],
  ]);
  let state = model.start(1);
  let shown = model.shown(state);
  const perSecond: number[] = [];
  const latencies: number[] = [];
  let whole = 0;
  for (let second = 0; second < SECONDS; second++) {
    let bytes = 0;
    for (let tick = 0; tick < TICKS_PER_S; tick++) {
      const from = performance.now();
      ({ state } = model.step(state, script.get(second * TICKS_PER_S + tick) ?? []));
      const next = model.shown(state);
      bytes += deltaOf(shown, next).length;
      latencies.push(performance.now() - from);
      shown = next;
    }
    perSecond.push(bytes);
    whole = wholeOf(shown).length;
  }
  if (state.is['contactor'] !== 1) throw new Error('the pump does not run');
  const mean = perSecond.reduce((sum, bytes) => sum + bytes, 0) / SECONDS;
  const note = `one pump skid, ${model.about.shown.length} numbers at ${TICKS_PER_S} Hz, two minutes with its start`;
  return [
    {
      name: 'bytes on the wire, mean',
      measured: mean / 1000,
      unit: 'kB',
      target: 2,
      note: `${note}; a second, a person`,
    },
    { name: 'bytes on the wire, worst second', measured: Math.max(...perSecond) / 1000, unit: 'kB', note },
    { name: 'whole picture for who comes in', measured: whole / 1000, unit: 'kB', note },
    { name: 'snapshot', measured: JSON.stringify(state).length / 1000, unit: 'kB', target: 8, note: 'state as JSON' },
    { name: 'tick and frame, p99', measured: percentile(latencies, 0.99), unit: 'ms', target: 5, note },
  ];
}
