import type { UserId } from '../ids.ts';
import type { StepId } from './ids.ts';
import { indexOf, type ProcedureIndex } from './procedure-index.ts';
import type { Procedure } from './procedure.ts';
import type { ErrorKind } from './rubric.ts';
import type { ActiveStep, Effect, Finding, Participant, Reaction, RunState, World } from './run-state.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type ActiveDraft = Mutable<ActiveStep>;

/**
 * A reaction in the making. The arrays and records inside are those of the state before: they are replaced, never
 * written to, so the state somebody else holds stays what it was.
 */
export interface Draft extends Mutable<Omit<RunState, 'active' | 'world'>> {
  readonly index: ProcedureIndex;
  active: ActiveDraft[];
  world: Mutable<World>;
  readonly effects: Effect[];
}

export function openDraft(procedure: Procedure, state: RunState): Draft {
  return {
    ...state,
    index: indexOf(procedure),
    active: state.active.map((one) => ({ ...one })),
    world: { ...state.world },
    effects: [],
  };
}

/** Field by field in one order: the same state is the same bytes. */
export function closeDraft(draft: Draft): Reaction {
  const state: RunState = {
    v: draft.v,
    procedure: draft.procedure,
    mode: draft.mode,
    participants: draft.participants,
    startedAtMs: draft.startedAtMs,
    nowMs: draft.nowMs,
    pausedAtMs: draft.pausedAtMs,
    pausedForMs: draft.pausedForMs,
    status: draft.status,
    problem: draft.problem,
    dice: draft.dice,
    chapter: draft.chapter,
    active: draft.active,
    visited: draft.visited,
    world: draft.world,
  };
  return { state, effects: draft.effects };
}

export function find(
  draft: Draft,
  kind: ErrorKind,
  step: StepId | null,
  by: UserId | null,
  facts: Finding['facts'],
): void {
  draft.effects.push({ kind: 'finding', finding: { kind, atMs: draft.nowMs, step, by, facts } });
}

export const participantOf = (draft: Pick<Draft, 'participants'>, by: UserId): Participant | undefined =>
  draft.participants.find(({ id }) => id === by);

/** Whether a step is this person's: role and station fit. */
export function mayDo({ index }: Pick<Draft, 'index'>, step: StepId, person: Participant): boolean {
  const { role, station } = index.steps.get(step)!.step;
  const hasRole = role === null || person.roles.includes(role);
  return hasRole && (station === null || person.station === null || person.station === station);
}

export const withKey = <T>(record: Readonly<Record<string, T>>, key: string, value: T): Record<string, T> => ({
  ...record,
  [key]: value,
});

export function withoutKey<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}
