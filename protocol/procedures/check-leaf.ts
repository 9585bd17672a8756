import type { CheckFinding, CheckKey } from './check-findings.ts';
import type { Leaf, Question } from './condition.ts';
import { convert, isSameQuantity, type Range, type Unit } from './measure.ts';
import { needsOf, type ProcedureIndex, type StepFacts } from './procedure-index.ts';
import { turnsOf, type Symmetry } from './symmetry.ts';

/** What is wrong with one condition by itself. With an error in it, it never holds. */
export type Flaw = readonly [key: CheckKey, facts: CheckFinding['facts']];

export function flawsOf(leaf: Leaf, index: ProcedureIndex, step: StepFacts | null): Flaw[] {
  return [...ownFlaws(leaf, index), ...(step ? lockFlaws(leaf, index, step) : [])];
}

function ownFlaws(leaf: Leaf, index: ProcedureIndex): Flaw[] {
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
    case 'gaze':
      return missing('thing', leaf.thing, index.things);
    case 'placed':
      return placedFlaws(leaf, index);
    case 'mounted': {
      const flaws = leaf.things.flatMap((thing) => missing('thing', thing, index.things));
      const isTwice = leaf.isOrdered && new Set(leaf.things).size < leaf.things.length;
      return isTwice ? [...flaws, ['impossible_order', {}]] : flaws;
    }
    case 'toolUsed': {
      const flaws = [...missing('thing', leaf.thing, index.things), ...missing('tool', leaf.tool, index.tools)];
      const allowed = index.things.get(leaf.thing)?.tools ?? [];
      if (allowed.length > 0 && !allowed.includes(leaf.tool))
        flaws.push(['tool_not_allowed', { tool: leaf.tool, thing: leaf.thing }]);
      const tool = index.tools.get(leaf.tool);
      if (!leaf.result || !tool) return flaws;
      if (tool.unit === null || !isSameQuantity(tool.unit, leaf.result.unit))
        flaws.push(['unit_mismatch', { tool: leaf.tool, unit: leaf.result.unit, has: tool.unit }]);
      return [...flaws, ...rangeFlaws(leaf.result)];
    }
    case 'value': {
      const sensor = index.sensors.get(leaf.sensor);
      if (!sensor) return missing('sensor', leaf.sensor, index.sensors);
      return instrumentFlaws(leaf.range, sensor.unit, sensor.minimum, sensor.maximum);
    }
    case 'control': {
      const control = index.controls.get(leaf.control);
      if (!control) return missing('control', leaf.control, index.controls);
      const { setting } = control;
      if (leaf.setting.kind === 'positions') {
        if (setting.kind !== 'positions') return [['wrong_setting', { control: leaf.control }]];
        const strangers = leaf.setting.positions.filter((position) => !setting.positions.includes(position));
        if (strangers.length === 0 && leaf.setting.positions.length > 0) return [];
        return [['unknown_position', { control: leaf.control, position: strangers.join(' ') }]];
      }
      if (setting.kind !== 'number') return [['wrong_setting', { control: leaf.control }]];
      return instrumentFlaws(leaf.setting.range, setting.unit, setting.minimum, setting.maximum);
    }
    case 'variable': {
      const variable = index.variables.get(leaf.variable);
      if (!variable) return missing('variable', leaf.variable, index.variables);
      const kind = leaf.is.kind === 'range' ? 'number' : typeof leaf.is.value;
      if (typeof variable.initial !== kind) return [['wrong_kind', { variable: leaf.variable, kind }]];
      if (leaf.is.kind === 'equal') return [];
      return (leaf.is.minimum ?? -Infinity) > (leaf.is.maximum ?? Infinity) ? [['empty_range', {}]] : [];
    }
    case 'answered':
      return questionFlaws(leaf.answer);
    case 'worn':
      return leaf.things.flatMap((thing): Flaw[] => {
        const kind = index.things.get(thing)?.kind;
        return kind && kind !== 'protection' ? [['not_protective', { thing }]] : missing('thing', thing, index.things);
      });
    case 'dwell':
      return missing('place', leaf.place, index.places);
    case 'number': {
      const variable = index.variables.get(leaf.variable);
      if (!variable) return missing('variable', leaf.variable, index.variables);
      const isOther = variable.unit !== null && !isSameQuantity(variable.unit, leaf.range.unit);
      return [...(isOther ? [['unit_mismatch', { unit: leaf.range.unit }] as const] : []), ...rangeFlaws(leaf.range)];
    }
    case 'approved':
      return missing('role', leaf.role, index.roles);
    case 'opaque':
      return [['opaque', { format: leaf.format, type: leaf.type }]];
    case 'checklist':
    case 'timeout':
    case 'spoken':
    case 'confirmed':
      return [];
  }
}

