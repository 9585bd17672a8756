import { composePose, IDENTITY_POSE, invertPose, type Pose, type Vec3 } from '../spatial/pose.ts';
import { planDisassembly, type AssembledPart, type Disassembly, type DisassemblyOptions } from './disassembly.ts';
import { Procedure } from './procedure.ts';
import { DEFAULT_RUBRIC } from './rubric.ts';
import type { Text } from './text.ts';
import { EMPTY_WORKPLACE } from './workplace.ts';
import type { Symmetry } from './symmetry.ts';

export interface ProposedPart extends AssembledPart {
  /** The part in the design, when it is one. */
  readonly part: string | null;
  readonly name: Text;
  readonly symmetry?: Symmetry;
  /** Parts with the same one look alike: the screws of a pattern. */
  readonly like?: string;
}

export interface ProposeOptions extends DisassemblyOptions {
  readonly id: string;
  readonly title: Text;
  readonly languages: readonly string[];
  readonly design: string | null;
  readonly toleranceM?: number;
  readonly toleranceRad?: number;
  /** What a step says about a part, or about so many alike, by language. */
  readonly say?: (name: string, language: string, count: number) => string;
  /** What a unit of several parts is called after its base. */
  readonly sayUnit?: (base: string, language: string) => string;
}

const DEFAULTS = { toleranceM: 0.01, toleranceRad: 0.17 };
/** What stands on the bench may stand where there is room for it. */
const BENCH = { toleranceM: 0.1, toleranceRad: 0.5 };
const MOVE_MS = 2000;
const STEP_GAP_PX = 120;
/** Units are put together beside the product and beside each other, with so much between, metres. */
const BESIDE_M = 0.15;
/** A pattern is put in by one step up to so many; more are more steps. */
const MOST_TOGETHER = 12;
/** Ghosts of a unit that is mounted: its largest parts. */
const MOST_GHOSTS = 4;
const SENTENCES: Record<string, (name: string, count: number) => string> = {
  en: (name, count) => (count > 1 ? `Put in all ${count}: ${name}` : `Put on: ${name}`),
  zh: (name, count) => (count > 1 ? `装入全部 ${count} 件：${name}` : `装上：${name}`),
};
const UNITS: Record<string, (base: string) => string> = {
  en: (base) => `Unit: ${base}`,
  zh: (base) => `组件：${base}`,
};

/** One thing that is put in its place by a step. */
interface Placing {
  readonly id: string;
  readonly directionInRoom: Vec3;
  readonly distanceM: number;
  /** What goes over it later: it cannot be put in together with that. */
  readonly under: readonly string[];
}
interface PlannedStep {
  readonly placings: readonly Placing[];
  /** All parts that come along: of a unit more than those that are placed. */
  readonly parts: readonly string[];
}
interface PlannedChapter {
  readonly title: Text;
  readonly base: string;
  /** Null: the product itself; else the number of the unit, which is put together beside it. */
  readonly unit: number | null;
  readonly steps: readonly PlannedStep[];
}

/**
 * A first procedure from a finished assembly: the order of disassembly backwards. Parts that look alike and go in the
 * same way are one step; a unit that only comes out as a whole is put together on the bench in a chapter of its own and
 * mounted then. Each step has its part highlighted, a ghost that moves in the way it would come out, and a placement to
 * be checked. The base of each chapter is placed in the room, all else relative to it, so the work can stand anywhere. An
 * author goes on from here.
 *
 * What is stuck by straight moves is placed together at the beginning, as the base: `disassembly.stuck` names it.
 */
export function proposeProcedure(
  parts: readonly ProposedPart[],
  options: ProposeOptions,
): { procedure: Procedure; disassembly: Disassembly } {
  const disassembly = planDisassembly(parts, options);
  const byId = new Map(parts.map((part) => [part.id, part]));
  const chapters = chaptersOf(disassembly, byId, options);
  let steps = 0;
  const procedure = Procedure.parse({
    v: 1,
    id: options.id,
    title: options.title,
    description: {},
    languages: options.languages,
    design: options.design,
    chapters: chapters.map((chapter) => {
      const first = steps;
      steps += chapter.steps.length;
      return {
        id: chapter.unit === null ? 'assembly' : `unit-${chapter.unit + 1}`,
        title: chapter.title,
        first: stepIdOf(first),
        steps: chapter.steps.map((_, at) => stepOf(chapter, at, first, byId, options)),
      };
    }),
    subchapters: [],
    variables: [],
    workplace: { ...EMPTY_WORKPLACE, things: parts.map(thingOf) },
    safety: [],
    rubric: DEFAULT_RUBRIC,
  });
  return { procedure, disassembly };
}

/** Units first, in the order in which they are needed, then the product. */
function chaptersOf(
  disassembly: Disassembly,
  byId: ReadonlyMap<string, ProposedPart>,
  options: ProposeOptions,
): PlannedChapter[] {
  const chapters: PlannedChapter[] = [];
  let units = 0;
  const plan = ({ removals, stuck }: Disassembly, isUnit: boolean): string => {
    const still = { directionInRoom: [0, 1, 0] as Vec3, distanceM: 0.1, under: [] };
    const steps: PlannedStep[] = stuck.map((id) => ({ placings: [{ id, ...still }], parts: [id] }));
    for (const { parts, inside, directionInRoom, distanceM, after } of removals.toReversed()) {
      const id = inside ? plan(inside, true) : parts[0]!;
      const placing = { id, directionInRoom, distanceM, under: after };
      const before = steps.at(-1);
      // The base stands alone: all else is placed relative to it.
      if (before && steps.length > 1 && goTogether(before, placing, inside !== null, byId))
        steps[steps.length - 1] = { placings: [...before.placings, placing], parts: [...before.parts, ...parts] };
      else steps.push({ placings: [placing], parts });
    }
    const base = steps[0]?.placings[0]?.id ?? '';
    const title = isUnit ? titleOfUnit(byId.get(base)!.name, options) : options.title;
    if (steps.length > 0) chapters.push({ title, base, unit: isUnit ? units++ : null, steps });
    return base;
  };
  plan(disassembly, false);
  return chapters;
}

