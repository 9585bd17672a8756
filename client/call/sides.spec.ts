import { expect, it } from 'vitest';
import { MOST_VIEWERS } from '#protocol/room/index';
import { UserId } from '#protocol/ids';
import { JobJournal } from '../../test/support/jobs.ts';
import { sidesOf } from './call-media.ts';

/** Everybody's session is called after them, in the order in which they came. */
const here = (...people: string[]) =>
  people.map((id, participant) => ({ session: id, user: UserId.parse(id), participant }) as never);
const ringing = (job: JobJournal, call: string, to: string) =>
  job.put(
    'help.ring',
    { call, to: [{ id: UserId.parse(to), name: to }], how: 'all', escalateAfterS: 20, text: '', step: null },
    'ann',
  );

it('sends the camera to who was called before those who look on, to so many as the line can bear, and to nobody without a call', () => {
  const job = new JobJournal().begin();
  const people = here('w1', 'w2', 'w3', 'w4', 'ann', 'designer');
  expect(sidesOf(job.state.document, people)).toEqual({ crew: [], viewers: [] });
  ringing(job, 'c-1', 'designer');
  expect(sidesOf(job.state.document, people).viewers).toEqual([]);
  job.put('help.answer', { call: 'c-1', answer: 'accept' }, 'designer');
  const { crew, viewers } = sidesOf(job.state.document, people);
  expect(crew).toEqual(['ann']);
  expect(viewers).toEqual(['designer', 'w1', 'w2', 'w3'].slice(0, MOST_VIEWERS));
  job.put('help.leave', { call: 'c-1' }, 'designer');
  expect(sidesOf(job.state.document, people)).toEqual({ crew: [], viewers: [] });
});
