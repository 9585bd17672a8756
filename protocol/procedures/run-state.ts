import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { UserId } from '../ids.ts';
import type { Pose } from '../spatial/pose.ts';
import type { Mode } from './behaviour.ts';
import { RoleId, StationId, type ChapterId, type FaultId, type ProcedureId, type StepId, type ThingId } from './ids.ts';
import type { Unit } from './measure.ts';
import type { ErrorKind } from './rubric.ts';

/**
 * The state of a run: plain data, never changed in place. All times in it are *run time*: milliseconds since the start
 * without pauses, so that a pause moves nothing.
 */
export const Participant = z.strictObject({
  id: UserId,
  roles: z.array(RoleId).max(20),
  /** Where the person works; null: anywhere. */
  station: StationId.nullable(),
});
export type Participant = z.infer<typeof Participant>;

export interface RunState {
  readonly v: 1;
  readonly procedure: ProcedureId;
  readonly mode: Mode;
  readonly participants: readonly Participant[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Run time of the last event. */
  readonly nowMs: number;
  /** Milliseconds since 1970, or null while it runs. */
  readonly pausedAtMs: number | null;
  readonly pausedForMs: number;
  readonly status: 'running' | 'completed' | 'failed';
  /** Why it failed, where not by a step of the procedure. */
  readonly problem: Problem | null;
  /** State of the generator that draws random branches. */
  readonly dice: number;
  /** Index of the main chapter. */
  readonly chapter: number;
  /** At most one per thread, a step before those that run inside it. */
  readonly active: readonly ActiveStep[];
  /** Steps that were left, each once, in the order in which they first were. */
  readonly visited: readonly StepId[];
  readonly world: World;
}

/** A step that runs. `thread`: `main`, and below a step with branches `<its thread>/<branch>`. */
export interface ActiveStep {
  readonly thread: string;
  readonly chapter: ChapterId;
  readonly step: StepId;
  /** `entering` and `leaving`: blocking behaviours run until `phaseEndsMs`, and nothing else counts. */
  readonly phase: 'entering' | 'active' | 'leaving';
  readonly phaseEndsMs: number;
  readonly activeSinceMs: number;
  /** 1 for the first. */
  readonly attempt: number;
  readonly limitAtMs: number | null;
  /** Paths of conditions that have happened, and `#item` for what is checked. */
  readonly seen: readonly string[];
  /** Since when conditions with a duration hold, by path. */
  readonly holds: Readonly<Record<string, number>>;
  /** Branches of its body that are through; null: it has none. */
  readonly branchesDone: readonly number[] | null;
  /** Which branches were started: all, or the one that was drawn. */
  readonly branches: readonly ChapterId[];
  readonly hintsGiven: number;
  /** The transition it leaves by, while `leaving`. */
  readonly transition: number | null;
  /** When time alone could change something, or null. */
  readonly dueMs: number | null;
}

/** What is known of the workplace, as far as conditions ask. */
export interface World {
  /** Thing to who holds it. */
  readonly held: Readonly<Record<string, UserId>>;
  /** Thing to its pose, by what the pose is given in: a thing's id, or `''` for the room. */
  readonly placements: Readonly<Record<string, Readonly<Record<string, Pose>>>>;
  /** In the order in which they were mounted. */
  readonly mounted: readonly ThingId[];
  readonly values: Readonly<Record<string, { readonly value: number; readonly unit: Unit }>>;
  readonly controls: Readonly<Record<string, string | number>>;
  /** Person to what they wear. */
  readonly worn: Readonly<Record<string, readonly ThingId[]>>;
  readonly gaze: Readonly<Record<string, ThingId>>;
  readonly places: Readonly<Record<string, readonly string[]>>;
  readonly variables: Readonly<Record<string, number | boolean | string>>;
  readonly faults: Readonly<Record<string, FaultRecord>>;
}

export interface FaultRecord {
  readonly injectedMs: number;
  readonly foundMs: number | null;
  readonly diagnosedMs: number | null;
  readonly clearedMs: number | null;
}

/** Something that went wrong, for the person, the instructor and the score. */
export interface Finding {
  readonly kind: ErrorKind;
  /** Run time. */
  readonly atMs: number;
  readonly step: StepId | null;
  readonly by: UserId | null;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
}

/** What a reaction asks of the room: show, tell, record. */
export type Effect =
  | { readonly kind: 'entered'; readonly step: StepId; readonly thread: string; readonly attempt: number }
  | {
      readonly kind: 'left';
      readonly step: StepId;
      readonly thread: string;
      readonly how: 'transition' | 'skipped' | 'jumped' | 'stopped' | 'retried';
      readonly transition: string | null;
    }
  /** Start this behaviour; what a step started in `enter` ends when the step is left. */
  | { readonly kind: 'behaviour'; readonly step: StepId; readonly index: number }
  | { readonly kind: 'hint'; readonly step: StepId; readonly index: number }
  | { readonly kind: 'scored'; readonly step: StepId; readonly index: number; readonly points: number }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'fault'; readonly fault: FaultId; readonly is: 'injected' | 'found' | 'diagnosed' | 'cleared' }
  /** The event changed nothing, and why. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'ended'; readonly status: 'completed' | 'failed'; readonly problem: Problem | null };

export interface Reaction {
  readonly state: RunState;
  readonly effects: readonly Effect[];
}

/** A chain of steps that complete at once, and of moments with nothing but time between: beyond it the run fails. */
export const MAX_CHAIN = 2000;
export const MAX_MOMENTS = 100_000;
export const MAX_NESTING = 16;
