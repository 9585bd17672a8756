import { isShown, MODES, type Mode } from './behaviour.ts';
import type { Report } from './check-findings.ts';
import type { Condition } from './condition.ts';
import { equalData } from '../document/document.ts';
import type { StepId } from './ids.ts';
import { chaptersWithin, type ProcedureIndex } from './procedure-index.ts';
import { branchesOf, type Chapter, type Step, type Transition } from './procedure.ts';
import { MAX_NESTING } from './run-state.ts';

/** Ways through the graph: what can be reached, what can come to an end, what turns without end. */
export function checkGraph(index: ProcedureIndex, usable: ReadonlySet<Transition>, report: Report): void {
  const { chapters, subchapters } = index.procedure;
  const all = [...chapters, ...subchapters];
  checkLinks(index, all, report);
  const passable = passableChapters(index, all, usable);
  const used = new Set(chapters.flatMap(({ id }) => chaptersWithin(index, id)));
  for (const chapter of all) {
    const where = { chapter: chapter.id };
    if (!used.has(chapter)) report('unused_chapter', where);
    if (branchesInside(index, chapter).includes(chapter)) report('endless_nesting', where);
    const reached = reachedSteps(chapter, usable);
    const ending = endingSteps(index, chapter, usable, passable);
    for (const step of chapter.steps) {
      if (!reached.has(step.id)) report('unreachable', { ...where, step: step.id });
      if (!ending.has(step.id)) report('no_exit', { ...where, step: step.id });
      checkShadows(chapter, step, report);
    }
    checkLoops(index, chapter, report);
  }
  for (const { id } of chapters) if (heightOf(index, id) > MAX_NESTING - 2) report('nested_too_deep', { chapter: id });
}

function checkLinks(index: ProcedureIndex, all: readonly Chapter[], report: Report): void {
  for (const chapter of all) {
    const own = new Set<string>(chapter.steps.map(({ id }) => id));
    if (!own.has(chapter.first)) report('dangling', { chapter: chapter.id }, { step: chapter.first });
    for (const step of chapter.steps) {
      const where = { chapter: chapter.id, step: step.id };
      const look = (to: StepId | null, transition?: string) => {
        if (to === null || own.has(to)) return;
        report(index.steps.has(to) ? 'wrong_chapter' : 'dangling', { ...where, transition }, { step: to });
      };
      for (const { id, to } of step.transitions) look(to, id);
      if (step.retry?.afterwards.kind === 'leave') look(step.retry.afterwards.to);
      for (const branch of branchesOf(step.body))
        if (!index.chapters.has(branch)) report('dangling', where, { chapter: branch });
      if (step.body.kind !== 'parallel') continue;
      const { needed, branches } = step.body;
      if (needed !== null && needed > branches.length)
        report('impossible_count', where, { count: needed, of: branches.length });
    }
  }
}

/** Steps that a step can lead to, null for the end of the chapter: by transitions, by skipping, by a failed attempt. */
function* waysOut(step: Step, usable: ReadonlySet<Transition>): Generator<{ to: StepId | null; needsBody: boolean }> {
  const hasBody = branchesOf(step.body).length > 0;
  for (const transition of step.transitions) {
    if (!usable.has(transition)) continue;
    yield { to: transition.to, needsBody: hasBody && !transition.interrupts };
    if (isImmediate(transition) && (!hasBody || transition.interrupts)) break;
  }
  if (step.isOptional) yield { to: step.transitions[0]?.to ?? null, needsBody: false };
  if (step.retry?.afterwards.kind === 'leave' && step.timeLimitMs !== null)
    yield { to: step.retry.afterwards.to, needsBody: false };
}

const endsTheRun = (step: Step): boolean =>
  step.body.kind === 'end' || (step.timeLimitMs !== null && step.retry?.afterwards.kind === 'fail');

