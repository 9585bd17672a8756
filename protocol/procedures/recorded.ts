import { composePose, invertPose, type Pose, type Vec3 } from '../spatial/pose.ts';
import { lengthOf } from './arithmetic.ts';
import {
  differenceOf,
  MOTION_BOUNDS,
  seenFrom,
  simplifyMotion,
  type MotionBounds,
  type MotionFrame,
} from './motion.ts';
import { Procedure } from './procedure.ts';
import { DEFAULT_RUBRIC } from './rubric.ts';
import type { Symmetry } from './symmetry.ts';
import type { Text } from './text.ts';
import { EMPTY_WORKPLACE } from './workplace.ts';

/** In the part's own frame, metres. */
export interface PartBox {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}
export interface StandingPart {
  readonly id: string;
  readonly box: PartBox;
  readonly poseInRoom: Pose;
}
/** A part that plays a role in what was recorded. `id`: as the procedure's thing. */
export interface RecordedPart {
  readonly id: string;
  readonly part: string | null;
  readonly name: Text;
  readonly symmetry: Symmetry;
  /** Where it lay when the recording began. */
  readonly startInRoom: Pose;
}
/** One part, taken, moved and let go. Times in milliseconds since the recording began. */
export interface RecordedMove {
  readonly part: string;
  /** At least one; the last is where it was let go. */
  readonly samples: readonly MotionFrame[];
  /** What it was put onto, where that was then, and the way that went meanwhile when the other hand held it. */
  readonly mount: { readonly part: string; readonly poseInRoom: Pose; readonly track: readonly MotionFrame[] } | null;
  readonly toleranceM: number;
  readonly toleranceRad: number;
  /** Said or typed by who does it. */
  readonly note: string;
  readonly spoken: string | null;
}

export interface RecordedOptions {
  readonly id: string;
  readonly title: Text;
  readonly chapter: Text;
  /** The author's first. */
  readonly languages: readonly string[];
  readonly design: string | null;
  readonly motion?: MotionBounds;
  /** What a step asks for where nobody said anything. */
  readonly say: (part: string, mount: string | null, language: string) => string;
  /** Said in place of a spoken note. */
  readonly spokenNote?: Text;
}

/** Parts nearer than this touch. */
const CONTACT_M = 0.004;
/** In the hand nobody works finer, and beyond the upper end a part is not in its place any more. */
const TOLERANCE = { leastM: 0.003, mostM: 0.015, leastRad: 0.05, mostRad: 0.26 };
/** What stands on the bench may stand where there is room for it. */
const ON_THE_BENCH = { toleranceM: 0.1, toleranceRad: 0.5 };
/** Taken and put back: nothing was done. */
const NOTHING = { m: 0.003, rad: 0.035 };
const STEP_GAP_PX = 120;
const NO_REST_MS = 300;

/**
 * What a part was put onto: what the other hand held there, else the part it lies in or against the most, the smaller of
 * two. Null: it touches nothing. By boxes, so an author looks once over it.
 */
export function mountOf(
  moved: StandingPart,
  others: readonly StandingPart[],
  held: ReadonlySet<string>,
): string | null {
  const touching = others
    .filter((other) => other.id !== moved.id && gapM(moved, other) <= CONTACT_M)
    .map(({ id, box, poseInRoom }) => ({
      id,
      isHeld: held.has(id),
      share: Math.round(overlapShare(moved, { id, box, poseInRoom }) * 10),
      size: volumeOf(box),
    }));
  touching.sort((a, b) => Number(b.isHeld) - Number(a.isHeld) || b.share - a.share || a.size - b.size);
  return touching[0]?.id ?? null;
}

/**
 * How exactly a part must sit: half of what lies between it and the next thing that it could be confused with or hit
 * (a neighbour it does not touch, or the seat of its like), and the turn that moves its rim by as much.
 */
