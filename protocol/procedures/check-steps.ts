import { flawsOf, type Flaw } from './check-leaf.ts';
import { finding, type CheckKey, type CheckPlace, type Report } from './check-findings.ts';
import { alternativesOf, clashOf, isTooDeep, type Literal } from './check-together.ts';
import { leavesOf, type Condition, type Leaf } from './condition.ts';
import { needsOf, type ProcedureIndex, type StepFacts } from './procedure-index.ts';
import type { SafetyRule, Transition } from './procedure.ts';

/**
 * Looks at each step by itself: which of its transitions can ever complete. `usable` goes on to the graph.
 */
export function checkStep(facts: StepFacts, index: ProcedureIndex, report: Report): ReadonlySet<Transition> {
  const { step, chapter } = facts;
  const where: CheckPlace = { chapter: chapter.id, step: step.id };
  const usable = new Set<Transition>();
  const doubts = new Set<CheckKey>();
  let hasSureWay = step.isOptional;
  for (const [at, transition] of step.transitions.entries()) {
    const here = { ...where, transition: transition.id };
    for (const [i, condition] of transition.conditions.entries())
      reportFlaws(condition, `${at}.${i}`, facts, index, here, report);
    if (transition.conditions.some((condition) => isTooDeep(condition))) {
      report('too_deep', here);
      continue;
    }
    const alternatives = alternativesOf(transition.conditions);
    if (!alternatives) {
      report('too_complex', here);
      usable.add(transition);
      hasSureWay = true;
      continue;
    }
    const open = alternatives.filter((literals) => literals.every((one) => canBe(one, facts, index)));
    const clashes = open.map((literals) => clashOf(literals, index));
    const possible = open.filter((_, i) => clashes[i] !== 'contradiction');
    if (possible.length > 0) usable.add(transition);
    else if (open.length > 0) report('contradiction', here);
    if (possible.length > 0 && clashes.every((clash) => clash !== null)) report('may_contradict', here);
    for (const literals of possible) {
      const reasons = doubtsAbout(literals, index);
      if (reasons.length === 0) hasSureWay = true;
      reasons.forEach((key) => doubts.add(key));
    }
  }
  // One way without a doubt is enough; where there is none, all doubts matter.
  if (!hasSureWay) doubts.forEach((key) => report(key, where));
  checkRules(facts, index, where, report);
  return usable;
}

function reportFlaws(
  condition: Condition,
  path: string,
  facts: StepFacts | null,
  index: ProcedureIndex,
  where: CheckPlace,
  report: Report,
): void {
  for (const { leaf, path: at } of leavesOf(condition, path))
    for (const [key, about] of flawsOf(leaf, index, facts)) report(key, { ...where, path: at }, about);
  forEachCount(condition, (count, of) => {
    if (count > of) report('impossible_count', { ...where, path }, { count, of });
  });
}

function forEachCount(condition: Condition, look: (count: number, of: number) => void): void {
  if (condition.kind === 'not') return forEachCount(condition.of, look);
  if (!('of' in condition)) return;
  if (condition.kind === 'atLeast') look(condition.count, condition.of.length);
  condition.of.forEach((inner) => forEachCount(inner, look));
}

const isUnwritten = ([key]: Flaw): boolean => key === 'dangling';
const isErrorFlaw = ([key]: Flaw): boolean => finding(key, {}).severity === 'error';

/**
 * An impossible leaf never holds; a `not` over it always does. One that refers to nothing yet is being written: that is
 * said of it, and not that its way leads nowhere.
 */
function canBe({ leaf, isNegated }: Literal, facts: StepFacts | null, index: ProcedureIndex): boolean {
  if (isNegated) return true;
  const flaws = flawsOf(leaf, index, facts);
  if (flaws.some(isUnwritten)) return true;
  if (flaws.some(isErrorFlaw)) return false;
  return !rulesOn(leaf, facts, index).some(({ unless }) => unless === null);
}

/** Why a way that is possible may not be open to somebody who has done something else before. */
function doubtsAbout(literals: readonly Literal[], index: ProcedureIndex): CheckKey[] {
  const doubts: CheckKey[] = [];
  if (clashOf(literals, index) === 'may_contradict') doubts.push('may_contradict');
  if (literals.some(isIrrevocable)) doubts.push('irrevocable_not');
  if (literals.some(({ leaf }) => leaf.kind === 'variable')) doubts.push('variable_exit_only');
  return doubts;
}