function reachedSteps(chapter: Chapter, usable: ReadonlySet<Transition>): Set<string> {
  const byId = new Map<string, Step>(chapter.steps.map((step) => [step.id, step]));
  const reached = new Set<string>([chapter.first]);
  for (const id of reached) {
    const step = byId.get(id);
    if (!step || step.body.kind === 'end') continue;
    for (const { to } of waysOut(step, usable)) if (to !== null) reached.add(to);
    // After a wrong answer or result as well, not only when the time is over.
    if (step.retry?.afterwards.kind === 'leave' && step.retry.afterwards.to !== null)
      reached.add(step.retry.afterwards.to);
  }
  return reached;
}

/** Chapters whose first step can come to the chapter's end, or to the end of the run. */
function passableChapters(
  index: ProcedureIndex,
  all: readonly Chapter[],
  usable: ReadonlySet<Transition>,
): ReadonlySet<Chapter> {
  const passable = new Set<Chapter>();
  for (let before = -1; before < passable.size;) {
    before = passable.size;
    for (const chapter of all)
      if (!passable.has(chapter) && endingSteps(index, chapter, usable, passable).has(chapter.first))
        passable.add(chapter);
  }
  return passable;
}

function endingSteps(
  index: ProcedureIndex,
  chapter: Chapter,
  usable: ReadonlySet<Transition>,
  passable: ReadonlySet<Chapter>,
): Set<string> {
  const ending = new Set<string>();
  const isPassable = ({ body }: Step): boolean => {
    const branches = branchesOf(body);
    const open = branches.filter((id) => passable.has(index.chapters.get(id)!)).length;
    return open >= (body.kind === 'parallel' ? (body.needed ?? branches.length) : branches.length);
  };
  for (let before = -1; before < ending.size;) {
    before = ending.size;
    for (const step of chapter.steps) {
      if (ending.has(step.id)) continue;
      const ways = [...waysOut(step, usable)];
      const isWay = ({ to, needsBody }: { to: StepId | null; needsBody: boolean }) =>
        (to === null || ending.has(to)) && (!needsBody || isPassable(step));
      if (endsTheRun(step) || ways.some(isWay)) ending.add(step.id);
    }
  }
  return ending;
}

/** True as soon as the step begins: no conditions, or only that something has not happened yet. */
const isImmediate = ({ conditions }: Transition): boolean =>
  conditions.every((condition) => canHoldBy(condition, 'nothing'));

/** A transition is never taken when an earlier one asks for nothing, or for no more than it does. */
function checkShadows(chapter: Chapter, step: Step, report: Report): void {
  const hasBody = branchesOf(step.body).length > 0;
  step.transitions.forEach((transition, at) => {
    const wins = (other: Transition) =>
      (!hasBody || other.interrupts || !transition.interrupts) &&
      (isImmediate(other) || other.conditions.every((one) => transition.conditions.some((own) => equalData(own, one))));
    if (step.transitions.slice(0, at).some(wins))
      report('shadowed', { chapter: chapter.id, step: step.id, transition: transition.id });
  });
}

function branchesInside(index: ProcedureIndex, chapter: Chapter): Chapter[] {
  const direct = chapter.steps.flatMap(({ body }) => branchesOf(body));
  return [...new Set(direct.flatMap((id) => chaptersWithin(index, id)))];
}

/** Levels of sub-procedures from a chapter down, itself counted; a circle counts as too many. */
function heightOf(index: ProcedureIndex, id: string, known = new Map<string, number>()): number {
  const height = known.get(id);
  if (height !== undefined) return height;
  known.set(id, MAX_NESTING);
  const branches = index.chapters.get(id)?.steps.flatMap(({ body }) => branchesOf(body)) ?? [];
  const result = 1 + Math.max(0, ...branches.map((branch) => heightOf(index, branch, known)));
  known.set(id, result);
  return result;
}

type By = 'nothing' | 'standing' | 'time';