export function proposeTolerance(
  moved: StandingPart,
  others: readonly StandingPart[],
  mount: string | null,
): { toleranceM: number; toleranceRad: number } {
  if (mount === null) return ON_THE_BENCH;
  let freeM = Infinity;
  for (const other of others) {
    if (other.id === moved.id) continue;
    const gap = gapM(moved, other);
    if (gap > CONTACT_M) freeM = Math.min(freeM, gap);
    if (isAlike(moved.box, other.box)) freeM = Math.min(freeM, lengthOf(difference(middleOf(moved), middleOf(other))));
  }
  const toleranceM = within(freeM / 2, TOLERANCE.leastM, TOLERANCE.mostM);
  const reachM = lengthOf(difference(moved.box.max, moved.box.min)) / 2;
  return {
    toleranceM,
    toleranceRad: within(toleranceM / Math.max(reachM, 1e-6), TOLERANCE.leastRad, TOLERANCE.mostRad),
  };
}

/** The same part twice in a row is one step, and what was put back where it lay is none. */
export function joinMoves(moves: readonly RecordedMove[]): RecordedMove[] {
  const joined: RecordedMove[] = [];
  for (const move of moves) {
    const before = joined.at(-1);
    if (before?.part !== move.part) joined.push(move);
    else joined[joined.length - 1] = joinTwo(before, move);
    const is = joined.at(-1)!;
    const off = differenceOf(is.samples[0]!.poseInRoom, is.samples.at(-1)!.poseInRoom);
    if (off.m <= NOTHING.m && off.rad <= NOTHING.rad && !is.note && !is.spoken) joined.pop();
  }
  return joined;
}

function joinTwo(first: RecordedMove, second: RecordedMove): RecordedMove {
  const gapMs = second.samples[0]!.atMs - first.samples.at(-1)!.atMs - NO_REST_MS;
  const later = Math.max(0, gapMs);
  return {
    ...second,
    samples: [...first.samples.map((one) => ({ ...one, atMs: one.atMs + later })), ...second.samples],
    note: [first.note, second.note].filter(Boolean).join(' '),
    spoken: second.spoken ?? first.spoken,
  };
}

/**
 * A draft from what somebody did: one step for each part that was moved, in that order, with the part marked, a ghost
 * that goes the recorded way, and a placement in what it was put onto. Whoever does the same again completes each step.
 * An author goes on from here.
 */
