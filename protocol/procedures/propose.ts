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
}

export interface ProposeOptions extends DisassemblyOptions {
  readonly id: string;
  readonly title: Text;
  readonly languages: readonly string[];
  readonly design: string | null;
  readonly toleranceM?: number;
  readonly toleranceRad?: number;
  /** What a step says about a part, by language. */
  readonly say?: (name: string, language: string) => string;
}

const DEFAULTS = { toleranceM: 0.01, toleranceRad: 0.17 };
const MOVE_MS = 2000;
const SENTENCES: Record<string, (name: string) => string> = { zh: (name) => `装上：${name}` };

/**
 * A first procedure from a finished assembly: the order of disassembly backwards, one step for each part, with the part
 * highlighted, a ghost that moves in the way it would come out, and a placement to be checked. The first part is placed
 * in the room, all others relative to it, so the work can stand anywhere. An author goes on from here.
 *
 * What is stuck by straight moves is placed together at the beginning, as the base: `disassembly.stuck` names it.
 */
export function proposeProcedure(
  parts: readonly ProposedPart[],
  options: ProposeOptions,
): { procedure: Procedure; disassembly: Disassembly } {
  const disassembly = planDisassembly(parts, options);
  const byId = new Map(parts.map((part) => [part.id, part]));
  const still = { directionInRoom: [0, 1, 0] as Vec3, distanceM: 0.1 };
  const order = [...disassembly.stuck.map((part) => ({ part, ...still })), ...[...disassembly.removals].reverse()];
  const [base] = order;
  const basePose = base ? byId.get(base.part)!.poseInRoom : IDENTITY_POSE;
  const { toleranceM, toleranceRad } = { ...DEFAULTS, ...options };
  const steps = order.map(({ part: id, directionInRoom, distanceM }, at) => {
    const part = byId.get(id)!;
    const start = shifted(part.poseInRoom, directionInRoom, distanceM);
    const every = { stage: 'enter', isBlocking: false, durationMs: MOVE_MS, modes: null };
    const motion = {
      kind: 'computed',
      frames: [
        { atMs: 0, poseInRoom: start },
        { atMs: MOVE_MS, poseInRoom: part.poseInRoom },
      ],
    };
    return {
      id: stepIdOf(at),
      title: part.name,
      instruction: Object.fromEntries(
        options.languages.map((language) => [language, sentence(part.name, language, options)]),
      ),
      body: { kind: 'ordinary' },
      isOptional: false,
      timeLimitMs: null,
      retry: null,
      role: null,
      station: null,
      behaviours: [
        { ...every, kind: 'highlight', targets: [{ kind: 'thing', thing: id, frame: null }] },
        { ...every, kind: 'ghostMotion', thing: id, motion },
      ],
      transitions: [
        {
          id: 'placed',
          conditions: [
            {
              kind: 'placed',
              thing: id,
              frame: null,
              reference: at === 0 ? { kind: 'room' } : { kind: 'thing', thing: base!.part, frame: null },
              target: at === 0 ? part.poseInRoom : composePose(invertPose(basePose), part.poseInRoom),
              toleranceM: at === 0 ? 0.1 : toleranceM,
              toleranceRad: at === 0 ? 0.5 : toleranceRad,
              symmetry: null,
            },
          ],
          to: at + 1 < order.length ? stepIdOf(at + 1) : null,
          interrupts: false,
        },
      ],
      unlocks: { needed: true, things: [], tools: [], controls: [] },
      hints: [],
      position: { x: 0, y: at * 120 },
    };
  });
  const things = parts.map(({ id, part, name, symmetry = { kind: 'none' } }) => ({
    id,
    part,
    name,
    symmetry,
    kind: 'part',
    frames: [],
    tools: [],
    isFixed: false,
    poseInRoom: null,
  }));
  const procedure = Procedure.parse({
    v: 1,
    id: options.id,
    title: options.title,
    description: {},
    languages: options.languages,
    design: options.design,
    chapters: [{ id: 'assembly', title: options.title, first: stepIdOf(0), steps }],
    subchapters: [],
    variables: [],
    workplace: { ...EMPTY_WORKPLACE, things },
    safety: [],
    rubric: DEFAULT_RUBRIC,
  });
  return { procedure, disassembly };
}

const stepIdOf = (at: number): string => `step-${at + 1}`;

function sentence(name: Text, language: string, { say, languages }: ProposeOptions): string {
  const words = name[language] ?? name[languages[0]!] ?? '';
  return say?.(words, language) ?? SENTENCES[language]?.(words) ?? `Put on: ${words}`;
}

const shifted = ({ position, rotation }: Pose, direction: Vec3, distanceM: number): Pose => ({
  position: [0, 1, 2].map((axis) => position[axis]! + direction[axis]! * distanceM) as unknown as Vec3,
  rotation,
});
