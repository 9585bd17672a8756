import { describe, expect, it } from 'vitest';
import { stateHash } from '#protocol/document/index';
import { UserId } from '#protocol/ids';
import { JobJournal, A_PHOTO } from '../../test/support/jobs.ts';
import { HALL_AUTHOR } from '../training/ids.ts';
import { asBuiltOf, marksIn, openCall, recordFromJournal, ringingIn, rowsOf, runningRecording } from './index.ts';
import type { MarkBody } from './help-ops.ts';

const person = (id: string) => ({ id: UserId.parse(id), name: id });
const ring = (job: JobJournal, to: string[], how: 'all' | 'oneByOne' = 'oneByOne', call = 'c-1', by = 'ann') =>
  job.put('help.ring', { call, to: to.map(person), how, escalateAfterS: 20, text: 'The bearing jams', step: null }, by);
const answer = (job: JobJournal, by: string, given: 'accept' | 'decline' = 'accept', call = 'c-1') =>
  job.put('help.answer', { call, answer: given }, by);
const call = (job: JobJournal) => rowsOf(job.state.document, 'calls').at(-1)!;
const states = (job: JobJournal) => call(job).rings.map(({ person: id, state }) => `${id} ${state}`);
const rung = (job: JobJournal) => ringingIn(call(job)).map(({ person: id }) => id as string);
const note = (text = 'look here'): MarkBody => ({ kind: 'note', at: { in: null, point: [0, 0.1, 0] }, text });
const mark = (job: JobJournal, id: string, body: MarkBody, by = 'designer') =>
  job.put('help.addMark', { call: 'c-1', mark: id, body }, by);
const helped = (): JobJournal => {
  const job = new JobJournal().begin();
  ring(job, ['designer']);
  answer(job, 'designer');
  return job;
};

describe('a call from a job', () => {
  it('rings one expert after the other: who declines, is busy or does not answer is passed over', () => {
    const job = new JobJournal();
    expect(ring(job, ['designer', 'sue', 'eva'])).toBeNull();
    expect(rung(job)).toEqual(['designer']);
    expect(answer(job, 'designer', 'decline')).toBeNull();
    expect(rung(job)).toEqual(['sue']);
    expect(job.put('help.settle', { call: 'c-1', person: UserId.parse('sue'), as: 'missed' }, 'ann')).toBe('hall_only');
    expect(job.put('help.settle', { call: 'c-1', person: UserId.parse('sue'), as: 'missed' }, HALL_AUTHOR)).toBeNull();
    expect(states(job)).toEqual(['designer declined', 'sue missed', 'eva ringing']);
    job.put('help.settle', { call: 'c-1', person: UserId.parse('eva'), as: 'busy' }, HALL_AUTHOR);
    expect(call(job)).toMatchObject({ status: 'over', how: 'unanswered', summary: null });
    expect(openCall(job.state.document)).toBeNull();
  });

  it('rings all at once, and is taken by the first: the others are told so, and cannot take it too', () => {
    const job = new JobJournal();
    ring(job, ['designer', 'sue'], 'all');
    expect(rung(job)).toEqual(['designer', 'sue']);
    expect(answer(job, 'sue')).toBeNull();
    expect(states(job)).toEqual(['designer taken', 'sue accepted']);
    expect(answer(job, 'designer')).toBe('call_taken');
    expect(call(job).people.map(({ id, as }) => `${id} ${as}`)).toEqual(['ann crew', 'sue expert']);
  });

  it('is begun by the crew alone, once at a time, and not with somebody of the crew', () => {
    const job = new JobJournal();
    expect(ring(job, ['designer'], 'all', 'c-1', 'sue')).toBe('not_in_crew');
    expect(ring(job, ['ben'])).toBe('rings_crew');
    expect(ring(job, ['designer', 'designer'])).toBe('rung_twice');
    expect(ring(job, ['designer'])).toBeNull();
    expect(ring(job, ['sue'], 'all', 'c-2')).toBe('call_open');
    expect(job.put('help.cancel', { call: 'c-1' }, 'sue')).toBe('not_in_call');
    expect(job.put('help.cancel', { call: 'c-1' }, 'ann')).toBeNull();
    expect([call(job).how, answer(job, 'designer')]).toEqual(['cancelled', 'call_over']);
    expect(ring(job, ['sue'])).toBe('call_over');
  });

  it('takes in more experts, and ends with the last of them or by a word of either side', () => {
    const job = helped();
    expect(ring(job, ['sue'], 'all', 'c-1', 'designer')).toBeNull();
    answer(job, 'sue');
    expect(job.put('help.leave', { call: 'c-1' }, 'designer')).toBeNull();
    expect(call(job).status).toBe('going');
    expect(mark(job, 'm-1', note())).toBe('not_in_call');
    expect(job.put('help.leave', { call: 'c-1' }, 'sue')).toBeNull();
    expect(call(job)).toMatchObject({ status: 'over', how: 'answered' });
  });
});

