import type { RunState } from '#protocol/procedures/index';
import { MachinePicture, type Machines } from './machine-feed.ts';

/** The machine of a run that is shown as it was: what the run knew of it then, over what it shows now. */
export function pastMachines(live: Machines, run: string, { world }: Pick<RunState, 'world'>): Machines {
  const now = live.pictures.get().get(run);
  const pictures = new Map(live.pictures.get());
  if (now) pictures.set(run, new MachinePicture(now.model, pastValues(now, world)));
  return {
    // What the live one shows has no say here, but whoever draws hears that there is something to draw.
    pictures: { get: () => pictures, subscribe: (listener) => live.pictures.subscribe(listener) },
    onHappened: () => () => {},
  };
}

function pastValues({ model, shown }: MachinePicture, world: RunState['world']): number[] {
  return model.about.shown.map(({ id, quantum }, at) => {
    const stood = world.controls[id] ?? world.values[id]?.value;
    if (typeof stood === 'number') return Math.round(stood / quantum);
    const setting = model.about.controls.find((one) => one.id === id)?.setting;
    if (setting?.kind !== 'positions') return shown[at]!;
    // Nobody had touched it: as it stands at the beginning.
    const position = stood === undefined ? 0 : setting.positions.findIndex((one) => one === stood);
    return Math.max(0, position) / quantum;
  });
}
