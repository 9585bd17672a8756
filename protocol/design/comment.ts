import { z } from 'zod';
import { CommentId, PartId } from '../ids.ts';
import { Author } from '../journal/entry.ts';
import { Vec3 } from '../spatial/pose.ts';

/** Where a comment is pinned: a point on a face of a part, in the part's own frame, so it moves with the part. */
export const CommentAnchor = z.strictObject({
  part: PartId,
  /** Index of the B-rep face in the part's shape, or null where the shape has no faces. */
  face: z.number().int().nonnegative().nullable(),
  pointInPart: Vec3,
  normalInPart: Vec3,
});
export type CommentAnchor = z.infer<typeof CommentAnchor>;

export const CommentText = z.string().trim().min(1).max(4000);

export const Reply = z.strictObject({ id: CommentId, author: Author, at: z.number().int(), text: CommentText });

export const Comment = z.strictObject({
  id: CommentId,
  anchor: CommentAnchor,
  author: Author,
  at: z.number().int(),
  text: CommentText,
  replies: z.array(Reply).max(500),
  resolved: z.boolean(),
});
export type Comment = z.infer<typeof Comment>;
