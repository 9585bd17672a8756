import { indexOf, type CheckFinding, type Condition, type Procedure, type Range } from '#protocol/procedures/index';
import { chapterOf, removeChapter, withStep } from './edits.ts';

const TOLERANCE_M = 0.005;
const TOLERANCE_RAD = 0.0873;
const SHOWN_MS = 2000;

/**
 * The obvious repair of a finding, or null where only a person can tell. Never throws anything away that somebody wrote
 * in words, except a condition that can never hold; everything it does can be undone.
 */
export function mend(procedure: Procedure, { key, where, facts }: CheckFinding): Procedure | null {
  const { step, chapter, path = '', transition } = where;
  const onLeaf = (change: (leaf: Condition) => Condition | null): Procedure | null =>
    step === undefined ? null : withCondition(procedure, step, path, change);
  switch (key) {
    case 'impossible_tolerance':
      return onLeaf((leaf) =>
        leaf.kind !== 'placed'
          ? leaf
          : {
              ...leaf,
              toleranceM: leaf.toleranceM > 0 ? leaf.toleranceM : TOLERANCE_M,
              toleranceRad: leaf.toleranceRad > 0 ? leaf.toleranceRad : TOLERANCE_RAD,
            },
      );
    case 'placed_on_itself':
      return onLeaf((leaf) => (leaf.kind === 'placed' ? { ...leaf, reference: { kind: 'room' } } : leaf));
    case 'empty_range':
      return onLeaf(exchanged);
    case 'impossible_order':
      return onLeaf((leaf) => (leaf.kind === 'mounted' ? { ...leaf, things: [...new Set(leaf.things)] } : leaf));
    case 'impossible_count':
      return path === '' ? null : onLeaf((one) => (one.kind === 'atLeast' ? { ...one, count: one.of.length } : one));
    case 'opaque':
      return path.startsWith('behaviours') ? null : onLeaf(() => null);
    case 'locked':
      return step === undefined
        ? null
        : withStep(procedure, step, (one) => ({ ...one, unlocks: { ...one.unlocks, needed: true } }));
    case 'no_exit':
    case 'unreachable':
      return step === undefined ? null : led(procedure, step, key);
    case 'shadowed':
      return step === undefined
        ? null
        : withStep(procedure, step, (one) => ({
            ...one,
            transitions: one.transitions.toSorted(
              (a, b) => Number(a.conditions.length === 0) - Number(b.conditions.length === 0),
            ),
          }));
    case 'instant_loop':
      return step === undefined
        ? null
        : withStep(procedure, step, (one) => ({
            ...one,
            transitions: one.transitions.map((way) =>
              way.conditions.length === 0 ? { ...way, conditions: [{ kind: 'confirmed' }] } : way,
            ),
          }));
    case 'unused_chapter':
      return chapter === undefined ? null : removeChapter(procedure, chapter);
    case 'dangling':
    case 'wrong_chapter': {
      const isWay = step !== undefined && transition !== undefined && path === '' && 'step' in facts;
      return isWay ? toTheEnd(procedure, step, transition) : null;
    }
    case 'no_duration': {
      const at = Number(/^behaviours\.(\d+)$/.exec(path)?.[1] ?? -1);
      return step === undefined || at < 0
        ? null
        : withStep(procedure, step, (one) => ({
            ...one,
            behaviours: one.behaviours.map((shown, index) =>
              index === at && shown.kind !== 'opaque' ? { ...shown, durationMs: SHOWN_MS } : shown,
            ),
          }));
    }
    case 'impossible_pass_mark':
      return { ...procedure, rubric: { ...procedure.rubric, passMark: procedure.rubric.full } };
    case 'not_protective': {
      const { workplace } = procedure;
      const things = workplace.things.map((one) =>
        one.id === facts['thing'] ? { ...one, kind: 'protection' as const } : one,
      );
      return { ...procedure, workplace: { ...workplace, things } };
    }
    default:
      return null;
  }
}

