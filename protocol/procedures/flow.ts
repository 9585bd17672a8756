import { problem, type Problem } from '../errors.ts';
import { isShown } from './behaviour.ts';
import { find, withKey, type ActiveDraft, type Draft } from './draft.ts';
import { holds } from './evaluate.ts';
import type { ChapterId, StepId } from './ids.ts';
import { branchesOf, type StepBody } from './procedure.ts';
import { MAX_CHAIN, MAX_MOMENTS, MAX_NESTING, type Effect } from './run-state.ts';

/** How a run moves from step to step. `settle` at each event, `advance` to let time pass before it. */

/** Goes through all moments at which time alone changes something, up to and including `toMs` of run time. */
export function advance(draft: Draft, toMs: number): void {
  for (let moments = 0; draft.status === 'running'; moments++) {
    const dueMs = earliestDue(draft);
    if (dueMs === null || dueMs > toMs) break;
    if (moments === MAX_MOMENTS) return stuck(draft, 'endless_waiting', 'Time alone moved this run on and on.');
    draft.nowMs = Math.max(draft.nowMs, dueMs);
    settle(draft);
  }
  // A run that has ended keeps the time at which it did.
  if (draft.status === 'running') draft.nowMs = Math.max(draft.nowMs, toMs);
}

export function earliestDue({
  active,
}: {
  readonly active: readonly { readonly dueMs: number | null }[];
}): number | null {
  let earliest: number | null = null;
  for (const { dueMs } of active) if (dueMs !== null && (earliest === null || dueMs < earliest)) earliest = dueMs;
  return earliest;
}

/** Lets everything happen that can happen now, without more events or time. */
export function settle(draft: Draft): void {
  for (let chain = 0; draft.status === 'running'; chain++) {
    if (!draft.active.some((active) => move(draft, active))) return;
    if (chain >= MAX_CHAIN) return stuck(draft, 'instant_loop', 'Steps that complete at once lead back to each other.');
  }
}

/** One move of one step, if it has one now. */
function move(draft: Draft, active: ActiveDraft): boolean {
  const { step } = draft.index.steps.get(active.step)!;
  active.dueMs = null;
  if (active.phase !== 'active') {
    if (draft.nowMs < active.phaseEndsMs) {
      active.dueMs = active.phaseEndsMs;
      return false;
    }
    if (active.phase === 'entering') becomeActive(draft, active);
    else finishLeaving(draft, active);
    return true;
  }
  const isBodyDone = active.branchesDone === null || active.branchesDone.length >= neededOf(step.body, active);
  for (const [at, transition] of step.transitions.entries()) {
    if (!isBodyDone && !transition.interrupts) continue;
    let met = 0;
    for (const [index, condition] of transition.conditions.entries())
      if (holds(condition, `${at}.${index}`, draft, active)) met += 1;
    if (met < transition.conditions.length) continue;
    beginLeaving(draft, active, at);
    return true;
  }
  if (active.limitAtMs === null) return false;
  if (draft.nowMs >= active.limitAtMs) {
    active.limitAtMs = null;
    find(draft, 'time_limit', active.step, null, { limitMs: step.timeLimitMs, attempt: active.attempt });
    failAttempt(draft, active);
    return true;
  }
  if (active.dueMs === null || active.limitAtMs < active.dueMs) active.dueMs = active.limitAtMs;
  return false;
}

export function enter(draft: Draft, thread: string, chapter: ChapterId, id: StepId, attempt = 1): void {
  if (draft.status !== 'running') return;
  const facts = draft.index.steps.get(id);
  if (!facts || facts.chapter.id !== chapter)
    return stuck(draft, 'no_such_step', 'The procedure leads to a step that is not in its chapter.', {
      chapter,
      step: id,
    });
  if (thread.split('/').length > MAX_NESTING)
    return stuck(draft, 'endless_nesting', 'A sub-procedure runs inside itself.', { chapter, step: id });
  const active: ActiveDraft = {
    thread,
    chapter,
    step: id,
    phase: 'entering',
    phaseEndsMs: draft.nowMs + blockedMs(draft, id, 'enter'),
    activeSinceMs: draft.nowMs,
    attempt,
    limitAtMs: null,
    seen: [],
    holds: {},
    branchesDone: null,
    branches: [],
    hintsGiven: 0,
    transition: null,
    dueMs: null,
  };
  const at = draft.active.findIndex((other) => other.thread === thread);
  if (at >= 0) draft.active[at] = active;
  else draft.active.push(active);
  draft.effects.push({ kind: 'entered', step: id, thread, attempt });
  behave(draft, id, 'enter');
}

