import type { Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import type { Deviation } from './document.ts';
import type { GuidancePayload } from './ops.ts';
import { say, type Work } from './work.ts';

/** Somebody saw something that no gate sees. */
export function raise(work: Work, { step, text }: GuidancePayload<'deviation.raise'>): Problem | null {
  if (step !== null && !work.index.steps.has(step)) return say('no_such_step', 'There is no such step.', { step });
  work.deviate('reported', { step, text });
  work.settle();
  return null;
}

/**
 * Decides about a deviation. Rework: the step is done again, also when it lies behind. Concession: it is accepted as it
 * is, by somebody who did not do it. Scrap: the job is over. Who may what is decided by `model.ts`.
 */
export function dispose(work: Work, payload: GuidancePayload<'deviation.dispose'>): Problem | null {
  const { job, entry } = work;
  const { deviation: id, disposition, reason, releasesStep } = payload;
  if (!job.undecided.includes(id) && !job.inRework.includes(id))
    return say('nothing_to_decide', 'There is no such deviation, or it is settled.', { deviation: id });
  const row = work.get('deviations', id)!;
  const doers = row.visit === null ? [] : (work.get('visits', row.visit)?.by ?? []);
  if (disposition === 'concession' && (doers.includes(work.by) || row.by === work.by))
    return say(
      'own_work',
      'Nobody accepts their own deviation.',
      { deviation: id },
      'Ask somebody who did not do the step.',
    );
  const decide = (change: Partial<Deviation> = {}) => {
    const decided = { disposition, by: work.by, reason, atMs: entry.at };
    work.put('deviations', id, { ...row, ...change, decided });
    job.undecided = job.undecided.filter((one) => one !== id);
    job.inRework = job.inRework.filter((one) => one !== id);
  };
  switch (disposition) {
    case 'scrap':
      decide();
      Object.assign(job, { status: 'scrapped', endedAtMs: entry.at });
      return null;
    case 'concession': {
      decide();
      const visit = releasesStep && row.step !== null ? work.visitOf(row.step) : null;
      if (visit && visit.n === row.visit) work.changeVisit(visit, { isReleased: true });
      work.settle();
      return null;
    }
    case 'rework': {
      if (job.status !== 'running') return say('not_running', 'Nobody works on this job now.', { status: job.status });
      if (row.step === null) {
        // About no step: what was done is said in the reason.
        decide();
        work.settle();
        return null;
      }
      const again = doAgain(work, row.step);
      if (again) return again;
      decide();
      job.inRework = [...job.inRework, id];
      work.settle();
      return null;
    }
  }
}

/** Enters the step anew: where it runs, or by a jump back in the main chapters. */
function doAgain(work: Work, step: string): Problem | null {
  const by = work.job.crew[0]!.id;
  if (work.visitOf(step)) return work.happen({ type: 'stepReset', by, step } as never);
  const problem = work.happen({ type: 'jumped', by, to: step } as never);
  return problem
    ? say(
        'no_way_back',
        'This step cannot be done again from here.',
        { step, why: problem.key },
        'Decide for a concession or for scrap.',
      )
    : null;
}

/** Lets a blocked step go on, with a reason that stays in the record. `by`: whose word it is. */
export function release(
  work: Work,
  { step, what, reason }: GuidancePayload<'step.release'>,
  by: UserId = work.by,
): Problem | null {
  const visit = work.visitOf(step);
  if (!visit) return say('step_not_running', 'This step is not running.', { step });
  if (visit.by.includes(by) && what === 'step')
    return say('own_work', 'Nobody releases a step that they did.', { step }, 'Ask another supervisor.');
  const skills = work.gatesOf(step).filter(({ kind, id }) => kind === 'skill' && !visit.met.includes(id));
  if (what === 'skill' && skills.length === 0) return say('not_blocked', 'No skill blocks this step.', { step });
  const open = work.gatesOf(step).filter(({ id }) => !visit.met.includes(id));
  const facts = { what, open: (what === 'skill' ? skills : open).map(({ id }) => id).join(' ') };
  const decided = { disposition: 'concession', by, reason, atMs: work.entry.at } as const;
  work.deviate('released', { step, by, facts, text: reason, decided });
  if (what === 'skill') for (const { id } of skills) work.meet(visit, id);
  else work.changeVisit(visit, { isReleased: true });
  work.settle();
  return null;
}
