import { doneBy } from './acts.ts';
import { find, participantOf, withKey, type Draft } from './draft.ts';
import type { RunEvent, RunEventOf } from './event.ts';
import { jump, leave, restart } from './flow.ts';
import { refusal, stepNow } from './locks.ts';
import type { FaultId } from './ids.ts';
import type { Problem } from '../errors.ts';
import type { FaultRecord } from './run-state.ts';

type Command = Extract<RunEvent, { type: 'hintAsked' | 'skipped' | 'jumped' | 'stepReset' | `fault${string}` }>;

/** What is asked of the run itself. Returns why not, where it cannot be. */
export function obey(draft: Draft, event: Command): Problem | null {
  switch (event.type) {
    case 'hintAsked':
      return hint(draft, event);
    case 'skipped': {
      const active = doneBy(draft, event.step, event.by);
      if (!active) return notRunning(event.step);
      const { step } = draft.index.steps.get(event.step)!;
      if (!step.isOptional) return refusal('not_optional', 'This step cannot be skipped.', { step: event.step });
      leave(draft, active, 'skipped', null, step.transitions[0]?.to ?? null);
      return null;
    }
    case 'jumped': {
      const chapter = draft.index.procedure.chapters.findIndex(({ steps }) => steps.some(({ id }) => id === event.to));
      if (chapter < 0)
        return refusal('not_a_main_step', 'Only a step of a main chapter can be jumped to.', { step: event.to });
      // An instructor takes people on: that is told, and held against nobody.
      if (participantOf(draft, event.by)) find(draft, 'skipped', stepNow(draft), event.by, { to: event.to });
      jump(draft, chapter, event.to);
      return null;
    }
    case 'stepReset': {
      const active = draft.active.find(({ step }) => step === event.step);
      if (!active) return notRunning(event.step);
      restart(draft, active, 1);
      return null;
    }
    case 'faultInjected': {
      const fresh: FaultRecord = { injectedMs: draft.nowMs, foundMs: null, diagnosedMs: null, clearedMs: null };
      if (!draft.index.procedure.workplace.faults.some(({ id }) => id === event.fault))
        return refusal('no_such_fault', 'The procedure has no such fault.', { fault: event.fault });
      if (isOpen(draft.world.faults[event.fault]))
        return refusal('fault_is_there', 'This fault is there already.', { fault: event.fault });
      note(draft, event.fault, fresh, 'injected');
      return null;
    }
    case 'faultCleared': {
      const record = draft.world.faults[event.fault];
      if (!record || !isOpen(record))
        return refusal('no_such_fault', 'This fault is not there.', { fault: event.fault });
      note(draft, event.fault, { ...record, clearedMs: draft.nowMs }, 'cleared');
      return null;
    }
    case 'faultReported':
      report(draft, event);
      return null;
  }
}

function hint(draft: Draft, { step, by }: RunEventOf<'hintAsked'>): Problem | null {
  const active = doneBy(draft, step, by);
  if (!active) return notRunning(step);
  if (draft.mode === 'exam') return refusal('no_hints_in_exam', 'There is no help in an exam.', { step });
  const index = active.hintsGiven;
  if (index >= draft.index.steps.get(step)!.step.hints.length)
    return refusal('no_more_hints', 'There is no further hint.', { step, given: index });
  active.hintsGiven += 1;
  draft.effects.push({ kind: 'hint', step: active.step, index });
  find(draft, 'hint', active.step, by, { hint: index });
  return null;
}

/** The oldest fault that nobody has found yet is found; a diagnosis must name one that is there. */
function report(draft: Draft, { by, diagnosis }: RunEventOf<'faultReported'>): void {
  const open = Object.entries(draft.world.faults).filter(([, record]) => isOpen(record)) as [FaultId, FaultRecord][];
  if (open.length === 0) return find(draft, 'false_alarm', stepNow(draft), by, { diagnosis });
  if (diagnosis !== null && !open.some(([id]) => id === diagnosis))
    find(draft, 'wrong_diagnosis', stepNow(draft), by, { diagnosis });
  const named = open.find(([id]) => id === diagnosis);
  const [id, record] = named ?? open.find(([, { foundMs }]) => foundMs === null) ?? open[0]!;
  const isNew = record.foundMs === null;
  const found: FaultRecord = { ...record, foundMs: record.foundMs ?? draft.nowMs };
  if (isNew) note(draft, id, found, 'found');
  if (named && record.diagnosedMs === null) note(draft, id, { ...found, diagnosedMs: draft.nowMs }, 'diagnosed');
}

const isOpen = (record: FaultRecord | undefined): boolean => !!record && record.clearedMs === null;

function note(
  draft: Draft,
  fault: FaultId,
  record: FaultRecord,
  is: 'injected' | 'found' | 'diagnosed' | 'cleared',
): void {
  draft.world.faults = withKey(draft.world.faults, fault, record);
  draft.effects.push({ kind: 'fault', fault, is });
}

const notRunning = (step: string): Problem =>
  refusal('step_not_running', 'This step is not running, or not yours.', { step });
