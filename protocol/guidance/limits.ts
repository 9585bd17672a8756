import { indexOf } from '../procedures/procedure-index.ts';
import type { Range } from '../procedures/measure.ts';
import type { Procedure } from '../procedures/procedure.ts';
import { rangeText } from '../procedures/unit-words.ts';
import type { Deviation } from './document.ts';

const leavesAt = (procedure: Procedure | null, step: string | null) =>
  (step === null ? undefined : procedure && indexOf(procedure).steps.get(step))?.leaves.map(({ leaf }) => leaf) ?? [];

interface Tightened {
  readonly step: string | null;
  readonly tool: string | null;
  readonly thing: string | null;
}
/** What the instruction asks of this fastener. */
export function torqueLimits(procedure: Procedure | null, { step, tool, thing }: Tightened): Range | null {
  for (const leaf of leavesAt(procedure, step))
    if (leaf.kind === 'toolUsed' && leaf.tool === tool && leaf.thing === thing) return leaf.result;
  return null;
}

interface Measured {
  readonly step: string | null;
  readonly variable: string;
}
/** Within which a step wants a value that is measured. */
export function valueLimits(procedure: Procedure | null, { step, variable }: Measured): Range | null {
  for (const leaf of leavesAt(procedure, step))
    if (leaf.kind === 'number' && leaf.variable === variable) return leaf.range;
  return null;
}

/** What was asked for, beside what was found: it stands in the instruction, and who decides wants to see both. */
export function askedFacts(
  procedure: Procedure | null,
  step: string | null,
  { tool, thing, variable, expected }: Deviation['facts'],
): Record<string, string> {
  if (expected !== undefined) return {};
  const limits =
    typeof variable === 'string'
      ? valueLimits(procedure, { step, variable })
      : typeof tool === 'string' && typeof thing === 'string'
        ? torqueLimits(procedure, { step, tool, thing })
        : null;
  if (!limits || !rangeText(limits)) return {};
  const told = { expected: rangeText(limits) };
  // What was measured came without its unit.
  if (typeof variable !== 'string' || !procedure) return told;
  return { ...told, unit: indexOf(procedure).variables.get(variable)?.unit ?? limits.unit };
}
