import { z } from 'zod';
import { UserId } from '../ids.ts';

/**
 * The talk about a draft before it is released: an author asks for a look at one version, a reviewer sends it back with
 * the reason, or releases it. Who saves again has taken the request back: nobody releases what they have not seen.
 */
export const ReviewRequest = z.strictObject({
  /** The version that was looked at; another by now is refused. */
  version: z.number().int(),
  kind: z.enum(['asked', 'returned']),
  words: z.string().trim().max(4000),
});
export const ReviewEntry = z.object({
  id: z.string(),
  procedure: z.string(),
  version: z.number().int(),
  kind: z.enum(['asked', 'returned']),
  words: z.string(),
  by: z.object({ id: UserId, name: z.string() }),
  at: z.number().int(),
});
export type ReviewEntry = z.infer<typeof ReviewEntry>;
/** Newest first. */
export const ReviewList = z.object({ reviews: z.array(ReviewEntry) });
