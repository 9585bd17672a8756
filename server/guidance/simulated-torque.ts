import { jobProcedure, jobState, type JobRow } from '#protocol/guidance/index';
import type { Document } from '#protocol/document/index';
import { indexOf, type Leaf, type Range } from '#protocol/procedures/index';
import type { SimulatedUse } from '#protocol/api/guidance';

type ToolLeaf = Extract<Leaf, { kind: 'toolUsed' }>;

/** What a tool gives that nobody has a programme for. */
const UNPROGRAMMED: Range = { minimum: 9.5, maximum: 10.5, unit: 'N.m' };
/** A good tool lands in the middle third of what is asked for. */
const SCATTER = 1 / 3;
/** Wrong is plainly wrong: so far outside the band, as a share of its end. */
const LOW = 0.8;
const HIGH = 1.2;

/**
 * The programme that a simulated tool runs: that of the fastener the job waits for, as a pick-to-light rack would choose it, else that
 * of any fastener it is for.
 */
export function programmeOf(document: Document, job: JobRow, tool: string): Range {
  const procedure = jobProcedure(document, job);
  if (!procedure) return UNPROGRAMMED;
  const { steps } = indexOf(procedure);
  const isFor = (leaf: Leaf): leaf is ToolLeaf => leaf.kind === 'toolUsed' && leaf.tool === tool;
  for (const { step, phase, seen } of jobState(document, job)?.active ?? [])
    for (const { leaf, path } of phase === 'active' ? (steps.get(step)?.leaves ?? []) : [])
      if (isFor(leaf) && leaf.result && !seen.includes(path)) return leaf.result;
  for (const { leaves } of steps.values())
    for (const { leaf } of leaves) if (isFor(leaf) && leaf.result) return leaf.result;
  return UNPROGRAMMED;
}

/** One tightening; `count` makes neighbouring ones differ without chance. */
export function tightened(
  { minimum, maximum, unit }: Range,
  how: SimulatedUse['how'],
  count: number,
): { value: number; unit: Range['unit']; ok: boolean } {
  const low = minimum ?? (maximum === undefined ? UNPROGRAMMED.minimum! : maximum * LOW);
  const high = maximum ?? low / LOW;
  const half = (high - low) / 2;
  // Eleven places from -1 to 1, each after one far from it.
  const place = (((count * 7) % 11) - 5) / 5;
  const value = how === 'low' ? low * LOW : how === 'high' ? high * HIGH : low + half * (1 + SCATTER * place);
  return { value: Math.round(value * 100) / 100, unit, ok: how === 'right' };
}
