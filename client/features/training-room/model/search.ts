import { indexOf, type ActiveStep, type Procedure } from '#protocol/procedures/index';

/** A step in which several things are to be pointed at: "find the hazards". */
export interface Search {
  /** How many are needed, and how many of them were pointed at. */
  readonly needed: number;
  readonly found: number;
}

/** Null: the step is no search. One thing to touch is no search: it is named. */
export function searchOf(procedure: Procedure, { step: id, seen }: Pick<ActiveStep, 'step' | 'seen'>): Search | null {
  const facts = indexOf(procedure).steps.get(id);
  const touched = (facts?.leaves ?? []).filter(({ leaf, isNegated }) => leaf.kind === 'touched' && !isNegated);
  if (touched.length < 2) return null;
  const counted = facts!.step.transitions
    .flatMap(({ conditions }) => conditions)
    .find((one) => one.kind === 'atLeast' && one.of.every(({ kind }) => kind === 'touched'));
  return {
    needed: counted?.kind === 'atLeast' ? counted.count : touched.length,
    found: touched.filter(({ path }) => seen.includes(path)).length,
  };
}

/** The search as it is when this thing has been pointed at. Null: the step is no search, or does not look for it. */
export function searchWith(
  procedure: Procedure,
  active: Pick<ActiveStep, 'step' | 'seen'>,
  thing: string,
): Search | null {
  const leaf = indexOf(procedure)
    .steps.get(active.step)
    ?.leaves.find((one) => one.leaf.kind === 'touched' && !one.isNegated && one.leaf.thing === thing);
  return leaf ? searchOf(procedure, { ...active, seen: [...active.seen, leaf.path] }) : null;
}
