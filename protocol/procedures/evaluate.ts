import type { Condition, Leaf } from './condition.ts';
import { mayDo, withKey, withoutKey, type ActiveDraft, type Draft } from './draft.ts';
import { isInRange } from './measure.ts';
import { isWithin, placementError } from './placement.ts';
import type { Participant } from './run-state.ts';

/**
 * Whether a condition holds now. Conditions with a duration note in the step since when they hold, and bring the step's
 * `dueMs` forward to when they could complete; so all parts of a condition are looked at, none is cut short.
 */
export function holds(condition: Condition, path: string, draft: Draft, step: ActiveDraft): boolean {
  switch (condition.kind) {
    case 'all':
      return count(condition.of, path, draft, step) === condition.of.length;
    case 'any':
      return count(condition.of, path, draft, step) > 0;
    case 'atLeast':
      return count(condition.of, path, draft, step) >= condition.count;
    case 'not':
      return !holds(condition.of, `${path}.0`, draft, step);
    default:
      return leafHolds(condition, path, draft, step);
  }
}

const count = (of: readonly Condition[], path: string, draft: Draft, step: ActiveDraft): number =>
  of.reduce((sum, inner, at) => sum + (holds(inner, `${path}.${at}`, draft, step) ? 1 : 0), 0);

function leafHolds(leaf: Leaf, path: string, draft: Draft, step: ActiveDraft): boolean {
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
    case 'toolUsed':
    case 'answered':
    case 'spoken':
    case 'number':
    case 'approved':
    case 'confirmed':
      return step.seen.includes(path);
    case 'checklist':
      return leaf.items.every(({ id }) => step.seen.includes(`#${id}`));
    case 'timeout':
      return isOver(step.activeSinceMs + leaf.afterMs, draft, step);
    case 'value':
      return isHeld(stands(leaf, draft, []), leaf.holdMs, path, draft, step);
    case 'control':
      return isHeld(stands(leaf, draft, []), leaf.holdMs, path, draft, step);
    case 'gaze':
      return lasts(({ id }) => draft.world.gaze[id] === leaf.thing, leaf.durationMs, path, draft, step);
    case 'dwell':
      return lasts(({ id }) => !!draft.world.places[id]?.includes(leaf.place), leaf.durationMs, path, draft, step);
    case 'placed':
    case 'mounted':
    case 'variable':
      return stands(leaf, draft, []);
    case 'worn':
      return stands(leaf, draft, doersOf(draft, step));
    case 'opaque':
      return false;
  }
}

/** A standing condition without its duration; `people`: of whom one must wear what is asked for. Others are false. */
export function stands(leaf: Leaf, { world, index }: Draft, people: readonly Participant[]): boolean {
  switch (leaf.kind) {
    case 'value': {
      const known = world.values[leaf.sensor];
      return !!known && isInRange(known.value, known.unit, leaf.range);
    }
    case 'control': {
      const set = world.controls[leaf.control];
      if (set === undefined) return false;
      if (leaf.setting.kind === 'positions') return typeof set === 'string' && leaf.setting.positions.includes(set);
      const control = index.controls.get(leaf.control);
      if (typeof set !== 'number' || control?.setting.kind !== 'number') return false;
      return isInRange(set, control.setting.unit, leaf.setting.range);
    }
    case 'variable': {
      const value = world.variables[leaf.variable];
      if (leaf.is.kind === 'equal') return value === leaf.is.value;
      return (
        typeof value === 'number' && value >= (leaf.is.minimum ?? -Infinity) && value <= (leaf.is.maximum ?? Infinity)
      );
    }
    case 'mounted': {
      if (!leaf.isOrdered) return leaf.things.every((thing) => world.mounted.includes(thing));
      const order = world.mounted.filter((thing) => leaf.things.includes(thing));
      return order.length === leaf.things.length && order.every((thing, at) => thing === leaf.things[at]);
    }
    case 'placed': {
      const poses = world.placements[leaf.thing];
      const thing = index.things.get(leaf.thing);
      if (!poses || !thing) return false;
      const other = leaf.reference.kind === 'thing' ? (index.things.get(leaf.reference.thing) ?? null) : null;
      const error = placementError(leaf, thing, other, poses);
      return error !== null && isWithin(error, leaf);
    }
    case 'worn':
      return people.some(({ id }) => leaf.things.every((thing) => world.worn[id]?.includes(thing)));
    default:
      return false;
  }
}

/** A condition on the workplace alone, as safety rules have them: durations do not count, what happened is false. */
export function standsNow(condition: Condition, draft: Draft, people: readonly Participant[]): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((inner) => standsNow(inner, draft, people));
    case 'any':
      return condition.of.some((inner) => standsNow(inner, draft, people));
    case 'atLeast':
      return condition.of.filter((inner) => standsNow(inner, draft, people)).length >= condition.count;
    case 'not':
      return !standsNow(condition.of, draft, people);
    default:
      return stands(condition, draft, people);
  }
}

const doersOf = (draft: Draft, step: ActiveDraft): Participant[] =>
  draft.participants.filter((person) => mayDo(draft, step.step, person));

/** Gaze and dwell: once long enough, they have happened. */
function lasts(
  isAtIt: (person: Participant) => boolean,
  durationMs: number,
  path: string,
  draft: Draft,
  step: ActiveDraft,
): boolean {
  if (step.seen.includes(path)) return true;
  if (!isHeld(doersOf(draft, step).some(isAtIt), durationMs, path, draft, step)) return false;
  step.seen = [...step.seen, path];
  return true;
}

function isHeld(isTrue: boolean, holdMs: number, path: string, draft: Draft, step: ActiveDraft): boolean {
  if (holdMs === 0) return isTrue;
  if (!isTrue) {
    step.holds = withoutKey(step.holds, path);
    return false;
  }
  if (step.holds[path] === undefined) step.holds = withKey(step.holds, path, draft.nowMs);
  return isOver(step.holds[path]! + holdMs, draft, step);
}

function isOver(dueMs: number, { nowMs }: Draft, step: ActiveDraft): boolean {
  if (nowMs >= dueMs) return true;
  if (step.dueMs === null || dueMs < step.dueMs) step.dueMs = dueMs;
  return false;
}