function becomeActive(draft: Draft, active: ActiveDraft): void {
  const { step } = draft.index.steps.get(active.step)!;
  active.phase = 'active';
  active.activeSinceMs = draft.nowMs;
  active.limitAtMs = step.timeLimitMs === null ? null : draft.nowMs + step.timeLimitMs;
  if (step.body.kind === 'end') return end(draft, step.body.outcome, null);
  active.branches = step.body.kind === 'random' ? [draw(draft, step.body)] : branchesOf(step.body);
  if (active.branches.length === 0) return;
  active.branchesDone = [];
  active.branches.forEach((id, branch) => {
    const chapter = draft.index.chapters.get(id);
    if (chapter) enter(draft, `${active.thread}/${branch}`, id, chapter.first);
    else
      stuck(draft, 'no_such_chapter', 'A step runs a sub-procedure that is not there.', { step: step.id, chapter: id });
  });
}

const neededOf = (body: StepBody, { branches }: ActiveDraft): number =>
  body.kind === 'parallel' && body.needed !== null ? body.needed : branches.length;

/** The step's end is decided; its last blocking behaviours still run. */
function beginLeaving(draft: Draft, active: ActiveDraft, transition: number): void {
  stopBranches(draft, active.thread);
  active.transition = transition;
  active.phase = 'leaving';
  active.phaseEndsMs = draft.nowMs + blockedMs(draft, active.step, 'leave');
  behave(draft, active.step, 'leave');
}

function finishLeaving(draft: Draft, active: ActiveDraft): void {
  const { step } = draft.index.steps.get(active.step)!;
  const { id, to } = step.transitions[active.transition!]!;
  leave(draft, active, 'transition', id, to);
}

/** Out of a step, whatever it was doing, and on to `to`: null ends the chapter. */
export function leave(
  draft: Draft,
  active: ActiveDraft,
  how: Extract<Effect, { kind: 'left' }>['how'],
  transition: string | null,
  to: StepId | null,
): void {
  stopBranches(draft, active.thread);
  noteLeft(draft, active, how, transition);
  if (to !== null) return enter(draft, active.thread, active.chapter, to);
  draft.active = draft.active.filter((other) => other !== active);
  const cut = active.thread.lastIndexOf('/');
  if (cut < 0) return nextChapter(draft);
  const parent = draft.active.find(({ thread }) => thread === active.thread.slice(0, cut));
  if (parent?.branchesDone) parent.branchesDone = [...parent.branchesDone, Number(active.thread.slice(cut + 1))];
}

function noteLeft(
  draft: Draft,
  { step, thread }: ActiveDraft,
  how: Extract<Effect, { kind: 'left' }>['how'],
  transition: string | null,
): void {
  draft.effects.push({ kind: 'left', step, thread, how, transition });
  if ((how === 'transition' || how === 'skipped') && !draft.visited.includes(step))
    draft.visited = [...draft.visited, step];
}

/** Enters main chapters in order; without one more the run is completed. */
export function nextChapter(draft: Draft): void {
  draft.chapter += 1;
  const chapter = draft.index.procedure.chapters[draft.chapter];
  if (chapter) enter(draft, 'main', chapter.id, chapter.first);
  else end(draft, 'completed', null);
}

