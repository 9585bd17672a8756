import { GuidanceApi } from '#net/guidance-api';
import { WorkhallError, type Problem } from '#protocol/errors';
import type { JobSummary } from '#protocol/guidance/index';
import { textIn } from '#protocol/procedures/index';
import { currentLanguage } from '../../ui/index.ts';
import { api } from '../session/index.ts';

/** Jobs, plans and stations with my session. */
export const guidance = new GuidanceApi(api);

/** Throws what the job has against it. */
export async function sayIn(room: string, type: string, payload: unknown): Promise<void> {
  const problem = (await guidance.say(room, type, payload)) as Problem | null;
  if (problem)
    throw new WorkhallError(problem.scope, problem.key, problem.message, {
      facts: { ...problem.facts },
      ...(problem.next ? { next: problem.next } : {}),
    });
}

export const stepTitle = ({ titles }: Pick<JobSummary, 'titles'>, step: string): string =>
  textIn(titles[step] ?? {}, currentLanguage(), 'en') || step;

export const isOver = ({ status }: Pick<JobSummary, 'status'>): boolean =>
  status === 'finished' || status === 'scrapped';
