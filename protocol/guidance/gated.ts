import { stepsOf, type Procedure, type Step, type Transition } from '../procedures/procedure.ts';
import type { VariableId } from '../procedures/ids.ts';
import type { Variable } from '../procedures/workplace.ts';
import type { Gate, JobPlan } from './plan.ts';

/** Variables that the job keeps in the engine beside those of the procedure. Nobody enters them. */
const OWN = 'wh-';
export const isOwnVariable = (id: string): boolean => id.startsWith(OWN);
export const gateVariable = (gate: string): VariableId => `${OWN}g-${gate}` as VariableId;
/** 1 while something about the step waits for a decision. */
export const heldVariable = (step: string): VariableId => `${OWN}h-${step}` as VariableId;
/** 1 when somebody who may lets the step end as it is. */
export const isHold = (id: string): boolean => id.startsWith(`${OWN}h-`);
export const releaseVariable = (step: string): VariableId => `${OWN}r-${step}` as VariableId;
/** The way out that a released step takes. */
export const RELEASED = 'wh-released';

/** One procedure and plan, one result: the engine keeps its index by identity. */
const known = new WeakMap<Procedure, WeakMap<JobPlan['gates'], Procedure>>();

/**
 * The same procedure with the plan's gates as conditions behind those of each way out, and one more way out, last, for a
 * step that is released. Paths of the procedure's own conditions stay what they are, so clients answer by the original.
 */
export function gated(procedure: Procedure, { gates }: Pick<JobPlan, 'gates'>): Procedure {
  const before = known.get(procedure)?.get(gates);
  if (before) return before;
  const bySteps = new Map<string, Gate[]>();
  for (const gate of gates) bySteps.set(gate.step, [...(bySteps.get(gate.step) ?? []), gate]);
  const steps = (list: readonly Step[]) => list.map((step) => gatedStep(step, bySteps.get(step.id) ?? []));
  const chapters = <T extends { steps: Step[] }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, steps: steps(one.steps) }));
  const made: Procedure = {
    ...procedure,
    chapters: chapters(procedure.chapters),
    subchapters: chapters(procedure.subchapters),
    variables: [...procedure.variables, ...ownVariables(procedure, gates)],
  };
  const cache = known.get(procedure) ?? new WeakMap<JobPlan['gates'], Procedure>();
  cache.set(gates, made);
  known.set(procedure, cache);
  return made;
}

const isOne = (variable: VariableId, value: 0 | 1) =>
  ({ kind: 'variable', variable, is: { kind: 'equal', value } }) as const;

function gatedStep(step: Step, gates: readonly Gate[]): Step {
  if (step.transitions.length === 0) return step;
  const own = [isOne(heldVariable(step.id), 0), ...gates.map(({ id }) => isOne(gateVariable(id), 1))];
  const transitions = step.transitions.map((one): Transition => ({ ...one, conditions: [...one.conditions, ...own] }));
  // Not back into itself: it would be released for ever.
  const onward = step.transitions.find(({ to }) => to !== step.id)?.to ?? null;
  const release = isOne(releaseVariable(step.id), 1);
  return {
    ...step,
    transitions: [...transitions, { id: RELEASED, conditions: [release], to: onward, interrupts: true }],
  };
}

function ownVariables(procedure: Procedure, gates: readonly Gate[]): Variable[] {
  const ids = [...stepsOf(procedure)].flatMap(({ step }) => [heldVariable(step.id), releaseVariable(step.id)]);
  return [...ids, ...gates.map(({ id }) => gateVariable(id))].map((id) => ({ id, initial: 0, unit: null }));
}
