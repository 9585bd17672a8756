/** What the job's journal has of the alignment. */
export interface Noted {
  readonly expectedM: number;
  readonly by: string;
  readonly step: string | null;
  readonly atMs: number;
}

export const LEAST_BETWEEN_MS = 4_000;
const BETTER = 0.75;
const WORSE = 1.6;
/** An overlay that is surer than this is as good as any to a hand, metres. */
const FINE_M = 0.001;

/**
 * Whether an alignment is worth an entry in the job's journal: on a picture it is found anew ten times a second. Noted are
 * the first, one that a gate waits for, another way of aligning, a clear change, and one for each step.
 */
export function isNoteworthy(last: Noted | null, now: Noted, gateWithinM: number | null): boolean {
  if (!last) return true;
  if (gateWithinM !== null && last.expectedM > gateWithinM && now.expectedM <= gateWithinM) return true;
  if (now.atMs - last.atMs < LEAST_BETWEEN_MS) return false;
  if (now.by !== last.by || now.step !== last.step) return true;
  if (now.expectedM > WORSE * last.expectedM) return true;
  return now.expectedM < BETTER * last.expectedM && last.expectedM > FINE_M;
}
