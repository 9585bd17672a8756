import { expect, it } from 'vitest';
import { UserId } from '#protocol/ids';
import { JobJournal } from '../../../../test/support/jobs.ts';
import { fromOthers } from './from-others.ts';

/** A call in which the designer helps Ann. */
function helped(): JobJournal {
  const job = new JobJournal().begin();
  const to = [{ id: UserId.parse('designer'), name: 'Dora' }];
  job.put('help.ring', { call: 'c-1', to, how: 'all', escalateAfterS: 20, text: '', step: null }, 'ann');
  job.put('help.answer', { call: 'c-1', answer: 'accept' }, 'designer');
  return job;
}
const told = (job: JobJournal, me = 'ann') =>
  fromOthers(job.state.document, me).map(({ kind, name, text }) => [kind, name, text]);
const line = (id: string, text: string, source: 'typed' | 'spoken') => ({
  ...{ call: 'c-1', line: id, text, language: 'en', source, picture: null },
});

it('tells the engineer what the expert wrote, left on the product and unlocked, with name and reason', () => {
  const job = helped();
  job.put('help.say', line('l-1', 'Turn it', 'typed'), 'designer');
  job.put('help.say', line('l-2', 'I turn it', 'typed'), 'ann');
  const body = { kind: 'note', at: { in: null, point: [0, 0.1, 0] }, text: 'Here' };
  job.put('help.addMark', { call: 'c-1', mark: 'm-1', body } as never, 'designer');
  expect(
    job.put('step.release', { step: 'insert', what: 'step', reason: 'Seen by camera' } as never, 'designer'),
  ).toBeNull();
  expect(told(job)).toEqual([
    ['line', 'Designer', 'Turn it'],
    ['note', 'Designer', 'Here'],
    ['unlock', 'Designer', 'Seen by camera'],
  ]);
  expect(told(job, 'designer')).toEqual([['line', 'Ann', 'I turn it']]);
});

it('leaves what was spoken to the subtitles', () => {
  const job = helped();
  job.put('help.say', line('l-1', 'Turn it', 'spoken'), 'designer');
  expect(told(job)).toEqual([]);
});

it('tells what a supervisor decided about a deviation', () => {
  const job = helped();
  job.put('deviation.raise', { step: null, text: 'A scratch' } as never, 'ann');
  const [deviation] = job.job.undecided;
  const decision = { deviation, disposition: 'concession', reason: 'Not seen', releasesStep: false };
  expect(job.put('deviation.dispose', decision as never, 'designer')).toBeNull();
  expect(told(job)).toEqual([['decision', 'Designer', 'Not seen']]);
});