export function recordedProcedure(
  parts: readonly RecordedPart[],
  recorded: readonly RecordedMove[],
  options: RecordedOptions,
): Procedure {
  const byId = new Map(parts.map((part) => [part.id, part]));
  const moves = joinMoves(recorded);
  const [language] = options.languages;
  const media: object[] = [];
  const nameIn = (id: string, inLanguage: string) =>
    byId.get(id)!.name[inLanguage] ?? byId.get(id)!.name[language!] ?? id;
  const steps = moves.map((move, at) => {
    const { part, mount, samples, note, spoken, toleranceM, toleranceRad } = move;
    const end = samples.at(-1)!.poseInRoom;
    const path = mount && mount.track.length > 1 ? seenFrom(samples, mount.track, mount.poseInRoom) : samples;
    const { frames } = simplifyMotion(path, options.motion ?? MOTION_BOUNDS);
    const every = { stage: 'enter', isBlocking: false, durationMs: frames.at(-1)!.atMs, modes: null };
    const behaviours: object[] = [
      { ...every, durationMs: 0, kind: 'highlight', targets: [{ kind: 'thing', thing: part, frame: null }] },
      { ...every, kind: 'ghostMotion', thing: part, motion: { kind: 'computed', frames } },
    ];
    if (spoken) {
      const id = `note-${at + 1}`;
      media.push({
        id,
        kind: 'audio',
        cid: spoken,
        description: note ? { [language!]: note } : (options.spokenNote ?? {}),
      });
      behaviours.push({ ...every, durationMs: 0, kind: 'audio', media: id });
    }
    return {
      id: `step-${at + 1}`,
      title: byId.get(part)!.name,
      instruction: note
        ? { [language!]: note }
        : Object.fromEntries(
            options.languages.map((one) => [
              one,
              options.say(nameIn(part, one), mount && nameIn(mount.part, one), one),
            ]),
          ),
      body: { kind: 'ordinary' },
      isOptional: false,
      timeLimitMs: null,
      retry: null,
      role: null,
      station: null,
      behaviours,
      transitions: [
        {
          id: 'placed',
          conditions: [
            {
              kind: 'placed',
              thing: part,
              frame: null,
              reference: mount ? { kind: 'thing', thing: mount.part, frame: null } : { kind: 'room' },
              target: mount ? composePose(invertPose(mount.poseInRoom), end) : end,
              toleranceM,
              toleranceRad,
              symmetry: null,
            },
          ],
          to: at + 1 < moves.length ? `step-${at + 2}` : null,
          interrupts: false,
        },
      ],
      // Who held the base in the other hand may do so again.
      unlocks: { needed: true, things: mount?.track.length ? [mount.part] : [], tools: [], controls: [] },
      hints: [],
      position: { x: 0, y: at * STEP_GAP_PX },
    };
  });
  return Procedure.parse({
    v: 1,
    id: options.id,
    title: options.title,
    description: {},
    languages: options.languages,
    design: options.design,
    chapters: [{ id: 'recorded', title: options.chapter, first: 'step-1', steps }],
    subchapters: [],
    variables: [],
    workplace: {
      ...EMPTY_WORKPLACE,
      media,
      things: parts.map(({ id, part, name, symmetry, startInRoom }) => ({
        ...{ id, part, name, symmetry, kind: 'part', frames: [], tools: [], isFixed: false },
        poseInRoom: startInRoom,
      })),
    },
    safety: [],
    rubric: DEFAULT_RUBRIC,
  });
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
const difference = (a: readonly number[], b: readonly number[]): number[] => a.map((value, axis) => value - b[axis]!);
const volumeOf = ({ min, max }: PartBox): number => difference(max, min).reduce((product, edge) => product * edge, 1);
const isAlike = (a: PartBox, b: PartBox): boolean =>
  [0, 1, 2].every((axis) => Math.abs(a.max[axis]! - a.min[axis]! - b.max[axis]! + b.min[axis]!) < 1e-6);

function middleOf({ box: { min, max }, poseInRoom }: StandingPart): Vec3 {
  const middle: Vec3 = [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  return composePose(poseInRoom, { position: middle, rotation: [0, 0, 0, 1] }).position;
}

/** Box around a part, seen in the frame of another. */
function boxIn(frame: Pose, { box: { min, max }, poseInRoom }: StandingPart): PartBox {
  const inFrame = composePose(invertPose(frame), poseInRoom);
  const low: [number, number, number] = [Infinity, Infinity, Infinity];
  const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const at: Vec3 = [corner & 1 ? max[0] : min[0], corner & 2 ? max[1] : min[1], corner & 4 ? max[2] : min[2]];
    const { position } = composePose(inFrame, { position: at, rotation: [0, 0, 0, 1] });
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, position[axis]!);
      high[axis] = Math.max(high[axis]!, position[axis]!);
    }
  }
  return { min: low, max: high };
}

/** What surely lies between two parts along a face of one of them; 0: their boxes meet. */
function gapM(a: StandingPart, b: StandingPart): number {
  const along = (own: PartBox, other: PartBox) =>
    Math.max(
      ...[0, 1, 2].map((axis) => Math.max(own.min[axis]! - other.max[axis]!, other.min[axis]! - own.max[axis]!)),
    );
  return Math.max(0, along(a.box, boxIn(a.poseInRoom, b)), along(b.box, boxIn(b.poseInRoom, a)));
}

/** The share of the part that lies inside the other or right at it. */
function overlapShare(part: StandingPart, other: StandingPart): number {
  const own = boxIn(other.poseInRoom, part);
  return [0, 1, 2].reduce((share, axis) => {
    const [low, high] = [own.min[axis]! - CONTACT_M, own.max[axis]! + CONTACT_M];
    const common = Math.min(high, other.box.max[axis]!) - Math.max(low, other.box.min[axis]!);
    return share * Math.max(0, Math.min(1, common / Math.max(high - low, 1e-9)));
  }, 1);
}