describe('who helps', () => {
  it('marks and unlocks a gate with a reason while the call goes on, and does no work', () => {
    const job = new JobJournal().begin();
    const unlock = { step: 'insert' as never, what: 'step' as const, reason: 'Seen on the picture' };
    expect(job.put('step.release', unlock, 'designer')).toBe('not_allowed');
    ring(job, ['designer']);
    answer(job, 'designer');
    expect(job.scan('6208-2RS', 'B-1', 'designer')).toBe('not_in_crew');
    expect(job.put('job.join', { person: { ...person('designer'), roles: [], station: null } }, 'designer')).toBe(
      'helps_here',
    );
    expect(mark(job, 'm-1', note())).toBeNull();
    expect(job.put('step.release', { ...unlock, what: 'skill' }, 'designer')).toBe('not_allowed');
    expect(job.put('step.release', unlock, 'designer')).toBeNull();
    job.put('help.end', { call: 'c-1', outcome: 'Bearing turned' }, 'ann');
    expect(call(job).summary).toMatchObject({
      people: [{ id: 'ann' }, { id: 'designer', as: 'expert' }],
      marks: { note: 1 },
      releases: [{ step: 'insert', by: 'designer', reason: 'Seen on the picture' }],
      outcome: 'Bearing turned',
    });
    expect(job.put('step.release', { ...unlock, step: 'tighten' as never }, 'designer')).toBe('not_allowed');
  });

  it('hands over a page of a document: in the journal, in the summary, and not after the call', () => {
    const job = helped();
    const page = { call: 'c-1', document: 'd-1', title: 'Seat', cid: A_PHOTO, kind: 'pdf', page: 12 } as never;
    expect(job.put('help.hand', page, 'sue')).toBe('not_in_call');
    expect(job.put('help.hand', page, 'designer')).toBeNull();
    expect(rowsOf(job.state.document, 'handed')).toMatchObject([
      { call: 'c-1', title: 'Seat', cid: A_PHOTO, page: 12 },
    ]);
    job.put('help.end', { call: 'c-1', outcome: 'Read' }, 'ann');
    expect(call(job).summary).toMatchObject({ documents: [{ title: 'Seat', cid: A_PHOTO, page: 12 }] });
    expect(job.put('help.hand', { ...(page as object), document: 'd-2' } as never, 'designer')).toBe('call_over');
  });

  it('sees to it that others only look: nobody outside of the call says anything in it', () => {
    const job = helped();
    expect(mark(job, 'm-1', note(), 'sue')).toBe('not_in_call');
    expect(mark(job, 'm-1', note(), 'eva')).toBe('not_allowed');
    const line = { call: 'c-1', line: 'l-1', text: 'Hello', language: 'en', source: 'typed', picture: null } as const;
    expect(job.put('help.say', line, 'sue')).toBe('not_in_call');
    expect(job.put('help.say', line, 'ben')).toBeNull();
    expect(call(job).people.map(({ id }) => id)).toContain('ben');
  });

  it('leaves marks that are moved and wiped, of things that the product has, measured as their points say', () => {
    const job = helped();
    expect(mark(job, 'm-1', note())).toBeNull();
    expect(mark(job, 'm-1', note())).toBe('known_already');
    expect(mark(job, 'm-2', { kind: 'note', at: { in: 'moon' as never, point: [0, 0, 0] }, text: 'x' })).toBe(
      'no_such_thing',
    );
    const ends = { from: { in: null, point: [0, 0, 0] }, to: { in: null, point: [0.03, 0.04, 0] } } as const;
    const measured = (distanceM: number) =>
      mark(job, 'm-3', { kind: 'measure', ...ends, distanceM } as unknown as MarkBody);
    expect([measured(0.04), measured(0.05)]).toEqual(['wrong_distance', null]);
    expect(mark(job, 'm-4', { kind: 'sketch', still: 's-1', points: [[0, 0], [1, 1]] })).toBe('no_such_still'); // prettier-ignore
    job.put('help.freeze', { call: 'c-1', still: 's-1', cid: A_PHOTO, widthPx: 640, heightPx: 480 }, 'designer');
    expect(mark(job, 'm-4', { kind: 'sketch', still: 's-1', points: [[0, 0], [1, 1]] })).toBeNull(); // prettier-ignore
    const move = (id: string, body: MarkBody) => job.put('help.moveMark', { mark: id, body }, 'ann');
    expect([move('m-1', note('here')), move('m-3', note())]).toEqual([null, 'other_kind']);
    expect(marksIn(job.state.document).map(({ id }) => id)).toEqual(['m-1', 'm-3', 'm-4']);
    job.put('help.removeMarks', { marks: ['m-1', 'm-4'] }, 'designer');
    expect(marksIn(job.state.document).map(({ id }) => id)).toEqual(['m-3']);
    expect(move('m-1', note())).toBe('no_such_mark');
  });
});

