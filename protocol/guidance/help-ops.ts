import { z } from 'zod';
import { CidText, UserId } from '../ids.ts';
import { StepId, ThingId } from '../procedures/ids.ts';
import { Language } from '../procedures/text.ts';
import { Pose, Vec3 } from '../spatial/pose.ts';
import { Reason } from './reason.ts';

/** Made by who begins the thing, so that it shows before the hall has heard of it. */
const HelpId = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'an id has 1-40 letters, digits, _ or -');
const Words = z.string().trim().min(1).max(1000);
/** Characters of one line of chat or subtitle. */
const Line = z.string().trim().min(1).max(2000);
/** Points of one stroke at most; a longer one is drawn as several. */
export const MAX_STROKE_POINTS = 400;
/** People who are rung at once or in turn, at most. */
export const MAX_RUNG = 20;

/** A point of a thing, or of the product where `in` is null: pinned there, it goes where the thing goes. Metres. */
export const Anchor = z.strictObject({ in: ThingId.nullable(), point: Vec3 });
export type Anchor = z.infer<typeof Anchor>;

/** What an expert leaves in the room. All of it lies in the product's frame, so it stands wherever the product stands. */
export const MarkBody = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('arrow'),
    at: Anchor,
    /** Which way it points, in the frame of its anchor. */
    towards: Vec3.refine((v) => Math.abs(Math.hypot(...v) - 1) < 1e-2, 'a direction has length 1'),
    text: z.string().max(200),
  }),
  z.strictObject({
    kind: z.literal('ghost'),
    thing: ThingId,
    at: z.strictObject({ in: ThingId.nullable(), pose: Pose }),
  }),
  z.strictObject({
    kind: z.literal('stroke'),
    in: ThingId.nullable(),
    points: z.array(Vec3).min(2).max(MAX_STROKE_POINTS),
  }),
  z.strictObject({ kind: z.literal('note'), at: Anchor, text: Words }),
  z.strictObject({
    kind: z.literal('measure'),
    from: Anchor,
    to: Anchor,
    /** As it was when it was taken: the two ends may lie in things that move. */
    distanceM: z.number().nonnegative().max(1000),
  }),
  z.strictObject({
    kind: z.literal('sketch'),
    still: HelpId,
    /** On the picture: 0 0 is its upper left, 1 1 its lower right corner. */
    points: z
      .array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]))
      .min(2)
      .max(MAX_STROKE_POINTS),
  }),
]);
export type MarkBody = z.infer<typeof MarkBody>;
export type MarkKind = MarkBody['kind'];

export const DOCUMENT_KINDS = ['pdf', 'picture', 'video', 'audio'] as const;

/**
 * What is said in a job's room while somebody helps. `call` names the call it belongs to. Reducer: `reduce-help.ts`; who
 * takes part is judged there, by the call.
 */
export const HELP_OPS = {
  /** Rings experts: all at once, or one after the other. In a call that goes on it asks more of them in. */
  'help.ring': z.strictObject({
    call: HelpId,
    to: z
      .array(z.strictObject({ id: UserId, name: z.string().min(1).max(80) }))
      .min(1)
      .max(MAX_RUNG),
    how: z.enum(['all', 'oneByOne']),
    /** Who does not answer in this time is passed over. */
    escalateAfterS: z.number().int().min(5).max(600),
    text: z.string().trim().max(500),
    step: StepId.nullable(),
  }),
  /** (hall) Somebody did not answer, cannot, or is not to be rung. */
  'help.settle': z.strictObject({
    call: HelpId,
    person: UserId,
    as: z.enum(['missed', 'busy', 'away', 'unknown']),
  }),
  'help.answer': z.strictObject({ call: HelpId, answer: z.enum(['accept', 'decline']) }),
  'help.cancel': z.strictObject({ call: HelpId }),
  /** An expert goes; the call ends with the last one. */
  'help.leave': z.strictObject({ call: HelpId }),
  'help.end': z.strictObject({ call: HelpId, outcome: z.string().trim().max(2000) }),
  'help.addMark': z.strictObject({ call: HelpId, mark: HelpId, body: MarkBody }),
  'help.moveMark': z.strictObject({ mark: HelpId, body: MarkBody }),
  'help.removeMarks': z.strictObject({ marks: z.array(HelpId).min(1).max(200) }),
  /** A picture of what the camera sees, to draw on. */
  'help.freeze': z.strictObject({
    call: HelpId,
    still: HelpId,
    cid: CidText,
    widthPx: z.number().int().min(1).max(8192),
    heightPx: z.number().int().min(1).max(8192),
  }),
  'help.hand': z.strictObject({
    call: HelpId,
    document: HelpId,
    title: z.string().trim().min(1).max(200),
    cid: CidText,
    kind: z.enum(DOCUMENT_KINDS),
    page: z.number().int().min(1).max(5000).nullable(),
  }),
  'help.say': z.strictObject({
    call: HelpId,
    line: HelpId,
    text: Line,
    language: Language,
    source: z.enum(['typed', 'spoken']),
    picture: CidText.nullable(),
  }),
  /** An interpreter's words for a line: a person, or a program that speaks for one. */
  'help.translate': z.strictObject({ line: HelpId, language: Language, text: Line }),
  'help.consent': z.strictObject({ call: HelpId, isGiven: z.boolean() }),
  'help.record': z.strictObject({ call: HelpId, recording: HelpId, what: z.enum(['sound', 'soundAndPicture']) }),
  'help.stopRecording': z.strictObject({ recording: HelpId }),
  'help.keepRecording': z.strictObject({
    recording: HelpId,
    cid: CidText,
    bytes: z.number().int().positive(),
    type: z.string().max(100),
  }),
  /** The file is let go; that there was one stays. */
  'help.eraseRecording': z.strictObject({ recording: HelpId, reason: Reason }),
} as const;

export type HelpOpType = keyof typeof HELP_OPS;
export type HelpPayload<T extends HelpOpType> = z.infer<(typeof HELP_OPS)[T]>;
export type AnyHelpOp = { [K in HelpOpType]: { type: K; payload: HelpPayload<K> } }[HelpOpType];
export const HALL_HELP_OPS: readonly HelpOpType[] = ['help.settle'];
export const isHelpOp = (op: { readonly type: string }): op is AnyHelpOp => Object.hasOwn(HELP_OPS, op.type);
/** What may still be said when the job is over: a call is ended, what was recorded is kept or let go. */
export const HELP_AFTER_END: readonly HelpOpType[] = [
  'help.settle',
  'help.cancel',
  'help.leave',
  'help.end',
  'help.consent',
  'help.stopRecording',
  'help.keepRecording',
  'help.eraseRecording',
];