/** What has happened stays so while the step runs. */
function isIrrevocable({ leaf, isNegated }: Literal): boolean {
  if (!isNegated) return false;
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
    case 'toolUsed':
    case 'answered':
    case 'dwell':
    case 'gaze':
    case 'timeout':
    case 'spoken':
    case 'number':
    case 'approved':
    case 'confirmed':
      return true;
    case 'value':
    case 'control':
    case 'placed':
    case 'mounted':
    case 'variable':
    case 'checklist':
    case 'worn':
    case 'opaque':
      return false;
  }
}

/** Safety rules that stand against doing what a condition asks for, in this step. */
function rulesOn(leaf: Leaf, facts: StepFacts | null, index: ProcedureIndex): readonly SafetyRule[] {
  if (!facts) return [];
  const rules = actsOf(leaf).flatMap((act) => index.rules.get(act) ?? []);
  return rules.filter(({ steps }) => !steps || steps.includes(facts.step.id));
}

/** What was mounted in another order, or must not be where it is, has to be taken off again. */
function rulesOnTaking(leaf: Leaf, isNegated: boolean, facts: StepFacts, index: ProcedureIndex): SafetyRule[] {
  const isUndone = isNegated
    ? leaf.kind === 'placed' || leaf.kind === 'mounted'
    : leaf.kind === 'mounted' && leaf.isOrdered;
  if (!isUndone) return [];
  const rules = needsOf(leaf).things.flatMap((thing) => index.rules.get(`grab:${thing}`) ?? []);
  return rules.filter(({ steps }) => !steps || steps.includes(facts.step.id));
}

function actsOf(leaf: Leaf): string[] {
  switch (leaf.kind) {
    case 'grabbed':
      return [`grab:${leaf.thing}`];
    case 'touched':
      return [`touch:${leaf.thing}`];
    case 'used':
    case 'toolUsed':
      return [`use:${leaf.thing}`];
    case 'control':
      return [`set:${leaf.control}`];
    default:
      return [];
  }
}

function checkRules(facts: StepFacts, index: ProcedureIndex, where: CheckPlace, report: Report): void {
  for (const { leaf, path, isNegated } of facts.leaves) {
    for (const rule of rulesOnTaking(leaf, isNegated, facts, index))
      if (rule.unless === null || !canBeDoneHere(rule.unless, facts, index))
        report('rule_may_block', { ...where, path }, { rule: rule.id });
    if (isNegated) continue;
    for (const rule of rulesOn(leaf, facts, index)) {
      const here = { ...where, path };
      if (rule.unless === null) report('forbidden_by_rule', here, { rule: rule.id });
      else if (!canBeDoneHere(rule.unless, facts, index)) report('rule_may_block', here, { rule: rule.id });
    }
  }
}

/** Whether somebody in this step can bring about what a rule asks for; what only others could is left out. */
function canBeDoneHere(condition: Condition, facts: StepFacts, index: ProcedureIndex): boolean {
  const ways = alternativesOf([condition]);
  return !!ways?.some(
    (literals) =>
      clashOf(literals, index) === null &&
      literals.every(({ leaf, isNegated }) => {
        if (isNegated || flawsOf(leaf, index, facts).some(isErrorFlaw)) return false;
        if (leaf.kind === 'control' || leaf.kind === 'mounted' || leaf.kind === 'placed')
          return rulesOn(leaf, facts, index).length === 0;
        return leaf.kind === 'worn' || leaf.kind === 'value';
      }),
  );
}

/** The rules themselves. */
export function checkSafety(index: ProcedureIndex, report: Report): void {
  for (const { id, act, unless, steps } of index.procedure.safety) {
    const where = { path: `safety.${id}` };
    if (act.kind === 'set' ? !index.controls.has(act.control) : !index.things.has(act.thing))
      report('dangling', where, act.kind === 'set' ? { control: act.control } : { thing: act.thing });
    for (const step of steps ?? []) if (!index.steps.has(step)) report('dangling', where, { step });
    if (!unless) continue;
    reportFlaws(unless, `safety.${id}`, null, index, {}, report);
    for (const { leaf, path } of leavesOf(unless, `safety.${id}`))
      if (!isStanding(leaf)) report('never_fulfilled', { path }, { kind: leaf.kind });
  }
}

const isStanding = ({ kind }: Leaf): boolean =>
  ['value', 'control', 'variable', 'mounted', 'placed', 'worn'].includes(kind);
