import { table, type Change, type Document, type Outcome } from '../document/document.ts';
import { problem, type Problem } from '../errors.ts';
import type { Entry } from '../journal/entry.ts';
import type { RunState } from '../procedures/run-state.ts';
import { procedureIn, type RunRow } from './document.ts';
import { stateOf, writeRun } from '../procedures/run-rows.ts';

export type OpEntry = Pick<Entry, 'author' | 'at' | 'id'>;
export type Changed = Outcome<{ changes: readonly Change[] }>;

export const put = (document: Document, name: string, id: string, after: object): Change => {
  const before = table(document, name).get(id);
  return { table: name, id, ...(before ? { before } : {}), after: { ...after } };
};
/** Another row for the same engine state. */
export function rewritten(document: Document, run: RunRow, next: RunRow): Change {
  const state = stateOf(document, run, procedureIn(document, run.procedure)!);
  const { state: _, ...row } = next;
  return writeRun(document, row, state, state)[0]!;
}

/** Why somebody cannot act in a run now, whatever they want to do. */
export function reportRefusal(state: RunState, by: string): Problem | null {
  if (!state.participants.some(({ id }) => id === by))
    return say('not_in_this_run', 'Only those who take part can do this.', { by });
  return state.pausedAtMs === null ? null : say('paused', 'The run is paused.', {}, 'Wait until it goes on.');
}

export const over = (run: RunRow): Problem =>
  say('run_is_over', 'This run is over.', { run: run.id, outcome: run.outcome }, 'Start another one.');

export const say = (key: string, message: string, facts: Problem['facts'], next = 'Nothing was changed.'): Problem =>
  problem('training', key, message, { facts, next });
export const no = (key: string, message: string, facts: Problem['facts'], next?: string) => ({
  ok: false as const,
  problem: say(key, message, facts, next),
});
