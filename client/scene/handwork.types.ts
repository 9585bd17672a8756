import type { Part } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Pose } from '#protocol/spatial/index';
import type { Readable } from '../net/store.ts';
import type { Bounds } from './geometry.ts';

/** One drag of parts, by mouse or hand: it begins, and ends with a move or with everything back in its place. */
export interface DragNews {
  readonly kind: 'taken' | 'letGo' | 'givenUp';
  /** The same for all news of one drag; two hands drag at once. */
  readonly drag: object;
  readonly parts: readonly PartId[];
}

export interface StandingShape {
  readonly part: Part;
  /** In the part's own frame, metres. */
  readonly box: Bounds;
  readonly poseInRoom: Pose;
}

/** What hands do with parts, as it happens: for whoever writes it down. */
export interface Handwork {
  onDrag(listener: (news: DragNews) => void): () => void;
  /** Once per animation frame, in a headset too. */
  onFrame(listener: (nowMs: number) => void): () => void;
  /** Where the part is drawn now, what is in a hand included. */
  poseInRoom(part: PartId): Pose;
  poseInParent(part: PartId): Pose;
  /** Shows a part somewhere else than the design says; null: where it says. */
  carry(part: PartId, poseInParent: Pose | null): void;
  /** A part or a whole group of them, as one thing. */
  standing(part: PartId): StandingShape | null;
  /** Every part with a shape that is shown. */
  shown(): readonly PartId[];
  withChildren(part: PartId): ReadonlySet<PartId>;
}

/** The one switch that a headset's palette needs to write down what hands do. */
export interface StepRecording {
  readonly state: Readable<{
    readonly phase: 'idle' | 'recording' | 'saving' | 'saved';
    /** Names of the parts of the steps so far. */
    readonly steps: readonly string[];
    /** Somebody says a note to the last step; `opening`: the microphone is asked for. */
    readonly note: 'none' | 'opening' | 'speaking';
    /** How many steps have a spoken note. */
    readonly spoken: number;
  }>;
  /** False where nothing can be recorded. */
  readonly canSpeak: boolean;
  start(): void;
  undoLast(): void;
  /** From here on what is said belongs to the last step, until `endNote`. */
  beginNote(): void;
  endNote(): void;
  /** Makes a draft of it. */
  stop(): void;
}