describe('a recording of a call', () => {
  const start = (job: JobJournal, by = 'designer') =>
    job.put('help.record', { call: 'c-1', recording: 'r-1', what: 'sound' }, by);
  const agree = (job: JobJournal, by: string, isGiven = true) => job.put('help.consent', { call: 'c-1', isGiven }, by);

  it('begins when everybody in the call has agreed, and stops when somebody takes their word back', () => {
    const job = helped();
    agree(job, 'ann');
    expect(start(job)).toBe('consent_missing');
    agree(job, 'designer');
    expect(start(job)).toBeNull();
    expect(runningRecording(job.state.document)?.consents).toEqual(['ann', 'designer']);
    agree(job, 'ann', false);
    expect(runningRecording(job.state.document)).toBeNull();
  });

  it('is kept by who made it, and erased by anybody who is on it; the journal stays valid', () => {
    const job = helped();
    for (const by of ['ann', 'designer']) agree(job, by);
    start(job);
    const keep = { recording: 'r-1', cid: A_PHOTO, bytes: 100, type: 'video/webm' };
    expect(job.put('help.keepRecording', keep, 'ann')).toBe('by_another');
    expect(job.put('help.keepRecording', keep, 'designer')).toBeNull();
    const erase = { recording: 'r-1', reason: 'I do not want it' };
    expect(job.put('help.eraseRecording', erase, 'sue')).toBe('not_on_it');
    expect(job.put('help.eraseRecording', erase, 'ann')).toBeNull();
    expect(rowsOf(job.state.document, 'recordings')[0]).toMatchObject({ file: null, erased: { by: 'ann' } });
    const told = recordFromJournal(job.stored.map(({ bytes }) => bytes));
    expect(told).toMatchObject({ help: [{ id: 'c-1', by: 'ann' }] });
  });
});

it('help is part of the record of the job, and replays to the same state', () => {
  const job = new JobJournal().flawless();
  ring(job, ['designer']);
  answer(job, 'designer');
  mark(job, 'm-1', note());
  expect(job.signOff()).toBeNull();
  expect(mark(job, 'm-2', note())).toBe('job_is_over');
  expect(job.put('help.end', { call: 'c-1', outcome: '' }, 'designer')).toBeNull();
  const journal = { room: 'job-room', head: '', length: job.stored.length };
  expect(asBuiltOf(job.state.document, journal)?.help).toMatchObject([
    { how: 'answered', summary: { marks: { note: 1 } } },
  ]);
  const told = recordFromJournal(job.stored.map(({ bytes }) => bytes));
  expect(told).toMatchObject({ help: asBuiltOf(job.state.document, journal)!.help });
  expect(stateHash(job.state.document)).toMatch(/./);
});
