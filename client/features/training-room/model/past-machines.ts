import type { RunState } from '#protocol/procedures/index';
import { MachinePicture, type Machines } from './machine-feed.ts';

/** The machine of a run that is shown as it was: what the run knew of it then, over what it shows now. */
export function pastMachines(live: Machines, run: string, { world }: Pick<RunState, 'world'>): Machines {
  let from = live.pictures.get();
  let past = from;
  const make = () => {
    const now = from.get(run);
    past = now ? new Map(from).set(run, new MachinePicture(now.model, pastValues(now, world))) : from;
  };
  make();
  return {
    pictures: {
      // A page that came while the room stands still has its first picture a moment later.
      get: () => {
        if (from.get(run)?.model !== live.pictures.get().get(run)?.model) {
          from = live.pictures.get();
          make();
        }
        return past;
      },
      subscribe: (listener) => live.pictures.subscribe(listener),
    },
    onHappened: () => () => {},
  };
}

function pastValues({ model, shown }: MachinePicture, world: RunState['world']): number[] {
  return model.about.shown.map(({ id, quantum }, at) => {
    const control = model.about.controls.find((one) => one.id === id);
    // Nobody had touched it: as it stands at the beginning.
    const stood = world.controls[id] ?? world.values[id]?.value ?? control?.rest;
    if (typeof stood === 'number') return Math.round(stood / quantum);
    if (control?.setting.kind !== 'positions') return shown[at]!;
    return (
      Math.max(
        0,
        control.setting.positions.findIndex((one) => one === stood),
      ) / quantum
    );
  });
}
