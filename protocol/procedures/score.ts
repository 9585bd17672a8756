import type { RunEvent } from './event.ts';
import type { FaultId, SafetyRuleId, StepId } from './ids.ts';
import type { Procedure } from './procedure.ts';
import type { ErrorKind, Rubric } from './rubric.ts';
import { react, start, type StartOptions } from './run.ts';
import type { Effect, Finding, RunState } from './run-state.ts';

/** A whole run: how it started, and all that happened. */
export interface RecordedRun extends StartOptions {
  readonly events: readonly { readonly event: RunEvent; readonly atMs: number }[];
}

/** One line of the sheet. Points are whole and negative for what is taken; 0 where a limit was reached. */
export interface ScoreLine {
  readonly reason: ErrorKind | 'time' | 'fault_late' | 'fault_not_found' | 'fault_not_diagnosed' | 'procedure';
  readonly points: number;
  /** Index of the event that led to it, -1 for the start; null: from the run as a whole. */
  readonly event: number | null;
  /** Run time. */
  readonly atMs: number;
  readonly step: StepId | null;
  readonly facts: Finding['facts'];
}

export interface ScoreSheet {
  readonly rubricVersion: number;
  readonly points: number;
  readonly full: number;
  readonly passMark: number;
  readonly isPassed: boolean;
  /** Why not, where points alone do not say it. */
  readonly failedBy: readonly ('not_completed' | 'points' | 'must_not')[];
  readonly durationMs: number;
  readonly lines: readonly ScoreLine[];
  readonly faults: readonly {
    readonly fault: FaultId;
    readonly foundAfterMs: number | null;
    readonly diagnosedAfterMs: number | null;
  }[];
  /** Broken rules that must not be. */
  readonly mustNot: readonly SafetyRuleId[];
  readonly status: RunState['status'];
}

/** Runs a record again, with every effect and the event it came from (-1: the start). */
export function replay(
  procedure: Procedure,
  run: RecordedRun,
): { state: RunState; effects: { event: number; effect: Effect }[] } {
  const begun = start(procedure, run);
  const effects = begun.effects.map((effect) => ({ event: -1, effect }));
  let { state } = begun;
  run.events.forEach(({ event, atMs }, at) => {
    const reaction = react(procedure, state, event, atMs);
    state = reaction.state;
    for (const effect of reaction.effects) effects.push({ event: at, effect });
  });
  return { state, effects };
}

/**
 * Judges a run: the same record, procedure and rubric give the same sheet on every machine, so anybody can recompute
 * it, and another rubric judges old runs again. Whole numbers throughout.
 */
export function score(procedure: Procedure, run: RecordedRun, rubric: Rubric = procedure.rubric): ScoreSheet {
  const { state, effects } = replay(procedure, run);
  const lines: ScoreLine[] = [];
  const taken = new Map<ErrorKind, number>();
  const broken = new Set<string>();
  let nowMs = 0;
  for (const { event, effect } of effects) {
    if (effect.kind === 'finding') {
      const { kind, atMs, step, facts } = effect.finding;
      nowMs = atMs;
      lines.push({ reason: kind, points: 0 - costOf(effect.finding, rubric, taken), event, atMs, step, facts });
      if (kind === 'safety') broken.add(String(facts['rule']));
    } else if (effect.kind === 'scored') {
      const facts = { behaviour: effect.index };
      lines.push({ reason: 'procedure', points: effect.points, event, atMs: nowMs, step: effect.step, facts });
    }
  }
  addTime(lines, state, rubric);
  const faults = addFaults(lines, state, rubric);
  const sum = lines.reduce((total, { points }) => total + points, rubric.full);
  const points = Math.min(rubric.full, Math.max(0, sum));
  const mustNot = rubric.mustNot.filter((rule) => broken.has(rule));
  const failedBy: ('not_completed' | 'points' | 'must_not')[] = [];
  if (state.status !== 'completed') failedBy.push('not_completed');
  if (points < rubric.passMark) failedBy.push('points');
  if (mustNot.length > 0) failedBy.push('must_not');
  return {
    rubricVersion: rubric.version,
    points,
    full: rubric.full,
    passMark: rubric.passMark,
    isPassed: failedBy.length === 0,
    failedBy,
    durationMs: state.nowMs,
    lines,
    faults,
    mustNot,
    status: state.status,
  };
}

/** What a finding costs, within what its kind may cost altogether. */
function costOf({ kind, facts }: Finding, rubric: Rubric, taken: Map<ErrorKind, number>): number {
  const { points, atMost } = rubric.errors[kind];
  const wholeTolerances = kind === 'out_of_tolerance' ? Number(facts['offByTolerances']) : 0;
  const before = taken.get(kind) ?? 0;
  const wanted = points + wholeTolerances * rubric.perToleranceOff;
  const cost = atMost === null ? wanted : Math.min(wanted, Math.max(0, atMost - before));
  taken.set(kind, before + cost);
  return cost;
}

function addTime(lines: ScoreLine[], { nowMs }: RunState, { time }: Rubric): void {
  const secondsOver = Math.floor(Math.max(0, nowMs - time.targetMs) / 1000);
  if (secondsOver === 0) return;
  const points = 0 - Math.min(time.atMost, secondsOver * time.perSecond);
  lines.push({ reason: 'time', points, event: null, atMs: nowMs, step: null, facts: { secondsOver } });
}

function addFaults(lines: ScoreLine[], state: RunState, { faults: rule }: Rubric): ScoreSheet['faults'] {
  return Object.entries(state.world.faults).map(([id, { injectedMs, foundMs, diagnosedMs }]) => {
    const facts = { fault: id };
    const add = (reason: ScoreLine['reason'], points: number, atMs: number) =>
      lines.push({ reason, points: 0 - points, event: null, atMs, step: null, facts });
    if (foundMs === null) add('fault_not_found', rule.notFound, state.nowMs);
    else {
      const secondsLate = Math.floor(Math.max(0, foundMs - injectedMs - rule.findWithinMs) / 1000);
      const points = Math.min(rule.atMostLate, secondsLate * rule.perSecondLate);
      if (secondsLate > 0) add('fault_late', points, foundMs);
      if (diagnosedMs === null) add('fault_not_diagnosed', rule.notDiagnosed, state.nowMs);
    }
    return {
      fault: id as FaultId,
      foundAfterMs: foundMs === null ? null : foundMs - injectedMs,
      diagnosedAfterMs: diagnosedMs === null ? null : diagnosedMs - injectedMs,
    };
  });
}