/** Everything that runs now stops, and the run goes on at a step of a main chapter. */
export function jump(draft: Draft, chapter: number, to: StepId): void {
  for (const active of draft.active) noteLeft(draft, active, 'jumped', null);
  draft.active = [];
  draft.chapter = chapter;
  enter(draft, 'main', draft.index.procedure.chapters[chapter]!.id, to);
}

function stopBranches(draft: Draft, thread: string): void {
  const inside = draft.active.filter((other) => other.thread.startsWith(`${thread}/`));
  if (inside.length === 0) return;
  for (const one of inside) noteLeft(draft, one, 'stopped', null);
  draft.active = draft.active.filter((other) => !inside.includes(other));
}

/** From its beginning, with all that it has seen forgotten; the workplace stays as it is. */
export function restart(draft: Draft, active: ActiveDraft, attempt: number): void {
  stopBranches(draft, active.thread);
  noteLeft(draft, active, 'retried', null);
  enter(draft, active.thread, active.chapter, active.step, attempt);
}

export function failAttempt(draft: Draft, active: ActiveDraft): void {
  const { retry } = draft.index.steps.get(active.step)!.step;
  if (!retry) return;
  if (active.attempt < retry.attempts) return restart(draft, active, active.attempt + 1);
  switch (retry.afterwards.kind) {
    case 'stay':
      return;
    case 'leave':
      return leave(draft, active, 'transition', null, retry.afterwards.to);
    case 'fail':
      return end(draft, 'failed', null);
  }
}

export function end(draft: Draft, status: 'completed' | 'failed', why: Problem | null): void {
  for (const active of [...draft.active].reverse()) {
    const isEndStep = draft.index.steps.get(active.step)?.step.body.kind === 'end';
    noteLeft(draft, active, isEndStep ? 'transition' : 'stopped', null);
  }
  draft.active = [];
  draft.status = status;
  draft.problem = why;
  draft.effects.push({ kind: 'ended', status, problem: why });
}

/** The procedure itself is wrong: the run fails in words instead of turning for ever. `check` names such procedures. */
function stuck(draft: Draft, key: string, message: string, facts: Record<string, string> = {}): void {
  if (draft.status !== 'running') return;
  const steps = draft.active.map(({ step }) => step);
  const next = 'Check the procedure, correct it and start again.';
  end(draft, 'failed', problem('procedures', key, message, { facts: { ...facts, steps }, next }));
}

function behave(draft: Draft, id: StepId, stage: 'enter' | 'leave'): void {
  draft.index.steps.get(id)!.step.behaviours.forEach((behaviour, index) => {
    if (behaviour.kind === 'opaque' || behaviour.stage !== stage || !isShown(behaviour, draft.mode)) return;
    draft.effects.push({ kind: 'behaviour', step: id, index });
    if (behaviour.kind === 'score') draft.effects.push({ kind: 'scored', step: id, index, points: behaviour.points });
    if (behaviour.kind !== 'setVariable') return;
    const { variable, value, isAdded } = behaviour;
    const before = draft.world.variables[variable];
    const next = isAdded && typeof before === 'number' && typeof value === 'number' ? before + value : value;
    draft.world.variables = withKey(draft.world.variables, variable, next);
  });
}

function blockedMs(draft: Draft, id: StepId, stage: 'enter' | 'leave'): number {
  let longest = 0;
  for (const behaviour of draft.index.steps.get(id)!.step.behaviours)
    if (
      behaviour.kind !== 'opaque' &&
      behaviour.stage === stage &&
      behaviour.isBlocking &&
      isShown(behaviour, draft.mode)
    )
      longest = Math.max(longest, behaviour.durationMs);
  return longest;
}

/** By weight, with a xorshift32 generator whose state is part of the run's. */
function draw(draft: Draft, body: Extract<StepBody, { kind: 'random' }>): ChapterId {
  let x = draft.dice;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  draft.dice = x >>> 0;
  let left = draft.dice % body.branches.reduce((sum, { weight }) => sum + weight, 0);
  for (const { chapter, weight } of body.branches) if ((left -= weight) < 0) return chapter;
  return body.branches[0]!.chapter;
}
