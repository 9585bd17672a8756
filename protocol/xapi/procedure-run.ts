import type { Procedure } from '../procedures/procedure.ts';
import { react, start } from '../procedures/run.ts';
import type { Effect } from '../procedures/run-state.ts';
import { score, type RecordedRun } from '../procedures/score.ts';
import type { ToldEffect, ToldEvent, ToldRun } from './statements-of.ts';

/** A recorded run, whole or as far as it is, in the form that `statementsOf` tells. */
export function toldRun(
  procedure: Procedure,
  run: RecordedRun,
  about: Pick<ToldRun, 'id' | 'home' | 'revision' | 'instructor' | 'grouping' | 'nameOf' | 'part' | 'abandonedAtMs'>,
): ToldRun {
  const effects: { event: number; runTimeMs: number; effect: ToldEffect }[] = [];
  const note = (event: number, runTimeMs: number, caused: readonly Effect[]) => {
    for (const effect of caused) effects.push({ event, runTimeMs, effect: effect as unknown as ToldEffect });
  };
  const begun = start(procedure, run);
  let { state } = begun;
  note(-1, state.nowMs, begun.effects);
  run.events.forEach(({ event, atMs }, index) => {
    const reaction = react(procedure, state, event, atMs);
    ({ state } = reaction);
    note(index, state.nowMs, reaction.effects);
  });
  return {
    ...about,
    procedure,
    mode: run.mode,
    startedAtMs: run.startedAtMs,
    participants: run.participants.map(({ id }) => id),
    events: run.events.map(({ event, atMs }) => ({ event: event as ToldEvent, atMs })),
    effects,
    sheet: state.status === 'running' ? null : score(procedure, run),
  };
}
