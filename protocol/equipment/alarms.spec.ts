import { describe, expect, it } from 'vitest';
import { acknowledged, MAX_SHELVED_MS, QUIET, shelved, tickAlarm, unshelved } from './alarms.ts';
import { alarm, w } from './describe.ts';
import { TICK_MS, type AlarmRecord } from './model.ts';

const slow = alarm('a', 'high', w('A', '甲'), w('Do it', '处理'), 200, 400);

/** Ticks on end with the condition true or false. */
function after(record: AlarmRecord, isTrue: boolean, ms: number, fromTick = 0): AlarmRecord {
  let next = record;
  for (let tick = 1; tick <= ms / TICK_MS; tick++) next = tickAlarm(next, isTrue, slow, fromTick + tick);
  return next;
}

describe('an alarm after ISA-18.2', () => {
  it('comes after its on-delay, waits for somebody, and goes after its off-delay', () => {
    expect(after(QUIET, true, 200).phase).toBe('normal');
    const come = after(QUIET, true, 250);
    expect(come.phase).toBe('unacknowledged');
    const seen = acknowledged(come, 9);
    expect(seen.phase).toBe('acknowledged');
    expect(after(seen, false, 400).phase).toBe('acknowledged');
    expect(after(seen, false, 450).phase).toBe('normal');
  });

  it('that went before anybody saw it stays until it is acknowledged, and comes again', () => {
    const gone = after(after(QUIET, true, 300), false, 500);
    expect(gone.phase).toBe('returned');
    expect(acknowledged(gone, 9).phase).toBe('normal');
    expect(after(gone, true, 300).phase).toBe('unacknowledged');
  });

  it('does not chatter: a condition that flickers faster than the delays changes nothing', () => {
    let record = QUIET;
    for (let tick = 0; tick < 400; tick++) record = tickAlarm(record, tick % 4 < 2, slow, tick);
    expect(record.phase).toBe('normal');
  });

  it('that is shelved says nothing for its time, and comes back as it is then', () => {
    const hidden = shelved(after(QUIET, true, 300), 1000, 6);
    expect(hidden).toMatchObject({ phase: 'shelved', shelvedUntilTick: 26 });
    expect(after(hidden, true, 950, 6).phase).toBe('shelved');
    expect(after(hidden, true, 1000, 6).phase).toBe('unacknowledged');
    expect(after(hidden, false, 1000, 6).phase).toBe('normal');
    expect(unshelved(hidden, 8)).toMatchObject({ phase: 'unacknowledged', shelvedUntilTick: null });
  });

  it('cannot be shelved for longer than a shift', () => {
    expect(shelved(QUIET, 1e15, 0).shelvedUntilTick).toBe(MAX_SHELVED_MS / TICK_MS);
  });
});
