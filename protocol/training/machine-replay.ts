import { sha256 } from '@noble/hashes/sha2.js';
import * as dagCbor from '@ipld/dag-cbor';
import { table, type Document } from '../document/document.ts';
import { equipmentById, equipmentFor } from '../equipment/catalogue.ts';
import type { EquipmentInput, EquipmentState } from '../equipment/model.ts';
import type { UserId } from '../ids.ts';
import type { StoredEntry } from '../journal/entry.ts';
import { toHex } from '../ownership/manifest.ts';
import type { Procedure } from '../procedures/procedure.ts';
import { machineOf, procedureIn, runOf } from './document.ts';
import type { MachineInput, OpenedMachine, TrainingPayload } from './ops.ts';

export const machineCommitment = (run: string, salt: string, state: EquipmentState): string =>
  toHex(sha256(dagCbor.encode(['workhall.machine.1', run, salt, state])));

/** What somebody did, as the machine takes it. */
export const inputBy = (input: MachineInput, by: UserId): EquipmentInput => ({ ...input, by });

/** The machine of a run, if there is one to simulate. */
export const machineFor = (procedure: Procedure) => equipmentFor(procedure);

export interface MachineReplay {
  /** Marks in the journal, and those at which another state came out. */
  readonly marks: number;
  readonly wrong: readonly number[];
  readonly state: EquipmentState;
}

/**
 * Runs a run's machine again from the journal alone, after the debrief, and compares each state that was committed to.
 * Null: there is no machine, or its faults are not told yet.
 */
export function replayMachine(entries: Iterable<StoredEntry>, document: Document, id: string): MachineReplay | null {
  const run = runOf(document, id);
  const procedure = run && procedureIn(document, run.procedure);
  const opened = table(document, 'truths').get(id)?.['machine'] as OpenedMachine | null | undefined;
  const known = machineOf(document, id);
  const model = known ? equipmentById(known.equipment) : procedure && machineFor(procedure);
  if (!run || !model || !opened) return null;
  const given = new Map<string, EquipmentInput>();
  let state = model.start(run.seed);
  const wrong: number[] = [];
  let marks = 0;
  for (const { entry } of entries) {
    if ((entry.payload as { run?: unknown } | null)?.run !== id) continue;
    if (entry.type === 'machine.input')
      given.set(entry.id, inputBy((entry.payload as TrainingPayload<'machine.input'>).input, entry.author.id));
    if (entry.type !== 'machine.mark') continue;
    const { tick, commitment, inputs } = entry.payload as TrainingPayload<'machine.mark'>;
    while (state.tick < tick) {
      const faults = opened.faults.filter((one) => one.tick === state.tick).map(({ event }) => event);
      const acts = inputs.filter((one) => one.tick === state.tick).flatMap(({ op }) => given.get(op) ?? []);
      ({ state } = model.step(state, [...faults, ...acts]));
    }
    marks += 1;
    if (machineCommitment(id, opened.salt, state) !== commitment) wrong.push(tick);
  }
  return { marks, wrong, state };
}
