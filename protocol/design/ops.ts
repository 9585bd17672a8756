import { z } from 'zod';
import { CidText, CommentId, OpId, PartId, RoomId, SubmissionId } from '../ids.ts';
import { Pose } from '../spatial/pose.ts';
import { Brief } from './brief.ts';
import { CommentAnchor, CommentText } from './comment.ts';
import { Material, Part, PartName } from './part.ts';

/** Parts that one op may carry; a larger gesture is sent as several ops of one group. */
export const MAX_PARTS_PER_OP = 500;

const partIds = z.array(PartId).min(1).max(MAX_PARTS_PER_OP);

/**
 * Every op of a design room, by type: its payload. The reducer case stands in `reducer.ts` under the same name, the
 * right to send it in `permissions/decide.ts`.
 */
export const DESIGN_OPS = {
  /** Adds parts and groups; a parent comes before its children or is already there. */
  'parts.add': z.strictObject({ parts: z.array(Part).min(1).max(MAX_PARTS_PER_OP) }),
  /** Deletes parts with everything below them. */
  'parts.delete': z.strictObject({ ids: partIds }),
  'part.move': z.strictObject({
    moves: z
      .array(z.strictObject({ id: PartId, poseInParent: Pose }))
      .min(1)
      .max(MAX_PARTS_PER_OP),
  }),
  /** Moves parts to another group, keeping where they stand: the sender gives the pose in the new parent. */
  'part.place': z.strictObject({
    id: PartId,
    parent: PartId.nullable(),
    order: z.string().min(1).max(64),
    poseInParent: Pose,
  }),
  'part.rename': z.strictObject({ id: PartId, name: PartName }),
  'part.setMaterial': z.strictObject({ ids: partIds, material: Material }),
  'part.setHidden': z.strictObject({ ids: partIds, hidden: z.boolean() }),
  /** Some or all named dimensions of a parametric part, metres or counts. */
  'part.setDimensions': z.strictObject({ id: PartId, dimensions: z.record(z.string().max(40), z.number()) }),
  'comment.add': z.strictObject({ id: CommentId, anchor: CommentAnchor, text: CommentText }),
  'comment.reply': z.strictObject({ id: CommentId, reply: CommentId, text: CommentText }),
  'comment.resolve': z.strictObject({ id: CommentId, resolved: z.boolean() }),
  'comment.delete': z.strictObject({ id: CommentId }),
  /** Takes back the sender's newest step, which must be `target` (an op id or its group). */
  'history.undo': z.strictObject({ target: OpId }),
  'history.redo': z.strictObject({ target: OpId }),
  // brief rooms
  'brief.set': z.strictObject({ brief: Brief }),
  'submission.start': z.strictObject({ id: SubmissionId, room: RoomId, title: z.string().trim().min(1).max(200) }),
  'submission.submit': z.strictObject({
    id: SubmissionId,
    head: CidText,
    length: z.number().int().positive(),
    note: z.string().max(2000),
    picture: CidText.optional(),
  }),
  'submission.rate': z.strictObject({
    id: SubmissionId,
    scores: z.record(z.string(), z.number().int().min(1).max(5)),
    note: z.string().max(2000),
  }),
  'submission.withdraw': z.strictObject({ id: SubmissionId }),
  'submission.accept': z.strictObject({ id: SubmissionId }),
} as const;

export type DesignOpType = keyof typeof DESIGN_OPS;
export type DesignPayload<T extends DesignOpType> = z.infer<(typeof DESIGN_OPS)[T]>;
export const DESIGN_OP_TYPES = Object.keys(DESIGN_OPS) as DesignOpType[];
