import { problem, type Problem } from '../errors.ts';
import { diffProcedures, stepMap, type Aspect } from './diff.ts';
import { chaptersWithin, indexOf } from './procedure-index.ts';
import { branchesOf, type Procedure } from './procedure.ts';
import type { RunState } from './run-state.ts';

/** What may change under somebody's hands without changing what was asked of them. */
const HARMLESS: ReadonlySet<Aspect> = new Set<Aspect>(['texts', 'media', 'layout', 'behaviours']);

/**
 * Whether a run may go on under a new version where it stands. Safe is only what leaves both the done and the running
 * work as it was asked for, and skips nothing new:
 * - steps that were done are still there and ask for the same (their evidence stays valid);
 * - steps that run now, and those around them, are still there, in their chapter, and ask for the same;
 * - whatever was added can still be reached from here;
 * - things already mounted, variables and safety rules are the same.
 */
export function canMigrate(
  before: Procedure,
  after: Procedure,
  state: RunState,
): { readonly isSafe: boolean; readonly reasons: readonly Problem[] } {
  const reasons: Problem[] = [];
  const refuse = (key: string, message: string, facts: Problem['facts']) =>
    reasons.push(
      problem('procedures', key, message, {
        facts,
        next: 'Let the run end on its version, or migrate it at a later step.',
      }),
    );
  if (before.id !== after.id)
    refuse('other_procedure', 'This is another procedure.', { from: before.id, to: after.id });
  if (state.status !== 'running') refuse('run_is_over', 'This run is over.', { status: state.status });
  const [was, is] = [stepMap(before), stepMap(after)];
  const running = new Set(state.active.map(({ step }) => step));
  for (const id of new Set([...state.visited, ...running])) {
    const [old, now] = [was.get(id), is.get(id)];
    const name = running.has(id) ? 'running' : 'done';
    if (!now) refuse(`${name}_step_removed`, 'A step of this run is not there any more.', { step: id });
    else if (old && old.chapter.id !== now.chapter.id)
      refuse(`${name}_step_moved`, 'A step of this run is in another chapter now.', { step: id });
  }
  const added: string[] = [];
  for (const change of diffProcedures(before, after)) {
    if (change.kind === 'stepAdded') added.push(change.step);
    if (change.kind !== 'changed' || HARMLESS.has(change.aspect) || change.aspect === 'rubric') continue;
    const { step, aspect, path } = change;
    if (step === null) {
      if (aspect === 'safety' || aspect === 'workplace' || path.startsWith('variables') || path.startsWith('order'))
        if (!isOnlyAdded(change)) refuse('ground_changed', 'The workplace or its rules changed.', { path, aspect });
    } else if (running.has(step))
      refuse('running_step_changed', 'The step that runs asks for something else now.', { step, aspect, path });
    else if (state.visited.includes(step) && aspect !== 'transitions')
      refuse('done_step_changed', 'A step that was done asks for something else now.', { step, aspect, path });
  }
  const ahead = stepsAhead(after, state);
  for (const step of added)
    if (!ahead.has(step)) refuse('new_step_passed', 'A new step lies behind; it would be left out.', { step });
  return { isSafe: reasons.length === 0, reasons };
}

const isOnlyAdded = ({ before, path }: { before: unknown; path: string }): boolean =>
  before === undefined && path.startsWith('workplace');

/** Every step that the run can still come to. */
function stepsAhead(procedure: Procedure, state: RunState): Set<string> {
  const index = indexOf(procedure);
  const ahead = new Set<string>();
  const visit = (id: string | null): void => {
    const facts = id === null ? undefined : index.steps.get(id);
    if (!facts || ahead.has(facts.step.id)) return;
    ahead.add(facts.step.id);
    for (const { to } of facts.step.transitions) visit(to);
    if (facts.step.retry?.afterwards.kind === 'leave') visit(facts.step.retry.afterwards.to);
    // A body that has begun is ahead only from where it runs.
    if (!state.active.some(({ step }) => step === facts.step.id))
      for (const branch of branchesOf(facts.step.body))
        for (const { steps } of chaptersWithin(index, branch)) for (const { id: inner } of steps) ahead.add(inner);
  };
  for (const { step } of state.active) visit(step);
  const chapters = procedure.chapters.slice(Math.max(0, chapterNow(procedure, state)) + 1);
  for (const { first } of chapters) visit(first);
  return ahead;
}

const chapterNow = (procedure: Procedure, { active }: RunState): number =>
  procedure.chapters.findIndex(({ id }) => id === active.find(({ thread }) => thread === 'main')?.chapter);
