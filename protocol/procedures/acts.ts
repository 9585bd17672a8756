import type { UserId } from '../ids.ts';
import type { Pose } from '../spatial/pose.ts';
import type { Leaf, Question } from './condition.ts';
import { find, mayDo, participantOf, withKey, withoutKey, type ActiveDraft, type Draft } from './draft.ts';
import type { RunEvent, RunEventOf } from './event.ts';
import { failAttempt } from './flow.ts';
import { isOutOfOrder, stepNow } from './locks.ts';
import { isInRange } from './measure.ts';
import { isWithin, placementError } from './placement.ts';
import type { Participant } from './run-state.ts';

type Fact = Exclude<
  RunEvent,
  {
    type: 'hintAsked' | 'skipped' | 'jumped' | 'stepReset' | 'paused' | 'resumed' | 'time' | `fault${string}`;
  }
>;

/** Lets a fact happen: first in the workplace, then for every step that waits for it. */
export function happen(draft: Draft, event: Fact): void {
  if (event.type === 'placed') place(draft, event);
  else if (event.type === 'answered') answer(draft, event);
  else if (event.type === 'checked') check(draft, event);
  else {
    noteInWorld(draft, event);
    for (const active of [...draft.active]) if (draft.active.includes(active)) notice(draft, active, event);
  }
}

function noteInWorld(draft: Draft, event: Exclude<Fact, { type: 'placed' | 'answered' | 'checked' }>): void {
  const { world } = draft;
  switch (event.type) {
    case 'grabbed':
      world.held = withKey(world.held, event.thing, event.by);
      world.placements = withoutKey(world.placements, event.thing);
      if (world.mounted.includes(event.thing)) world.mounted = world.mounted.filter((thing) => thing !== event.thing);
      return;
    case 'released':
      world.held = withoutKey(world.held, event.thing);
      return;
    case 'mounted':
      world.held = withoutKey(world.held, event.thing);
      if (!world.mounted.includes(event.thing)) world.mounted = [...world.mounted, event.thing];
      return;
    case 'value':
      world.values = withKey(world.values, event.sensor, { value: event.value, unit: event.unit });
      return;
    case 'controlSet':
      world.controls = withKey(world.controls, event.control, event.to);
      return;
    case 'entered':
      world.variables = withKey(world.variables, event.variable, event.value);
      return;
    case 'putOn':
      world.worn = withKey(world.worn, event.by, [...new Set([...(world.worn[event.by] ?? []), event.thing])]);
      return;
    case 'tookOff':
      world.worn = withKey(
        world.worn,
        event.by,
        (world.worn[event.by] ?? []).filter((thing) => thing !== event.thing),
      );
      return;
    case 'gazed':
      world.gaze = event.thing === null ? withoutKey(world.gaze, event.by) : withKey(world.gaze, event.by, event.thing);
      return;
    case 'moved':
      world.places = withKey(world.places, event.by, event.places);
      return;
    // They leave no trace in the workplace.
    case 'touched':
    case 'used':
    case 'toolUsed':
    case 'confirmed':
    case 'spoke':
    case 'approved':
      return;
  }
}

/** A step sees the fact: conditions that it fulfils have happened; a result out of range fails the attempt. */
function notice(draft: Draft, active: ActiveDraft, event: Fact): void {
  if (active.phase !== 'active' || !('by' in event)) return;
  const person = participantOf(draft, event.by);
  if (!person) return;
  // Approval comes from somebody else by its nature.
  if (event.type !== 'approved' && !mayDo(draft, active.step, person)) return;
  let missed: Leaf | null = null;
  for (const { path, leaf, isNegated } of draft.index.steps.get(active.step)!.leaves) {
    if (active.seen.includes(path)) continue;
    const verdict = match(draft, leaf, event, person);
    if (verdict === true) active.seen = [...active.seen, path];
    else if (verdict === false && !isNegated) missed = leaf;
  }
  if (!missed || event.type !== 'toolUsed') return;
  const { tool, thing, isOk, result } = event;
  const facts = { tool, thing, isOk, value: result?.value ?? null, unit: result?.unit ?? null };
  find(draft, 'wrong_result', active.step, event.by, facts);
  failAttempt(draft, active);
}

/** True: fulfilled. False: meant for it, and wrong. Null: about something else. */
function match(draft: Draft, leaf: Leaf, event: Fact, person: Participant): boolean | null {
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
      return event.type === leaf.kind && event.thing === leaf.thing ? true : null;
    case 'toolUsed':
      if (event.type !== 'toolUsed' || event.thing !== leaf.thing || event.tool !== leaf.tool) return null;
      if (!event.isOk) return false;
      return leaf.result === null || (!!event.result && isInRange(event.result.value, event.result.unit, leaf.result));
    case 'spoken':
      return event.type === 'spoke' && event.command === leaf.command ? true : null;
    case 'number': {
      if (event.type !== 'entered' || event.variable !== leaf.variable) return null;
      const unit = draft.index.variables.get(leaf.variable)?.unit ?? leaf.range.unit;
      return isInRange(event.value, unit, leaf.range) ? true : null;
    }
    case 'approved':
      return event.type === 'approved' && person.roles.includes(leaf.role) ? true : null;
    case 'confirmed':
      return event.type === 'confirmed' ? true : null;
    default:
      return null;
  }
}