function placedFlaws(leaf: Extract<Leaf, { kind: 'placed' }>, index: ProcedureIndex): Flaw[] {
  const flaws = missing('thing', leaf.thing, index.things);
  if (!(leaf.toleranceM > 0 && leaf.toleranceRad > 0))
    flaws.push(['impossible_tolerance', { toleranceM: leaf.toleranceM, toleranceRad: leaf.toleranceRad }]);
  const thing = index.things.get(leaf.thing);
  const hasFrame = (id: string | null, of = thing) => id === null || of?.frames.some((frame) => frame.id === id);
  if (thing && !hasFrame(leaf.frame)) flaws.push(['dangling', { frame: leaf.frame }]);
  if (leaf.symmetry && isTooLarge(leaf.symmetry)) flaws.push(['symmetry_too_large', {}]);
  if (leaf.reference.kind === 'room') return flaws;
  const { thing: other, frame } = leaf.reference;
  if (other === leaf.thing) flaws.push(['placed_on_itself', { thing: other }]);
  const reference = index.things.get(other);
  if (reference && !hasFrame(frame, reference)) flaws.push(['dangling', { frame }]);
  return [...flaws, ...missing('thing', other, index.things)];
}

export const isTooLarge = (symmetry: Symmetry): boolean => symmetry.kind === 'group' && turnsOf(symmetry) === null;

function lockFlaws(leaf: Leaf, index: ProcedureIndex, step: StepFacts): Flaw[] {
  const needs = needsOf(leaf);
  const flaws: Flaw[] = [];
  for (const thing of needs.things) {
    const isTaken = leaf.kind === 'grabbed' || leaf.kind === 'released' || leaf.kind === 'placed';
    if (isTaken && index.things.get(thing)?.isFixed) flaws.push(['fixed', { thing }]);
    if (!step.things.has(thing)) flaws.push(['locked', { thing }]);
  }
  for (const tool of needs.tools) if (!step.tools.has(tool)) flaws.push(['locked', { tool }]);
  for (const control of needs.controls) if (!step.controls.has(control)) flaws.push(['locked', { control }]);
  return flaws;
}

function rangeFlaws(range: Range): Flaw[] {
  const { minimum, maximum } = range;
  if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
  return [['empty_range', { minimum, maximum, unit: range.unit }]];
}

function instrumentFlaws(range: Range, unit: Unit, minimum: number, maximum: number): Flaw[] {
  const [lowest, highest] = [convert(minimum, unit, range.unit), convert(maximum, unit, range.unit)];
  if (lowest === null || highest === null) return [['unit_mismatch', { unit: range.unit, has: unit }]];
  const flaws = rangeFlaws(range);
  if (flaws.length > 0) return flaws;
  const isOutside = (range.minimum ?? -Infinity) > highest || (range.maximum ?? Infinity) < lowest;
  return isOutside ? [['outside_range', { minimum, maximum, unit }]] : [];
}

function questionFlaws(question: Question): Flaw[] {
  if (question.kind === 'number') return rangeFlaws(question.range);
  const ids = new Set<string>(question.choices.map(({ id }) => id));
  const correct: string[] = question.kind === 'single' ? [question.correct] : question.correct;
  const isKnown = correct.every((id) => ids.has(id)) && new Set(correct).size === correct.length;
  const isWhole = question.kind !== 'order' || correct.length === question.choices.length;
  if (ids.size < question.choices.length) return [['duplicate_id', { what: 'choice' }]];
  return isKnown && isWhole ? [] : [['impossible_answer', { correct: correct.join(' ') }]];
}

const missing = (what: string, id: string, known: ReadonlyMap<string, unknown>): Flaw[] =>
  known.has(id) ? [] : [['dangling', { [what]: id }]];
