import { openEntry } from '../journal/entry.ts';
import { procedureOf, type ProcedurePart } from '../procedures/loaded.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { AsBuilt } from './as-built.ts';
import type { GuidancePayload } from './ops.ts';
import type { JobPlan } from './plan.ts';

/** What the journal knows beside the record: how things are called and what was asked for. Null: the journal is not at hand. */
export interface RecordSource {
  readonly procedure: Procedure | null;
  readonly plan: JobPlan | null;
  /** Of everybody who wrote in the journal: who decides need not be of the crew. */
  readonly names: ReadonlyMap<string, string>;
}
export const NO_SOURCE: RecordSource = { procedure: null, plan: null, names: new Map() };

/** Reads; it does not judge (`verifyRecord` does). The instruction is the one that the record names, or it is left out. */
export function sourceOf({ instruction }: Pick<AsBuilt, 'instruction'>, blocks: Iterable<Uint8Array>): RecordSource {
  const parts: ProcedurePart[] = [];
  const names = new Map<string, string>();
  let plan: JobPlan | null = null;
  for (const bytes of blocks) {
    const { type, payload, author } = openEntry(bytes).entry;
    names.set(author.id, author.name);
    if (type === 'job.load') parts.push(payload as ProcedurePart);
    if (type === 'job.open') plan = (payload as GuidancePayload<'job.open'>).plan;
    if (type === 'job.migrate') plan = (payload as GuidancePayload<'job.migrate'>).plan ?? plan;
  }
  return { procedure: procedureOf(instruction.document, parts), plan, names };
}
