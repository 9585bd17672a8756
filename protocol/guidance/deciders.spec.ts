import { expect, it } from 'vitest';
import { ann, JobJournal, ROLE_OF } from '../../test/support/jobs.ts';
import { decidersOf, holding, waysOut } from './deciders.ts';

const atWrongTorque = () => {
  const job = new JobJournal().begin();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  job.tool(18.4);
  return job;
};
const held = (job: JobJournal) => holding(job.state.document)[0]!;
const waysOf = (job: JobJournal, user: string) =>
  waysOut(job.state.document, held(job), { user, role: ROLE_OF[user] ?? 'observer' });

it('tells who may decide what: the crew does it again, who did not do it accepts it, who answers for the shift gives it up', () => {
  const job = atWrongTorque();
  expect(holding(job.state.document).map(({ kind }) => kind)).toEqual(['wrong_result']);
  expect(['ann', 'sue', 'designer', 'olaf'].map((user) => waysOf(job, user))).toEqual([
    ['rework'],
    ['rework', 'scrap'],
    ['concession'],
    [],
  ]);
  const members = ['ann', 'sue', 'designer'].map((user) => ({ user, name: user.toUpperCase(), role: ROLE_OF[user]! }));
  expect(decidersOf(job.state.document, held(job), members)).toEqual({
    // Ben is in the crew, and on no list here.
    rework: ['Ben', 'ANN', 'SUE'],
    concession: ['DESIGNER'],
    scrap: ['SUE'],
  });
});

it('offers nothing that would be refused', () => {
  for (const user of ['ann', 'ben', 'sue', 'designer', 'olaf'])
    for (const way of waysOf(atWrongTorque(), user)) expect(atWrongTorque().dispose(way, user)).toBeNull();
  const job = atWrongTorque();
  // Somebody who did it may not accept it, whatever their role.
  expect(waysOut(job.state.document, held(job), { user: ann, role: 'owner' })).toEqual(['rework', 'scrap']);
});

it('holds nothing any more when it is decided', () => {
  const job = atWrongTorque();
  job.dispose('rework', 'ann');
  expect(holding(job.state.document)).toEqual([]);
});
