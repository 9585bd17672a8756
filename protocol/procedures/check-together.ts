import type { CheckKey } from './check-findings.ts';
import type { Condition, Leaf } from './condition.ts';
import { convert, type Unit } from './measure.ts';
import type { ProcedureIndex } from './procedure-index.ts';
import { equalData } from '../document/document.ts';

/**
 * Whether conditions can hold together. A combination is written as alternatives, each a list of leaves that must hold
 * or must not; an alternative without contradiction is a way to fulfil it.
 */
export interface Literal {
  readonly leaf: Leaf;
  readonly isNegated: boolean;
}
const MAX_ALTERNATIVES = 256;
const MAX_DEPTH = 8;

/** Alternatives of the conditions taken together; null: too many. */
export function alternativesOf(conditions: readonly Condition[]): Literal[][] | null {
  return together(conditions.map((condition) => alternatives(condition, false)));
}

function alternatives(condition: Condition, isNegated: boolean): Literal[][] | null {
  switch (condition.kind) {
    case 'not':
      return alternatives(condition.of, !isNegated);
    case 'all':
    case 'any': {
      const inner = condition.of.map((one) => alternatives(one, isNegated));
      return (condition.kind === 'all') === isNegated ? either(inner) : together(inner);
    }
    case 'atLeast': {
      const needed = isNegated ? condition.of.length - condition.count + 1 : condition.count;
      const inner = condition.of.map((one) => alternatives(one, isNegated));
      if (needed <= 0) return [[]];
      const sets = choose(inner.length, needed);
      return sets && either(sets.map((set) => together(set.map((at) => inner[at]!))));
    }
    default:
      return [[{ leaf: condition, isNegated }]];
  }
}

function either(parts: readonly (Literal[][] | null)[]): Literal[][] | null {
  if (parts.some((part) => part === null)) return null;
  const all = parts.flatMap((part) => part!);
  return all.length > MAX_ALTERNATIVES ? null : all;
}

function together(parts: readonly (Literal[][] | null)[]): Literal[][] | null {
  let result: Literal[][] = [[]];
  for (const part of parts) {
    if (part === null || result.length * part.length > MAX_ALTERNATIVES) return null;
    result = result.flatMap((left) => part.map((right) => [...left, ...right]));
  }
  return result;
}

/** All sets of `count` out of 0..n-1, or null when there are too many. */
function choose(n: number, count: number): number[][] | null {
  let sets: number[][] = [[]];
  for (let i = 0; i < n; i++) {
    sets = [...sets, ...sets.filter((set) => set.length < count).map((set) => [...set, i])];
    // What can no longer become long enough is dropped at once.
    sets = sets.filter((set) => set.length + n - i - 1 >= count);
    if (sets.length > 4 * MAX_ALTERNATIVES) return null;
  }
  return sets.filter((set) => set.length === count);
}

export const isTooDeep = (condition: Condition, depth = 0): boolean => {
  if (depth > MAX_DEPTH) return true;
  if (condition.kind === 'not') return isTooDeep(condition.of, depth + 1);
  return 'of' in condition && condition.of.some((inner) => isTooDeep(inner, depth + 1));
};

/** Why these literals exclude each other for certain (`contradiction`) or perhaps (`may_contradict`), or null. */
export function clashOf(literals: readonly Literal[], index: ProcedureIndex): CheckKey | null {
  if (timesClash(literals, index) || intervalsClash(literals, index) || positionsClash(literals, index))
    return 'contradiction';
  let perhaps = false;
  for (const [at, a] of literals.entries())
    for (const b of literals.slice(at + 1)) {
      if (a.isNegated && b.isNegated) continue;
      if (a.isNegated !== b.isNegated) {
        if (equalData(a.leaf, b.leaf)) return 'contradiction';
        if (shareSubject(a.leaf, b.leaf)) perhaps = true;
      } else if (!equalData(a.leaf, b.leaf) && isExclusive(a.leaf, b.leaf)) perhaps = true;
    }
  return perhaps ? 'may_contradict' : null;
}

/** One thing in two places, or two orders of the same things. */
function isExclusive(a: Leaf, b: Leaf): boolean {
  if (a.kind === 'placed' && b.kind === 'placed') return a.thing === b.thing;
  return a.kind === 'mounted' && b.kind === 'mounted' && a.isOrdered && b.isOrdered && shareSubject(a, b);
}

const shareSubject = (a: Leaf, b: Leaf): boolean => {
  const subjects = subjectsOf(b);
  return subjectsOf(a).some((subject) => subjects.includes(subject));
};

/** What a leaf is about, as far as numbers and positions do not say it exactly. */
function subjectsOf(leaf: Leaf): string[] {
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'touched':
    case 'used':
    case 'placed':
    case 'gaze':
    case 'toolUsed':
      return [`thing:${leaf.thing}`];
    case 'mounted':
    case 'worn':
      return leaf.things.map((thing) => `thing:${thing}`);
    case 'variable':
    case 'number':
      return [`variable:${leaf.variable}`];
    case 'checklist':
      return leaf.items.map(({ id }) => `item:${id}`);
    case 'dwell':
      return [`place:${leaf.place}`];
    case 'spoken':
      return [`command:${leaf.command}`];
    case 'approved':
      return ['approved'];
    case 'answered':
    case 'confirmed':
    case 'timeout':
    case 'value':
    case 'control':
    case 'opaque':
      return [];
  }
}