/**
 * Put down. Where an active step waits for the thing, it is in its place, and counts as mounted, or it is told by how
 * much it is off: against the condition it is nearest to.
 */
function place(draft: Draft, { by, thing: id, poses }: RunEventOf<'placed'>): void {
  const { world, index } = draft;
  const person = participantOf(draft, by);
  world.held = withoutKey(world.held, id);
  const known: Record<string, Pose> = {};
  for (const { in: reference, pose } of poses) known[reference ?? ''] = pose;
  world.placements = withKey(world.placements, id, known);
  for (const active of [...draft.active]) if (draft.active.includes(active)) notice(draft, active, releasedBy(by, id));
  const thing = index.things.get(id);
  if (!thing || !person) return;
  let nearest: { off: number; facts: Record<string, string | number>; step: ActiveDraft['step'] } | null = null;
  let isPlaced = false;
  for (const active of draft.active) {
    if (active.phase !== 'active' || !mayDo(draft, active.step, person)) continue;
    for (const { leaf, isNegated } of index.steps.get(active.step)!.leaves) {
      if (leaf.kind !== 'placed' || leaf.thing !== id || isNegated) continue;
      const other = leaf.reference.kind === 'thing' ? (index.things.get(leaf.reference.thing) ?? null) : null;
      const error = placementError(leaf, thing, other, known);
      if (!error) continue;
      if (isWithin(error, leaf)) isPlaced = true;
      const off = Math.max(ratio(error.positionM, leaf.toleranceM), ratio(error.angleRad, leaf.toleranceRad));
      if (nearest && nearest.off <= off) continue;
      const { toleranceM, toleranceRad } = leaf;
      const offByTolerances = Math.floor(off);
      nearest = { off, step: active.step, facts: { thing: id, ...error, toleranceM, toleranceRad, offByTolerances } };
    }
  }
  if (isPlaced && !world.mounted.includes(id)) {
    if (isOutOfOrder(draft, id)) find(draft, 'wrong_order', stepNow(draft), by, { thing: id });
    world.mounted = [...world.mounted, id];
  } else if (!isPlaced && nearest) find(draft, 'out_of_tolerance', nearest.step, by, nearest.facts);
}

/** By how many tolerances something is off; without a tolerance, too many to count. */
const MANY = 1000;
const ratio = (error: number, tolerance: number): number =>
  tolerance > 0 && error < tolerance * MANY ? error / tolerance : MANY;

const releasedBy = (by: UserId, thing: RunEventOf<'placed'>['thing']): RunEventOf<'released'> => ({
  type: 'released',
  by,
  thing,
});

function answer(draft: Draft, { by, step, path, answer: given }: RunEventOf<'answered'>): void {
  const active = doneBy(draft, step, by);
  const leaf = draft.index.steps.get(step)?.leaves.find((one) => one.path === path)?.leaf;
  if (!active || leaf?.kind !== 'answered' || active.seen.includes(path)) return;
  const isRight = isRightAnswer(leaf.answer, given);
  if (isRight || leaf.isWrongAccepted) active.seen = [...active.seen, path];
  if (isRight) return;
  find(draft, 'wrong_answer', step, by, { path, given: Array.isArray(given) ? given.join(' ') : given });
  failAttempt(draft, active);
}

export function isRightAnswer(question: Question, given: number | readonly string[]): boolean {
  switch (question.kind) {
    case 'number':
      return typeof given === 'number' && isInRange(given, question.range.unit, question.range);
    case 'single':
      return Array.isArray(given) && given.length === 1 && given[0] === question.correct;
    case 'multiple': {
      if (!Array.isArray(given)) return false;
      const [chosen, correct] = [new Set<string>(given), new Set<string>(question.correct)];
      return chosen.size === correct.size && [...chosen].every((id) => correct.has(id));
    }
    case 'order':
      return (
        Array.isArray(given) &&
        given.length === question.correct.length &&
        given.every((id: string, at) => id === question.correct[at])
      );
  }
}

function check(draft: Draft, { by, step, item, isChecked }: RunEventOf<'checked'>): void {
  const active = doneBy(draft, step, by);
  if (!active) return;
  const rest = active.seen.filter((seen) => seen !== `#${item}`);
  active.seen = isChecked ? [...rest, `#${item}`] : rest;
}

/** The step, while it runs and is this person's. */
export function doneBy(draft: Draft, step: string, by: UserId): ActiveDraft | null {
  const active = draft.active.find((one) => one.step === step && one.phase === 'active');
  const person = participantOf(draft, by);
  return active && person && mayDo(draft, active.step, person) ? active : null;
}
