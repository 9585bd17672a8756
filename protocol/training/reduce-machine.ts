import type { Document } from '../document/document.ts';
import { equipmentFor } from '../equipment/catalogue.ts';
import { react } from '../procedures/run.ts';
import { machineOf, procedureIn, runOf } from './document.ts';
import type { TrainingPayload } from './ops.ts';
import { no, over, put, reportRefusal, type Changed, type OpEntry } from './outcome.ts';
import { stateOf } from '../procedures/run-rows.ts';

/** What somebody wants of the machine: let through when the run lets it happen; the hall then says what came of it. */
export function toMachine(
  document: Document,
  payload: TrainingPayload<'machine.input'>,
  { at, author }: OpEntry,
): Changed {
  const { run: id, input } = payload;
  const run = runOf(document, id);
  if (!run) return no('no_such_run', 'There is no such run.', { run: id });
  if (run.outcome) return { ok: false, problem: over(run) };
  const procedure = procedureIn(document, run.procedure)!;
  const machine = equipmentFor(procedure);
  if (!machine) return no('no_machine', 'Nothing is simulated in this run.', { run: id });
  const state = stateOf(document, run, procedure);
  const stands = reportRefusal(state, author.id);
  if (stands) return { ok: false, problem: stands };
  if (input.type === 'controlSet') {
    const { effects } = react(procedure, state, { ...input, by: author.id }, at);
    const refused = effects.find((effect) => effect.kind === 'refused');
    // Told and held against the run by `run.act`; the machine never sees it.
    if (refused) return { ok: false, problem: refused.problem };
  }
  const row = machineOf(document, id) ?? {
    equipment: machine.about.id,
    version: machine.about.version,
    inputs: 0,
    tick: 0,
  };
  return { ok: true, changes: [put(document, 'machines', id, { ...row, inputs: row.inputs + 1 })] };
}

export function markMachine(document: Document, { run: id, tick }: TrainingPayload<'machine.mark'>): Changed {
  const run = runOf(document, id);
  const procedure = run && procedureIn(document, run.procedure);
  const machine = procedure && equipmentFor(procedure);
  if (!run || !machine || run.isRevealed) return no('no_machine', 'Nothing is simulated in this run.', { run: id });
  const row = machineOf(document, id) ?? {
    equipment: machine.about.id,
    version: machine.about.version,
    inputs: 0,
    tick: 0,
  };
  if (tick < row.tick) return no('wrong_mark', 'A machine does not run backwards.', { tick });
  return { ok: true, changes: [put(document, 'machines', id, { ...row, tick })] };
}
