import { describe, expect, it } from 'vitest';
import { Store } from '#net/store';
import { equipmentById } from '#protocol/equipment/index';
import type { RunState } from '#protocol/procedures/index';
import { MachinePicture } from './machine-feed.ts';
import { pastMachines } from './past-machines.ts';

const pump = equipmentById('pump-skid')!;
const zeros = pump.about.shown.map(() => 0);
const world = (more: object) => ({ world: { controls: {}, values: {}, ...more } }) as Pick<RunState, 'world'>;
const live = (pictures = new Map([['run', new MachinePicture(pump, zeros)]])) => ({
  pictures: new Store<ReadonlyMap<string, MachinePicture>>(pictures),
  onHappened: () => () => {},
});

describe('a machine that is shown as it was', () => {
  it('stands as the run knew it then: controls as they were set, instruments as they read', () => {
    const then = world({
      controls: { 'suction-valve': 40, 'flush-valve': 'open' },
      values: { 'discharge-pressure': { value: 3.2, unit: 'bar' } },
    });
    const past = pastMachines(live(), 'run', then).pictures.get().get('run')!;
    expect([past.control('suction-valve'), past.control('flush-valve'), past.control('breaker')]).toEqual([
      40,
      'open',
      'off',
    ]);
    expect(past.value('discharge-pressure')).toBeCloseTo(3.2, 1);
  });

  it('is shown also to who comes while the room stands still, and leaves the live picture as it is', () => {
    const feed = live(new Map());
    const past = pastMachines(feed, 'run', world({ controls: { 'suction-valve': 40 } }));
    expect(past.pictures.get().get('run')).toBeUndefined();
    feed.pictures.set(new Map([['run', new MachinePicture(pump, zeros)]]));
    expect(past.pictures.get().get('run')!.control('suction-valve')).toBe(40);
    expect(past.pictures.get()).toBe(past.pictures.get());
    expect(feed.pictures.get().get('run')!.control('suction-valve')).toBe(0);
  });
});
