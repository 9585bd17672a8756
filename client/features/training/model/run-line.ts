import { indexOf, type Procedure, type RunState } from '#protocol/procedures/index';
import type { RunRow } from '#protocol/training/index';

export type RunStanding = 'running' | 'paused' | 'frozen' | 'completed' | 'failed' | 'abandoned';

/** A step that somebody is at. */
export interface StepNow {
  readonly step: string;
  readonly attempt: number;
  /** Run time, ms. */
  readonly sinceMs: number;
  readonly hintsGiven: number;
  /** Roles whose approval it waits for. */
  readonly awaits: readonly string[];
}

/** What an instructor wants to know of a run at a glance. */
export interface RunLine {
  readonly standing: RunStanding;
  readonly done: number;
  readonly total: number;
  /** Of each main step, in their order: after a jump what was passed over is still to come. */
  readonly marks: readonly ('done' | 'now' | 'left')[];
  readonly now: readonly StepNow[];
  readonly awaits: readonly string[];
}

export function standingOf({ outcome, isFrozen, state }: Pick<RunRow, 'outcome' | 'isFrozen' | 'state'>): RunStanding {
  if (outcome) return outcome;
  if (isFrozen) return 'frozen';
  return state.pausedAtMs === null ? 'running' : 'paused';
}

/** Main steps that are work: an end is none, and what runs inside a step counts with it. */
const mainSteps = (procedure: Procedure): string[] =>
  procedure.chapters.flatMap(({ steps }) => steps.filter(({ body }) => body.kind !== 'end').map(({ id }) => id));

export function lineOf(run: RunRow, procedure: Procedure): RunLine {
  const { steps } = indexOf(procedure);
  const order = mainSteps(procedure);
  const main = new Set(order);
  const now = run.state.active.map(({ step, attempt, activeSinceMs, hintsGiven, seen }): StepNow => {
    const asked = (steps.get(step)?.leaves ?? []).filter(({ path }) => !seen.includes(path));
    const awaits = asked.flatMap(({ leaf, isNegated }) =>
      leaf.kind === 'approved' && !isNegated ? [leaf.role as string] : [],
    );
    return { step, attempt, sinceMs: activeSinceMs, hintsGiven, awaits };
  });
  const isActive = new Set<string>(now.map(({ step }) => step));
  const left = run.state.visited.filter((step) => main.has(step) && !isActive.has(step)).length;
  const done = run.outcome === 'completed' ? main.size : left;
  const isOver = run.outcome !== null;
  const awaits = isOver ? [] : [...new Set(now.flatMap((one) => one.awaits))];
  const isVisited = new Set<string>(run.state.visited);
  const marks = order.map((step) => {
    if (!isOver && isActive.has(step)) return 'now';
    return run.outcome === 'completed' || (isVisited.has(step) && !isActive.has(step)) ? 'done' : 'left';
  });
  return { standing: standingOf(run), done, total: main.size, marks, now: isOver ? [] : now, awaits };
}

/** Time of the run without its pauses, ms. */
export function elapsedMs(run: RunRow, nowMs: number): number {
  const { startedAtMs, pausedForMs, pausedAtMs } = run.state as Omit<RunState, 'world'>;
  const untilMs = run.endedAtMs ?? pausedAtMs ?? nowMs;
  return Math.max(0, Math.min(untilMs, pausedAtMs ?? untilMs) - startedAtMs - pausedForMs);
}

/** Those that go on first, those that wait for somebody before the others, then the newest. */
export function inOrder(runs: readonly RunRow[], lineFor: (run: RunRow) => RunLine | null): RunRow[] {
  const rank = (run: RunRow) => (run.outcome !== null ? 2 : (lineFor(run)?.awaits.length ?? 0) > 0 ? 0 : 1);
  return [...runs].sort((a, b) => rank(a) - rank(b) || b.startedAtMs - a.startedAtMs);
}
