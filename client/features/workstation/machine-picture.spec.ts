import { expect, it } from 'vitest';
import { equipmentById } from '#protocol/equipment/index';
import { MachinePicture } from '../training-room/model/machine-feed.ts';
import { shownAfter } from './machine-picture.ts';

const skid = equipmentById('pump-skid')!;
const after = (controls: Record<string, string | number>) => new MachinePicture(skid, shownAfter(skid, controls));

it('shows the skid in service, and then as the job has set it: switch, padlock, valves, and what the gauges say of them', () => {
  const before = after({});
  expect(before.control('breaker')).toBe('on');
  expect(before.control('breaker-hasp')).toBe('open');
  expect(before.control('suction-valve')).toBeCloseTo(100, 0);
  const isolated = after({
    'breaker-hasp': 'locked',
    breaker: 'off',
    'suction-valve': 0,
    'discharge-valve': 0,
    'flush-valve': 'closed',
    'vent-valve': 'open',
  });
  expect(isolated.control('breaker')).toBe('off');
  expect(isolated.control('breaker-hasp')).toBe('locked');
  expect(isolated.control('suction-valve')).toBeCloseTo(0, 0);
  expect(isolated.value('discharge-pressure')).toBeLessThan(before.value('discharge-pressure')!);
  expect(isolated.value('discharge-pressure')).toBeLessThan(0.3);
  expect(after({ breaker: 'off', 'breaker-hasp': 'open' }).control('breaker-hasp')).toBe('open');
});