/** Whether `mend` knows something: told without doing it. */
export const canMend = (procedure: Procedure, finding: CheckFinding): boolean => {
  const mended = mend(procedure, finding);
  return mended !== null && mended !== procedure;
};

function exchanged(leaf: Condition): Condition {
  const turned = ({ minimum, maximum, unit }: Range): Range => ({
    ...(maximum === undefined ? {} : { minimum: maximum }),
    ...(minimum === undefined ? {} : { maximum: minimum }),
    unit,
  });
  switch (leaf.kind) {
    case 'value':
    case 'number':
      return { ...leaf, range: turned(leaf.range) };
    case 'toolUsed':
      return { ...leaf, result: leaf.result && turned(leaf.result) };
    case 'control':
      return leaf.setting.kind === 'number'
        ? { ...leaf, setting: { ...leaf.setting, range: turned(leaf.setting.range) } }
        : leaf;
    default:
      return leaf;
  }
}

/** A step that nothing leads to is led to from the one before it; one without a way out leads to the one after. */
function led(procedure: Procedure, id: string, key: 'no_exit' | 'unreachable'): Procedure | null {
  const steps = chapterOf(procedure, id)?.steps ?? [];
  const at = steps.findIndex((step) => step.id === id);
  if (key === 'no_exit') {
    const to = steps[at + 1]?.id ?? null;
    return withStep(procedure, id, (step) => ({
      ...step,
      transitions: [
        ...step.transitions.filter(({ conditions }) => conditions.length > 0),
        { id: freeWay(step.transitions), conditions: [{ kind: 'confirmed' }], to, interrupts: false },
      ],
    }));
  }
  const before = steps[at - 1];
  // Where it already leads here, the trouble lies further up.
  if (!before || before.transitions.length === 0 || before.transitions.some(({ to }) => to === id)) return null;
  return withStep(procedure, before.id, (step) => ({
    ...step,
    transitions: step.transitions.map((way, index) => (index === 0 ? { ...way, to: steps[at]!.id } : way)),
  }));
}

function freeWay(ways: readonly { readonly id: string }[]): string {
  let number = ways.length + 1;
  while (ways.some(({ id }) => id === `way-${number}`)) number++;
  return `way-${number}`;
}

const toTheEnd = (procedure: Procedure, step: string, transition: string): Procedure =>
  withStep(procedure, step, (one) => ({
    ...one,
    transitions: one.transitions.map((way) => (way.id === transition ? { ...way, to: null } : way)),
  }));

/** `path` as `leavesOf` counts: transition, condition, and on inside. Null as answer takes the condition away. */
function withCondition(
  procedure: Procedure,
  step: string,
  path: string,
  change: (condition: Condition) => Condition | null,
): Procedure | null {
  const way = path.split('.').map(Number);
  const [at, ...inside] = way;
  if (at === undefined || inside.length === 0 || way.some((part) => !Number.isInteger(part))) return null;
  if (!indexOf(procedure).steps.has(step)) return null;
  return withStep(procedure, step, (one) => ({
    ...one,
    transitions: one.transitions.map((transition, index) =>
      index === at ? { ...transition, conditions: changedAt(transition.conditions, inside, change) } : transition,
    ),
  }));
}

function changedAt(
  list: readonly Condition[],
  [at, ...inside]: readonly number[],
  change: (condition: Condition) => Condition | null,
): Condition[] {
  return list.flatMap((one, index) => {
    if (index !== at) return [one];
    if (inside.length === 0) return change(one) ?? [];
    if (one.kind === 'not') {
      const [of] = changedAt([one.of], [0, ...inside.slice(1)], change);
      return of ? [{ ...one, of }] : [];
    }
    if (!('of' in one)) return [one];
    const of = changedAt(one.of, inside, change);
    return of.length > 0 ? [{ ...one, of }] : [];
  });
}
