import { WorkhallError } from '#protocol/errors';
import type { HallProcess } from './fleet.ts';

/** The process is dead, or does not belong to this hall any more. */
export class ProcessGone extends Error {
  constructor(readonly process: HallProcess) {
    super(`Process ${process.name} is gone.`);
  }
}

export const noAnswer = (process: HallProcess, question: string): WorkhallError =>
  new WorkhallError('fleet', 'no_answer', `Process ${process.name} of this hall does not answer.`, {
    facts: { process: process.name, question },
    next: 'Try again in a moment.',
    status: 503,
  });

export const isNoAnswer = (thrown: unknown): boolean =>
  thrown instanceof WorkhallError && thrown.problem.scope === 'fleet' && thrown.problem.key === 'no_answer';
