import { ALARM_PHASES, TICK_MS, type AlarmPhase, type AlarmRecord, type EquipmentAlarm } from './model.ts';

/**
 * The life of an alarm after ANSI/ISA-18.2-2016 (figure 3): it comes, is acknowledged, returns to normal, may be shelved
 * for a time. Delays keep it from chattering.
 */
export const QUIET: AlarmRecord = {
  phase: 'normal',
  sinceTick: 0,
  isActive: false,
  pendingTicks: 0,
  shelvedUntilTick: null,
};

/** ISA-18.2 asks for a limit to shelving: a shift. */
export const MAX_SHELVED_MS = 8 * 3_600_000;

/** One tick: whether the condition holds now moves the alarm on. */
export function tickAlarm(before: AlarmRecord, isTrue: boolean, alarm: EquipmentAlarm, tick: number): AlarmRecord {
  let { isActive, pendingTicks } = before;
  if (isTrue === isActive) pendingTicks = 0;
  else {
    pendingTicks += 1;
    if (pendingTicks * TICK_MS > (isActive ? alarm.offDelayMs : alarm.onDelayMs)) {
      isActive = isTrue;
      pendingTicks = 0;
    }
  }
  const moved = { ...before, isActive, pendingTicks };
  if (before.phase === 'shelved') {
    if (before.shelvedUntilTick === null || tick < before.shelvedUntilTick) return moved;
    return unshelved(moved, tick);
  }
  return withPhase(moved, afterChange(before.phase, before.isActive, isActive), tick);
}

function afterChange(phase: AlarmPhase, wasActive: boolean, isActive: boolean): AlarmPhase {
  if (wasActive === isActive) return phase;
  if (isActive) return 'unacknowledged';
  return phase === 'unacknowledged' ? 'returned' : 'normal';
}

/** The operator has seen it. Nothing to acknowledge: unchanged. */
export function acknowledged(record: AlarmRecord, tick: number): AlarmRecord {
  if (record.phase === 'unacknowledged') return withPhase(record, 'acknowledged', tick);
  return record.phase === 'returned' ? withPhase(record, 'normal', tick) : record;
}

export function shelved(record: AlarmRecord, forMs: number, tick: number): AlarmRecord {
  const forTicks = Math.ceil(Math.min(Math.max(forMs, TICK_MS), MAX_SHELVED_MS) / TICK_MS);
  return { ...withPhase(record, 'shelved', tick), shelvedUntilTick: tick + forTicks };
}

/** Comes back as it is now: an alarm that still stands has to be acknowledged again. */
export const unshelved = (record: AlarmRecord, tick: number): AlarmRecord => ({
  ...withPhase(record, record.isActive ? 'unacknowledged' : 'normal', tick),
  shelvedUntilTick: null,
});

export const isOpenAlarm = ({ phase }: AlarmRecord): boolean => phase === 'unacknowledged' || phase === 'returned';

const withPhase = (record: AlarmRecord, phase: AlarmPhase, tick: number): AlarmRecord =>
  record.phase === phase ? record : { ...record, phase, sinceTick: tick };

export const phaseNumber = ({ phase }: AlarmRecord): number => ALARM_PHASES[phase];