function goTogether(
  { placings, parts }: PlannedStep,
  next: Placing,
  isUnit: boolean,
  byId: ReadonlyMap<string, ProposedPart>,
): boolean {
  const [first] = placings;
  const like = byId.get(first!.id)!.like;
  return (
    !isUnit &&
    parts.length === placings.length &&
    placings.length < MOST_TOGETHER &&
    like !== undefined &&
    byId.get(next.id)!.like === like &&
    placings.every(({ under }) => !under.includes(next.id)) &&
    first!.directionInRoom.every((value, axis) => Math.abs(value - next.directionInRoom[axis]!) < 1e-6)
  );
}

function stepOf(
  { base, unit, steps }: PlannedChapter,
  at: number,
  first: number,
  byId: ReadonlyMap<string, ProposedPart>,
  options: ProposeOptions,
): object {
  const { placings, parts } = steps[at]!;
  const { toleranceM, toleranceRad } = { ...DEFAULTS, ...options };
  const aside = unit === null ? null : asideOf(unit, byId);
  const poseOf = (id: string): Pose => {
    const pose = byId.get(id)!.poseInRoom;
    return aside ? shifted(pose, aside, 1) : pose;
  };
  const basePose = base ? poseOf(base) : IDENTITY_POSE;
  const every = { stage: 'enter', isBlocking: false, durationMs: MOVE_MS, modes: null };
  const name = byId.get(placings[0]!.id)!.name;
  const ghosts = placings.flatMap(({ id, directionInRoom, distanceM }) => {
    // Of a unit its largest parts show the way: all of them would hide it.
    const shown =
      parts.length > placings.length ? [id, ...parts.filter((one) => one !== id)].slice(0, MOST_GHOSTS) : [id];
    return shown.map((thing) => ({
      ...{ ...every, kind: 'ghostMotion', thing },
      motion: {
        kind: 'computed',
        frames: [
          { atMs: 0, poseInRoom: shifted(poseOf(thing), directionInRoom, distanceM) },
          { atMs: MOVE_MS, poseInRoom: poseOf(thing) },
        ],
      },
    }));
  });
  return {
    id: stepIdOf(first + at),
    title: placings.length > 1 ? counted(name, placings.length) : name,
    instruction: Object.fromEntries(
      options.languages.map((language) => [language, sentence(name, language, placings.length, options)]),
    ),
    body: { kind: 'ordinary' },
    isOptional: false,
    timeLimitMs: null,
    retry: null,
    role: null,
    station: null,
    behaviours: [
      {
        ...{ ...every, kind: 'highlight' },
        targets: parts.slice(0, 50).map((thing) => ({ kind: 'thing', thing, frame: null })),
      },
      ...ghosts,
    ],
    transitions: [
      {
        id: 'placed',
        conditions: placings.map(({ id }) => ({
          kind: 'placed',
          thing: id,
          frame: null,
          reference: at === 0 ? { kind: 'room' } : { kind: 'thing', thing: base, frame: null },
          target: at === 0 ? poseOf(id) : composePose(invertPose(basePose), poseOf(id)),
          ...(at === 0 ? BENCH : { toleranceM, toleranceRad }),
          symmetry: null,
        })),
        to: at + 1 < steps.length ? stepIdOf(first + at + 1) : null,
        interrupts: false,
      },
    ],
    unlocks: { needed: true, things: [], tools: [], controls: [] },
    hints: [],
    position: { x: 0, y: at * STEP_GAP_PX },
  };
}

/** Where a unit is put together: beside the product, one after another. */
function asideOf(unit: number, byId: ReadonlyMap<string, ProposedPart>): Vec3 {
  let [low, high] = [Infinity, -Infinity];
  for (const { poseInRoom } of byId.values()) {
    low = Math.min(low, poseInRoom.position[0]);
    high = Math.max(high, poseInRoom.position[0]);
  }
  return [-(unit + 1) * (high - low + BESIDE_M), 0, 0];
}

const thingOf = ({ id, part, name, symmetry = { kind: 'none' } }: ProposedPart): object => ({
  id,
  part,
  name,
  symmetry,
  kind: 'part',
  frames: [],
  tools: [],
  isFixed: false,
  poseInRoom: null,
});

const counted = (name: Text, count: number): Text =>
  Object.fromEntries(Object.entries(name).map(([language, words]) => [language, `${words} × ${count}`]));

const titleOfUnit = (name: Text, { languages, sayUnit }: ProposeOptions): Text =>
  Object.fromEntries(
    languages.map((language) => {
      const words = name[language] ?? name[languages[0]!] ?? '';
      return [language, sayUnit?.(words, language) ?? (UNITS[language] ?? UNITS['en']!)(words)];
    }),
  );

const stepIdOf = (at: number): string => `step-${at + 1}`;

function sentence(name: Text, language: string, count: number, { say, languages }: ProposeOptions): string {
  const words = name[language] ?? name[languages[0]!] ?? '';
  return say?.(words, language, count) ?? (SENTENCES[language] ?? SENTENCES['en']!)(words, count);
}

const shifted = ({ position, rotation }: Pose, direction: Vec3, distanceM: number): Pose => ({
  position: [0, 1, 2].map((axis) => position[axis]! + direction[axis]! * distanceM) as unknown as Vec3,
  rotation,
});
