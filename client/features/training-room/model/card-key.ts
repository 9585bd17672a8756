import type { ActiveStep } from '#protocol/procedures/index';

/**
 * One card for one stay at a step: what was ticked, typed or put in order for one question must not stand there as the
 * answer to the next one of the same thread, nor to the same one in another run.
 */
export const cardKey = (run: string, { thread, step }: Pick<ActiveStep, 'thread' | 'step'>): string =>
  `${run} ${thread} ${step}`;
