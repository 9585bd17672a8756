import { describe, expect, it } from 'vitest';
import { Store } from '#net/store';
import { ALARM_PHASES, type AlarmPhase } from '#protocol/equipment/index';
import type { MachinePicture } from '../../training-room/model/machine-feed.ts';
import { AlarmLog } from './alarm-log.ts';

const ALARMS = ['low', 'hot', 'leak'];
const picture = (phases: Partial<Record<string, AlarmPhase>>) =>
  ({
    model: { about: { alarms: ALARMS.map((id) => ({ id })) } },
    value: (id: string) => ALARM_PHASES[phases[id] ?? 'normal'],
  }) as unknown as MachinePicture;

describe('alarms on the console', () => {
  let atMs = 0;
  const pictures = new Store<ReadonlyMap<string, MachinePicture>>(new Map());
  const log = new AlarmLog(pictures, () => atMs);
  const see = (ms: number, phases: Partial<Record<string, AlarmPhase>>) => {
    atMs = ms;
    pictures.set(new Map([['run', picture(phases)]]));
    return log.standing
      .get()
      .get('run')!
      .map(({ id, phase, cameMs }) => [id, phase, cameMs]);
  };

  it('stand with the time at which they came, those that nobody has acknowledged on top', () => {
    expect(see(1000, { hot: 'acknowledged' })).toEqual([['hot', 'acknowledged', null]]);
    expect(see(2000, { hot: 'acknowledged', low: 'unacknowledged' })).toEqual([
      ['low', 'unacknowledged', 2000],
      ['hot', 'acknowledged', null],
    ]);
    expect(see(3000, { low: 'acknowledged', leak: 'unacknowledged' })).toEqual([
      ['leak', 'unacknowledged', 3000],
      ['low', 'acknowledged', 2000],
    ]);
    // It goes and comes again: that is another one.
    expect(see(4000, { leak: 'returned' })).toEqual([['leak', 'returned', 3000]]);
    expect(see(5000, { leak: 'unacknowledged' })).toEqual([['leak', 'unacknowledged', 5000]]);
  });

  it('outlive a break of the line', () => {
    pictures.set(new Map());
    expect(log.standing.get().get('run')).toHaveLength(1);
    expect(see(9000, { leak: 'unacknowledged' })).toEqual([['leak', 'unacknowledged', 5000]]);
  });
});
