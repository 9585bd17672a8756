import { z } from 'zod';
import { ProjectId, UserId } from '../ids.ts';
import { Text } from '../procedures/text.ts';

const Somebody = z.object({ id: UserId, name: z.string() });

/**
 * The talk about a draft before it is released: an author asks for a look at one version, a reviewer sends it back with
 * the reason, or releases it. Who saves again has taken the request back: nobody releases what they have not seen.
 */
export const ReviewRequest = z.strictObject({
  /** The version that was looked at; another by now is refused. */
  version: z.number().int(),
  kind: z.enum(['asked', 'returned']),
  words: z.string().trim().max(4000),
  /** Who is asked; none: everybody who may release in the project. */
  to: z.array(UserId).max(20).default([]),
});
export const ReviewEntry = z.object({
  id: z.string(),
  procedure: z.string(),
  version: z.number().int(),
  kind: z.enum(['asked', 'returned']),
  words: z.string(),
  by: Somebody,
  to: z.array(Somebody),
  at: z.number().int(),
});
export type ReviewEntry = z.infer<typeof ReviewEntry>;
/** Newest first. */
export const ReviewList = z.object({ reviews: z.array(ReviewEntry) });

/** What waits for my review, oldest request first. */
export const ReviewsWanted = z.object({
  reviews: z.array(
    z.object({
      procedure: z.string(),
      title: Text,
      project: z.object({ id: ProjectId, title: z.string() }),
      by: Somebody,
      at: z.number().int(),
    }),
  ),
});
