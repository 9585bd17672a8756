import { branchesOf, stepsOf, type Chapter, type Procedure, type SafetyRule, type Step } from './procedure.ts';
import { leavesOf, type Leaf, type PlacedLeaf } from './condition.ts';
import type { ControlId, StepId, ThingId, ToolId } from './ids.ts';
import type { Control, Media, Place, Role, Sensor, Station, Thing, Tool, Variable } from './workplace.ts';

/** What is known of a step without running it. */
export interface StepFacts {
  readonly step: Step;
  readonly chapter: Chapter;
  /** Leaves of all transitions; paths start with the transition's index. */
  readonly leaves: readonly PlacedLeaf[];
  readonly things: ReadonlySet<string>;
  readonly tools: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
}

/** The procedure by id. Built once per document; of two things with one id the first counts. */
export interface ProcedureIndex {
  readonly procedure: Procedure;
  readonly steps: ReadonlyMap<string, StepFacts>;
  readonly chapters: ReadonlyMap<string, Chapter>;
  readonly things: ReadonlyMap<string, Thing>;
  readonly places: ReadonlyMap<string, Place>;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly sensors: ReadonlyMap<string, Sensor>;
  readonly controls: ReadonlyMap<string, Control>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly stations: ReadonlyMap<string, Station>;
  readonly media: ReadonlyMap<string, Media>;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Steps that unlock a thing, tool or control: `thing:<id>`, … */
  readonly unlockedBy: ReadonlyMap<string, readonly StepId[]>;
  /** By act: `grab:<id>`, `set:<id>`, … */
  readonly rules: ReadonlyMap<string, readonly SafetyRule[]>;
}

/** Documents are immutable: an index lives as long as its procedure. */
const known = new WeakMap<Procedure, ProcedureIndex>();

export function indexOf(procedure: Procedure): ProcedureIndex {
  const found = known.get(procedure);
  if (found) return found;
  const { workplace } = procedure;
  const steps = new Map<string, StepFacts>();
  const unlockedBy = new Map<string, StepId[]>();
  for (const { chapter, step } of stepsOf(procedure)) {
    if (steps.has(step.id)) continue;
    const facts = factsOf(step, chapter);
    steps.set(step.id, facts);
    for (const kind of ['thing', 'tool', 'control'] as const)
      for (const id of facts[`${kind}s`]) push(unlockedBy, `${kind}:${id}`, step.id);
  }
  const rules = new Map<string, SafetyRule[]>();
  for (const rule of procedure.safety)
    push(rules, rule.act.kind === 'set' ? `set:${rule.act.control}` : `${rule.act.kind}:${rule.act.thing}`, rule);
  const index: ProcedureIndex = {
    procedure,
    steps,
    chapters: byId([...procedure.chapters, ...procedure.subchapters]),
    things: byId(workplace.things),
    places: byId(workplace.places),
    tools: byId(workplace.tools),
    sensors: byId(workplace.sensors),
    controls: byId(workplace.controls),
    roles: byId(workplace.roles),
    stations: byId(workplace.stations),
    media: byId(workplace.media),
    variables: byId(procedure.variables),
    unlockedBy,
    rules,
  };
  known.set(procedure, index);
  return index;
}

function factsOf(step: Step, chapter: Chapter): StepFacts {
  const leaves = step.transitions.flatMap((transition, at) =>
    transition.conditions.flatMap((condition, index) => leavesOf(condition, `${at}.${index}`)),
  );
  const things = new Set<string>(step.unlocks.things);
  const tools = new Set<string>(step.unlocks.tools);
  const controls = new Set<string>(step.unlocks.controls);
  if (step.unlocks.needed)
    for (const { leaf } of leaves) {
      const needs = needsOf(leaf);
      needs.things.forEach((id) => things.add(id));
      needs.tools.forEach((id) => tools.add(id));
      needs.controls.forEach((id) => controls.add(id));
    }
  return { step, chapter, leaves, things, tools, controls };
}

interface Needs {
  readonly things: readonly ThingId[];
  readonly tools: readonly ToolId[];
  readonly controls: readonly ControlId[];
}
const NOTHING: Needs = { things: [], tools: [], controls: [] };

/** What a person must be able to take or set for the condition to hold. */
export function needsOf(leaf: Leaf): Needs {
  switch (leaf.kind) {
    case 'grabbed':
    case 'released':
    case 'used':
    case 'placed':
      return { ...NOTHING, things: [leaf.thing] };
    case 'mounted':
      return { ...NOTHING, things: leaf.things };
    case 'toolUsed':
      return { ...NOTHING, things: [leaf.thing], tools: [leaf.tool] };
    case 'control':
      return { ...NOTHING, controls: [leaf.control] };
    // Touching, looking, wearing and speaking are never locked.
    case 'touched':
    case 'gaze':
    case 'worn':
    case 'value':
    case 'variable':
    case 'answered':
    case 'checklist':
    case 'dwell':
    case 'timeout':
    case 'spoken':
    case 'number':
    case 'approved':
    case 'confirmed':
    case 'opaque':
      return NOTHING;
  }
}

/** A chapter with all that runs inside its steps, itself first. */
export function chaptersWithin(index: ProcedureIndex, root: string): Chapter[] {
  const found = new Map<string, Chapter>();
  const queue = [root];
  for (const id of queue) {
    const chapter = index.chapters.get(id);
    if (!chapter || found.has(id)) continue;
    found.set(id, chapter);
    for (const step of chapter.steps) queue.push(...branchesOf(step.body));
  }
  return [...found.values()];
}

function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const one of list) if (!map.has(one.id)) map.set(one.id, one);
  return map;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
