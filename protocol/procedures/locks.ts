import { problem, type Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import { find, mayDo, participantOf, type Draft } from './draft.ts';
import { standsNow } from './evaluate.ts';
import type { RunEvent } from './event.ts';
import type { StepId } from './ids.ts';
import { indexOf } from './procedure-index.ts';
import type { Procedure } from './procedure.ts';
import type { ErrorKind } from './rubric.ts';
import type { RunState } from './run-state.ts';

/**
 * What may be taken, used and set now. In guided mode everything else is refused, with the reason; in practice and exam
 * it happens and is held against the run.
 */
export interface Allowed {
  readonly things: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
}

export function allowedNow(
  procedure: Procedure,
  state: Pick<RunState, 'active' | 'participants'>,
  by: UserId,
): Allowed {
  const index = indexOf(procedure);
  const allowed = { things: new Set<string>(), tools: new Set<string>(), controls: new Set<string>() };
  const person = participantOf(state, by);
  if (!person) return allowed;
  for (const { step, phase } of state.active) {
    const facts = index.steps.get(step);
    if (!facts || phase !== 'active' || !mayDo({ index }, step, person)) continue;
    for (const kind of ['things', 'tools', 'controls'] as const) facts[kind].forEach((id) => allowed[kind].add(id));
  }
  return allowed;
}

type Kind = 'thing' | 'tool' | 'control';
interface Wanted {
  readonly kind: Kind;
  readonly id: string;
}

/** What an act needs; null for acts that are never locked. */
function wantedBy(event: RunEvent, draft: Draft): Wanted[] {
  switch (event.type) {
    case 'grabbed':
    case 'used':
    case 'mounted':
      return [{ kind: 'thing', id: event.thing }];
    case 'placed':
      // Who holds it may put it down.
      return draft.world.held[event.thing] === event.by ? [] : [{ kind: 'thing', id: event.thing }];
    case 'toolUsed':
      return [
        { kind: 'tool', id: event.tool },
        { kind: 'thing', id: event.thing },
      ];
    case 'controlSet':
      return [{ kind: 'control', id: event.control }];
    default:
      return [];
  }
}

/**
 * Judges an act before it happens: notes what is wrong with it, and returns the reason when it must not happen at all.
 */
export function judge(draft: Draft, event: RunEvent): Problem | null {
  if (!('by' in event)) return null;
  const { by } = event;
  if ((event.type === 'grabbed' || event.type === 'placed') && draft.index.things.get(event.thing)?.isFixed)
    return refusal('fixed', 'This cannot be moved.', { thing: event.thing });
  const holder = inAnothersHand(draft, event);
  if (holder !== null)
    return refusal(
      'held_by_another',
      'Somebody else has this in hand.',
      holder,
      'Wait until they put it down, or ask them for it.',
    );
  const broken = brokenRules(draft, event);
  for (const rule of broken) find(draft, 'safety', stepNow(draft), by, { rule, act: event.type });
  const wrong = wantedBy(event, draft)
    .map((wanted) => wrongAbout(draft, by, wanted))
    .find((kind) => kind !== null);
  if (wrong) find(draft, wrong.kind, stepNow(draft), by, { [wrong.what]: wrong.id });
  else if (event.type === 'toolUsed' && isWrongTool(draft, event))
    find(draft, 'wrong_tool', stepNow(draft), by, { tool: event.tool, thing: event.thing });
  else if (event.type === 'mounted' && isOutOfOrder(draft, event.thing))
    find(draft, 'wrong_order', stepNow(draft), by, { thing: event.thing });
  else if (broken.length === 0) return null;
  if (draft.mode !== 'guided') return null;
  if (broken.length > 0)
    return refusal(
      'unsafe',
      'A safety rule stands against this.',
      { rules: broken },
      'Do first what the rule asks for.',
    );
  return wrong
    ? refusal(wrong.kind, 'This is not to be used now.', { [wrong.what]: wrong.id }, 'Do what the step asks for.')
    : refusal('wrong_now', 'Not this one, or not yet.', { act: event.type }, 'Look at the step once more.');
}

/**
 * What is in somebody's hand stays there in every mode, and is held against nobody: others may touch it, and turn a
 * screw in it, while it is held for them.
 */
function inAnothersHand(draft: Draft, event: RunEvent): { thing: string; by: string } | null {
  switch (event.type) {
    case 'grabbed':
    case 'released':
    case 'placed':
    case 'mounted':
    case 'used':
    case 'putOn': {
      const holder = draft.world.held[event.thing];
      return holder !== undefined && holder !== event.by ? { thing: event.thing, by: holder } : null;
    }
    default:
      return null;
  }
}

export function refusal(
  key: string,
  message: string,
  facts: Problem['facts'],
  next = 'Go on with something else.',
): Problem {
  return problem('procedures', key, message, { facts, next });
}

/** The step that an error is noted under: the last that began. */
export const stepNow = ({ active }: Draft): StepId | null => active.at(-1)?.step ?? null;

function wrongAbout(
  draft: Draft,
  by: UserId,
  { kind, id }: Wanted,
): { kind: ErrorKind; what: Kind; id: string } | null {
  const own = allowedNow(draft.index.procedure, draft, by);
  if (own[`${kind}s`].has(id)) return null;
  const isSomebodys = draft.active.some(
    ({ step, phase }) => phase === 'active' && draft.index.steps.get(step)![`${kind}s`].has(id),
  );
  if (isSomebodys) return { kind: 'wrong_person', what: kind, id };
  const isLater = draft.index.unlockedBy.get(`${kind}:${id}`)?.some((step) => !draft.visited.includes(step));
  if (isLater) return { kind: 'wrong_order', what: kind, id };
  return { kind: kind === 'thing' ? 'wrong_part' : kind === 'tool' ? 'wrong_tool' : 'wrong_control', what: kind, id };
}

/** The thing takes other tools, or the step wants another on it. */
function isWrongTool(draft: Draft, { thing, tool }: { thing: string; tool: string }): boolean {
  const tools = draft.index.things.get(thing)?.tools ?? [];
  if (tools.length > 0 && !tools.some((id) => id === tool)) return true;
  const wanted = draft.active.flatMap(({ step, phase }) =>
    phase !== 'active'
      ? []
      : draft.index.steps
          .get(step)!
          .leaves.flatMap(({ leaf }) =>
            leaf.kind === 'toolUsed' && leaf.thing === thing ? [leaf.tool as string] : [],
          ),
  );
  return wanted.length > 0 && !wanted.includes(tool);
}

/** The thing stands in an order that a running step asks for, and is not next in any such order. */
export function isOutOfOrder(draft: Draft, thing: string): boolean {
  let isAsked = false;
  for (const { step, phase } of draft.active) {
    if (phase !== 'active') continue;
    for (const { leaf, isNegated } of draft.index.steps.get(step)!.leaves) {
      if (isNegated || leaf.kind !== 'mounted' || !leaf.isOrdered) continue;
      const at = leaf.things.findIndex((id) => id === thing);
      if (at < 0) continue;
      isAsked = true;
      // All before it are mounted, none after it is.
      const { mounted } = draft.world;
      if (leaf.things.every((id, other) => other === at || mounted.includes(id) === other < at)) return false;
    }
  }
  return isAsked;
}

function brokenRules(draft: Draft, event: RunEvent): string[] {
  const key = actOf(event);
  if (!key || !('by' in event)) return [];
  const person = participantOf(draft, event.by);
  return (draft.index.rules.get(key) ?? [])
    .filter(({ steps }) => !steps || draft.active.some(({ step }) => steps.includes(step)))
    .filter(({ unless }) => !unless || !standsNow(unless, draft, person ? [person] : []))
    .map(({ id }) => id);
}

function actOf(event: RunEvent): string | null {
  switch (event.type) {
    case 'grabbed':
      return `grab:${event.thing}`;
    case 'touched':
      return `touch:${event.thing}`;
    case 'used':
    case 'toolUsed':
      return `use:${event.thing}`;
    case 'controlSet':
      return `set:${event.control}`;
    default:
      return null;
  }
}
