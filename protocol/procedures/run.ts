import type { Problem } from '../errors.ts';
import { happen } from './acts.ts';
import type { Mode } from './behaviour.ts';
import { obey } from './commands.ts';
import { closeDraft, openDraft, participantOf, type Draft } from './draft.ts';
import type { RunEvent } from './event.ts';
import { advance, earliestDue, nextChapter, settle } from './flow.ts';
import { judge, refusal } from './locks.ts';
import type { Procedure } from './procedure.ts';
import type { Participant, Reaction, RunState } from './run-state.ts';

export interface StartOptions {
  readonly mode: Mode;
  /** Draws random branches: the same seed, the same run. */
  readonly seed: number;
  readonly participants: readonly Participant[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
}

/** Begins a run: the first step is entered, and whatever completes at once is through. */
export function start(procedure: Procedure, options: StartOptions): Reaction {
  const variables = Object.fromEntries(procedure.variables.map(({ id, initial }) => [id, initial]));
  const blank: RunState = {
    v: 1,
    procedure: procedure.id,
    mode: options.mode,
    participants: options.participants,
    startedAtMs: options.startedAtMs,
    nowMs: 0,
    pausedAtMs: null,
    pausedForMs: 0,
    status: 'running',
    problem: null,
    // xorshift needs a state other than 0.
    dice: (Math.imul(options.seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1,
    chapter: -1,
    active: [],
    visited: [],
    world: {
      held: {},
      placements: {},
      mounted: [],
      values: {},
      controls: {},
      worn: {},
      gaze: {},
      places: {},
      variables,
      faults: {},
    },
  };
  const draft = openDraft(procedure, blank);
  nextChapter(draft);
  settle(draft);
  return closeDraft(draft);
}

/**
 * What an event makes of a run. Pure: the same state, event and time give the same reaction on every machine.
 *
 * Whatever was due before `atMs` happens first, at its own time; so it makes no difference how many `time` events were
 * sent in between. An event that comes with an earlier time than the last one counts as now.
 */
export function react(procedure: Procedure, state: RunState, event: RunEvent, atMs: number): Reaction {
  const draft = openDraft(procedure, state);
  if (draft.status !== 'running')
    return refuse(draft, refusal('run_is_over', 'This run is over.', { status: draft.status }));
  if (draft.pausedAtMs !== null) return whilePaused(draft, event, atMs);
  advance(draft, runTimeMs(draft, atMs));
  if (draft.status !== 'running') return closeDraft(draft);
  const problem = apply(draft, event, atMs);
  if (problem) return refuse(draft, problem);
  if (draft.pausedAtMs === null) settle(draft);
  return closeDraft(draft);
}

/** Time of the run, ms without its pauses, at a moment of the day's clock that is not before what it has taken in. */
export const runTimeAt = (state: RunState, atMs: number): number =>
  state.pausedAtMs === null ? Math.max(state.nowMs, atMs - state.startedAtMs - state.pausedForMs) : state.nowMs;

/** When the next `time` event is due, milliseconds since 1970; null: time alone changes nothing. */
export function nextDueAtMs(state: RunState): number | null {
  if (state.status !== 'running' || state.pausedAtMs !== null) return null;
  const dueMs = earliestDue(state);
  return dueMs === null ? null : state.startedAtMs + state.pausedForMs + dueMs;
}

function apply(draft: Draft, event: RunEvent, atMs: number): Problem | null {
  switch (event.type) {
    case 'time':
      return null;
    case 'paused':
      draft.pausedAtMs = Math.max(atMs, draft.startedAtMs + draft.pausedForMs + draft.nowMs);
      return null;
    case 'resumed':
      return refusal('not_paused', 'The run is not paused.', {});
    case 'jumped':
    case 'stepReset':
    case 'faultInjected':
    case 'faultCleared':
      return obey(draft, event);
    case 'hintAsked':
    case 'skipped':
    case 'faultReported':
      return stranger(draft, event) ?? obey(draft, event);
    default: {
      const problem = stranger(draft, event) ?? judge(draft, event);
      if (!problem) happen(draft, event);
      return problem;
    }
  }
}

function stranger(draft: Draft, event: RunEvent): Problem | null {
  if (!('by' in event) || participantOf(draft, event.by)) return null;
  return refusal('not_in_this_run', 'Only those who take part can do this.', { by: event.by });
}

/** Time stands still: the plant goes on, people do not. */
function whilePaused(draft: Draft, event: RunEvent, atMs: number): Reaction {
  switch (event.type) {
    case 'resumed': {
      draft.pausedForMs += Math.max(0, atMs - draft.pausedAtMs!);
      draft.pausedAtMs = null;
      settle(draft);
      return closeDraft(draft);
    }
    case 'value':
      happen(draft, event);
      return closeDraft(draft);
    case 'time':
      return closeDraft(draft);
    default:
      return refuse(draft, refusal('paused', 'The run is paused.', { act: event.type }, 'Wait until it goes on.'));
  }
}

function refuse(draft: Draft, problem: Problem): Reaction {
  draft.effects.push({ kind: 'refused', problem });
  return closeDraft(draft);
}

const runTimeMs = (draft: Draft, atMs: number): number =>
  Math.max(draft.nowMs, atMs - draft.startedAtMs - draft.pausedForMs);
