import type { RunRow } from '#protocol/training/index';
import { looksIn, type Look } from '../model/motion.ts';
import { training } from '../training.ts';

/** One person's motion during a run. */
export interface RunMotion {
  readonly person: string;
  readonly name: string;
  readonly looks: readonly Look[];
}

/** Motion of those in the run who agreed, as far as I may see it; the hall hands it out ten minutes at a time. */
export const motionQuery = (room: string, run: RunRow) => ({
  queryKey: ['motion', room, run.id],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<RunMotion[]> => {
    const untilMs = run.endedAtMs ?? Date.now();
    const inRun = new Set<string>(run.participants.map(({ id }) => id));
    const { recordings } = await training.recordings(room, signal);
    const found: RunMotion[] = [];
    for (const { person, name, fromMs, toMs } of recordings) {
      if (!inRun.has(person) || toMs < run.startedAtMs || fromMs > untilMs) continue;
      const looks: Look[] = [];
      for (let from: number | null = run.startedAtMs; from !== null && from <= untilMs;) {
        const part = await looksIn(await training.motion(room, person, from, untilMs, signal));
        looks.push(...part.looks.filter(({ atMs }) => atMs >= run.startedAtMs && atMs <= untilMs));
        from = part.nextMs;
      }
      if (looks.length > 0) found.push({ person, name, looks });
    }
    return found;
  },
  staleTime: Infinity,
});