/** Whether a condition can hold without anybody doing anything: never having to wait, or after some time. */
function canHoldBy(condition: Condition, by: By): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((inner) => canHoldBy(inner, by));
    case 'any':
      return condition.of.some((inner) => canHoldBy(inner, by));
    case 'atLeast':
      return condition.of.filter((inner) => canHoldBy(inner, by)).length >= condition.count;
    case 'not':
      return by !== 'nothing' || hasToHappen(condition.of);
    case 'placed':
    case 'mounted':
    case 'variable':
    case 'worn':
      return by !== 'nothing';
    case 'value':
    case 'control':
      return by === 'time' || (by === 'standing' && condition.holdMs === 0);
    case 'gaze':
    case 'dwell':
      return by === 'time' || (by === 'standing' && condition.durationMs === 0);
    case 'timeout':
      return by === 'time';
    default:
      return false;
  }
}

/** False when the step begins, whatever the workplace is like. */
const hasToHappen = (condition: Condition): boolean =>
  !('of' in condition) && !canHoldBy(condition, condition.kind === 'timeout' ? 'standing' : 'time');

function checkLoops(index: ProcedureIndex, chapter: Chapter, report: Report): void {
  const found = new Set<string>();
  for (const [by, key] of [
    ['nothing', 'instant_loop'],
    ['standing', 'possible_instant_loop'],
    ['time', 'endless_waiting'],
  ] as const)
    for (const mode of MODES) {
      const onward = new Map(chapter.steps.map((step) => [step.id as string, movesOf(index, step, by, mode)]));
      for (const { id } of chapter.steps) {
        if (found.has(id) || !comesBack(id, onward)) continue;
        found.add(id);
        report(key, { chapter: chapter.id, step: id });
      }
    }
}

/** Where the step can go without anybody doing anything. */
function movesOf(
  index: ProcedureIndex,
  step: Step,
  by: By,
  mode: Mode,
  outer: readonly string[] = [],
): (StepId | null)[] {
  if (step.body.kind === 'end') return [];
  const isBlocked = step.behaviours.some(
    (one) => one.kind !== 'opaque' && one.isBlocking && one.durationMs > 0 && isShown(one, mode),
  );
  if (isBlocked && by !== 'time') return [];
  const branches = branchesOf(step.body);
  const isBodyOver =
    branches.length === 0 ||
    branches.filter((id) => runsThrough(index, id, by, mode, outer)).length >=
      (step.body.kind === 'parallel' ? (step.body.needed ?? branches.length) : 1);
  const moves: (StepId | null)[] = [];
  for (const { conditions, to, interrupts } of step.transitions)
    if ((isBodyOver || interrupts) && conditions.every((one) => canHoldBy(one, by))) moves.push(to);
  if (by === 'time' && step.timeLimitMs !== null && step.retry)
    moves.push(step.id, ...(step.retry.afterwards.kind === 'leave' ? [step.retry.afterwards.to] : []));
  return moves;
}

function runsThrough(index: ProcedureIndex, id: string, by: By, mode: Mode, outer: readonly string[]): boolean {
  const chapter = index.chapters.get(id);
  if (!chapter || outer.includes(id) || outer.length > 4) return true;
  const seen = new Set<string>([chapter.first]);
  for (const at of seen) {
    const step = chapter.steps.find((one) => one.id === at);
    const moves = step ? movesOf(index, step, by, mode, [...outer, id]) : [];
    if (moves.includes(null)) return true;
    for (const to of moves) if (to !== null) seen.add(to);
  }
  return false;
}

function comesBack(id: string, onward: ReadonlyMap<string, readonly (StepId | null)[]>): boolean {
  const seen = new Set<string>();
  const queue = [...(onward.get(id) ?? [])];
  for (const to of queue) {
    if (to === id) return true;
    if (to === null || seen.has(to)) continue;
    seen.add(to);
    queue.push(...(onward.get(to) ?? []));
  }
  return false;
}
