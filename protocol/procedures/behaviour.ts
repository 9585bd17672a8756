import { z } from 'zod';
import { Pose } from '../spatial/pose.ts';
import { ControlId, LocalId, MediaId, PlaceId, ThingId, ToolId, VariableId } from './ids.ts';
import { Opaque } from './opaque.ts';
import { Text } from './text.ts';

export const MODES = ['guided', 'practice', 'exam'] as const;
export const Mode = z.enum(MODES);
export type Mode = z.infer<typeof Mode>;

/** Something of the workplace that a behaviour points at. */
export const Target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('thing'), thing: ThingId, frame: LocalId.nullable() }),
  z.strictObject({ kind: z.literal('place'), place: PlaceId }),
  z.strictObject({ kind: z.literal('tool'), tool: ToolId }),
  z.strictObject({ kind: z.literal('control'), control: ControlId }),
]);
export type Target = z.infer<typeof Target>;

const targets = z.array(Target).min(1).max(50);
const duration = z.number().int().min(0).max(3_600_000);
const Motion = z.discriminatedUnion('kind', [
  /** A recording: a motion file of the workplace's media. */
  z.strictObject({ kind: z.literal('recorded'), media: MediaId }),
  /** Key frames, in between a straight line and the shortest turn. */
  z.strictObject({
    kind: z.literal('computed'),
    frames: z
      .array(z.strictObject({ atMs: duration, poseInRoom: Pose }))
      .min(2)
      .max(500),
  }),
]);
export type Motion = z.infer<typeof Motion>;

const every = z.strictObject({
  /** When the step begins, or when it is left. */
  stage: z.enum(['enter', 'leave']),
  /** The step waits for it: nothing can be done before `durationMs` are over. */
  isBlocking: z.boolean(),
  durationMs: duration,
  /** Null: as its kind has it, see `isShown`. */
  modes: z.array(Mode).nullable(),
});

/** What a step does for the person, and to the workplace. */
export const Behaviour = z.discriminatedUnion('kind', [
  every.extend({ kind: z.literal('highlight'), targets }),
  every.extend({ kind: z.literal('arrow'), target: Target }),
  every.extend({ kind: z.literal('ghostMotion'), thing: ThingId, motion: Motion }),
  every.extend({ kind: z.literal('text'), text: Text, at: Target.nullable() }),
  every.extend({ kind: z.literal('picture'), media: MediaId, at: Target.nullable() }),
  every.extend({ kind: z.literal('video'), media: MediaId, at: Target.nullable() }),
  every.extend({ kind: z.literal('audio'), media: MediaId }),
  every.extend({ kind: z.literal('speech'), text: Text }),
  /** Shows or hides, until another says otherwise; what may be used is decided by the steps alone. */
  every.extend({ kind: z.literal('setEnabled'), targets, isEnabled: z.boolean() }),
  /** Shows how it moves, in `durationMs` and for as long as the step lasts; it is set by people and the machine alone. */
  every.extend({ kind: z.literal('animateJoint'), control: ControlId, to: z.number() }),
  every.extend({
    kind: z.literal('setVariable'),
    variable: VariableId,
    value: z.union([z.number(), z.boolean(), z.string().max(200)]),
    /** The number is added to what is there. */
    isAdded: z.boolean(),
  }),
  every.extend({ kind: z.literal('hazard'), hazard: LocalId, text: Text, at: Target.nullable() }),
  /** Points given or taken, with the reason that stands in the score sheet. */
  every.extend({ kind: z.literal('score'), points: z.number().int().min(-1000).max(1000), reason: Text }),
  Opaque,
]);
export type Behaviour = z.infer<typeof Behaviour>;

/** Whether a mode shows it: what leads the hand is for guided runs, all else for everybody. */
export function isShown(behaviour: Behaviour, mode: Mode): boolean {
  if (behaviour.kind === 'opaque') return false;
  if (behaviour.modes) return behaviour.modes.includes(mode);
  switch (behaviour.kind) {
    case 'highlight':
    case 'arrow':
    case 'ghostMotion':
      return mode === 'guided';
    case 'text':
    case 'picture':
    case 'video':
    case 'audio':
    case 'speech':
      return mode !== 'exam';
    case 'setEnabled':
    case 'animateJoint':
    case 'setVariable':
    case 'hazard':
    case 'score':
      return true;
  }
}
