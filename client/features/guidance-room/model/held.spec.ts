import { expect, it } from 'vitest';
import { ann, ben, JobJournal, sue } from '../../../../test/support/jobs.ts';
import { heldFor } from './held.ts';

const heldOf = (job: JobJournal, user: string, role: 'engineer' | 'supervisor' | 'observer') => {
  const held = heldFor(job.state.document, { user, role });
  return held && [held.deviation.kind, ...held.ways];
};

it('says what keeps the step, and what this person may decide about it', () => {
  const job = new JobJournal().begin();
  expect(heldOf(job, ann, 'engineer')).toBeNull();
  job.scan('6204-2RS');
  expect(heldOf(job, ann, 'engineer')).toEqual(['wrong_part', 'rework']);
  expect(heldOf(job, sue, 'supervisor')).toEqual(['wrong_part', 'rework', 'scrap']);
  // Looks on: somebody else decides.
  expect(heldOf(job, 'olaf', 'engineer')).toEqual(['wrong_part']);
  expect(heldOf(job, ben, 'observer')).toEqual(['wrong_part']);
  job.dispose('rework', 'ann');
  expect(heldOf(job, ann, 'engineer')).toBeNull();
});

it('keeps nothing once somebody has accepted it as it is, though the step goes on', () => {
  const job = new JobJournal().begin();
  job.scan('6204-2RS');
  job.dispose('concession', 'designer', false);
  expect(heldOf(job, ann, 'engineer')).toBeNull();
});
