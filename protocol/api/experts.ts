import { z } from 'zod';
import { CidText, UserId } from '../ids.ts';
import { RunId } from '../training/ids.ts';

/** An instructor's own recorded run that others may follow, as long as its motion is kept. */
export const ExpertRun = z.object({
  run: RunId,
  procedure: CidText,
  person: UserId,
  name: z.string(),
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int(),
});
export type ExpertRun = z.infer<typeof ExpertRun>;
/** Newest first. */
export const ExpertRuns = z.object({ experts: z.array(ExpertRun) });
export const ExpertMark = z.strictObject({ isExpert: z.boolean() });
