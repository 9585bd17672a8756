import { z } from 'zod';
import { Author } from '../journal/entry.ts';
import { CidText, RoomId, SubmissionId, UserId } from '../ids.ts';

/** What the crowd is asked for. One per brief room. */
export const Brief = z.strictObject({
  title: z.string().trim().min(1).max(200),
  goal: z.string().trim().min(1).max(8000),
  /** Milliseconds since 1970; after it nothing is submitted or iterated. */
  deadlineAt: z.number().int().positive(),
  /** SPDX expression or a named licence under which submissions come in. */
  licence: z.string().trim().min(1).max(200),
  criteria: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        label: z.string().trim().min(1).max(120),
        weight: z.number().int().min(1).max(100),
      }),
    )
    .min(1)
    .max(12)
    .refine((list) => new Set(list.map((c) => c.id)).size === list.length, 'each criterion has its own id'),
});
export type Brief = z.infer<typeof Brief>;

/** One handed-in state of a submission: the head of its journal at that time. */
export const Iteration = z.strictObject({
  head: CidText,
  length: z.number().int().positive(),
  at: z.number().int(),
  note: z.string().max(2000),
  picture: CidText.optional(),
});

export const Submission = z.strictObject({
  id: SubmissionId,
  room: RoomId,
  title: z.string().trim().min(1).max(200),
  author: Author,
  startedAt: z.number().int(),
  state: z.enum(['draft', 'submitted', 'accepted', 'withdrawn']),
  iterations: z.array(Iteration).max(200),
});
export type Submission = z.infer<typeof Submission>;

/** One person's opinion of one submission; rating again replaces it. */
export const Rating = z.strictObject({
  submission: SubmissionId,
  rater: UserId,
  raterName: z.string(),
  /** Criterion id to 1..5. */
  scores: z.record(z.string(), z.number().int().min(1).max(5)),
  at: z.number().int(),
  note: z.string().max(2000),
});
export type Rating = z.infer<typeof Rating>;

/** Weighted mean of all ratings, 1..5 with two decimals, or null while nobody has rated. */
export function meanScore(brief: Brief, ratings: readonly Rating[]): number | null {
  let sum = 0;
  let weight = 0;
  for (const rating of ratings)
    for (const criterion of brief.criteria) {
      const score = rating.scores[criterion.id];
      if (score === undefined) continue;
      sum += score * criterion.weight;
      weight += criterion.weight;
    }
  return weight === 0 ? null : Math.round((100 * sum) / weight) / 100;
}