type Reading = Extract<Leaf, { kind: 'value' | 'control' }>;
const isReading = (leaf: Leaf): leaf is Reading => leaf.kind === 'value' || leaf.kind === 'control';

/** Something must not last as long as something else must. */
function timesClash(literals: readonly Literal[], index: ProcedureIndex): boolean {
  for (const { leaf, isNegated } of literals) {
    if (!isNegated || !isReading(leaf) || leaf.holdMs === 0) continue;
    // What has to last at least as long, taken together with "not this", without a break.
    const { holdMs } = leaf;
    const lasting = literals.filter((one) => !one.isNegated && isReading(one.leaf) && one.leaf.holdMs >= holdMs);
    if (lasting.length === 0) continue;
    const now = [...lasting, { leaf, isNegated }].map((one) => ({ ...one, leaf: { ...one.leaf, holdMs: 0 } as Leaf }));
    if (intervalsClash(now, index) || positionsClash(now, index)) return true;
  }
  let longestMs = 0;
  let endsMs = Infinity;
  for (const { leaf, isNegated } of literals) {
    if (leaf.kind === 'timeout' && isNegated) endsMs = Math.min(endsMs, leaf.afterMs);
    else if (!isNegated) {
      if (leaf.kind === 'timeout') longestMs = Math.max(longestMs, leaf.afterMs);
      else if (leaf.kind === 'value' || leaf.kind === 'control') longestMs = Math.max(longestMs, leaf.holdMs);
      else if (leaf.kind === 'gaze' || leaf.kind === 'dwell') longestMs = Math.max(longestMs, leaf.durationMs);
    }
  }
  return longestMs >= endsMs;
}

/** Numbers of one sensor, control or variable: the intersection of what must be, without what must not. */
function intervalsClash(literals: readonly Literal[], index: ProcedureIndex): boolean {
  const bySource = new Map<string, { low: number; high: number; holes: [number, number][] }>();
  for (const { leaf, isNegated } of literals) {
    const read = intervalOf(leaf, index);
    if (!read) continue;
    const known = bySource.get(read.source) ?? { low: read.lowest, high: read.highest, holes: [] };
    bySource.set(read.source, known);
    // "Not for a while" leaves the value itself free.
    if (isNegated && read.holdMs === 0) known.holes.push([read.low, read.high]);
    if (isNegated) continue;
    known.low = Math.max(known.low, read.low);
    known.high = Math.min(known.high, read.high);
  }
  return [...bySource.values()].some(({ low, high, holes }) => {
    if (low > high) return true;
    let reached = low;
    let isCovered = false;
    for (const [from, to] of holes.sort((a, b) => a[0] - b[0])) {
      if (from > reached) break;
      if (to >= high) isCovered = true;
      reached = Math.max(reached, to);
    }
    return isCovered;
  });
}

function intervalOf(leaf: Leaf, index: ProcedureIndex) {
  if (leaf.kind === 'value') {
    const sensor = index.sensors.get(leaf.sensor);
    return sensor && interval(`value:${leaf.sensor}`, leaf.range, sensor, leaf.holdMs);
  }
  if (leaf.kind === 'control' && leaf.setting.kind === 'number') {
    const setting = index.controls.get(leaf.control)?.setting;
    if (setting?.kind === 'number')
      return interval(`control:${leaf.control}`, leaf.setting.range, setting, leaf.holdMs);
  }
  if (leaf.kind === 'variable' && leaf.is.kind === 'range') {
    const { minimum, maximum } = leaf.is;
    const [low, high] = [minimum ?? -Infinity, maximum ?? Infinity];
    return { source: `variable:${leaf.variable}`, low, high, lowest: -Infinity, highest: Infinity, holdMs: 0 };
  }
  return null;
}

function interval(
  source: string,
  range: { minimum?: number; maximum?: number; unit: Unit },
  instrument: { unit: Unit; minimum: number; maximum: number },
  holdMs: number,
) {
  const inOwn = (value: number | undefined, open: number) =>
    value === undefined ? open : (convert(value, range.unit, instrument.unit) ?? Number.NaN);
  const [low, high] = [inOwn(range.minimum, -Infinity), inOwn(range.maximum, Infinity)];
  return { source, low, high, lowest: instrument.minimum, highest: instrument.maximum, holdMs };
}

function positionsClash(literals: readonly Literal[], index: ProcedureIndex): boolean {
  const left = new Map<string, Set<string>>();
  for (const { leaf, isNegated } of literals) {
    if (leaf.kind !== 'control' || leaf.setting.kind !== 'positions') continue;
    const setting = index.controls.get(leaf.control)?.setting;
    if (setting?.kind !== 'positions' || (isNegated && leaf.holdMs > 0)) continue;
    const wanted = leaf.setting.positions as readonly string[];
    const before = left.get(leaf.control) ?? new Set<string>(setting.positions);
    left.set(leaf.control, new Set([...before].filter((position) => wanted.includes(position) !== isNegated)));
  }
  return [...left].some(([, positions]) => positions.size === 0) && literals.some(({ isNegated }) => !isNegated);
}
