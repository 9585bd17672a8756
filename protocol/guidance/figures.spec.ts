import { expect, it } from 'vitest';
import { JobJournal } from '../../test/support/jobs.ts';
import { JobSummary, summaryOf } from './index.ts';

const waits = (job: JobJournal) =>
  summaryOf(job.state.document)!.waitingFor.map(({ what, about }) => `${what} ${about}`.trim());

it('says what a job waits for, wherever it stands', () => {
  const job = new JobJournal();
  expect(waits(job)).toEqual(['begin']);
  job.begin();
  expect(waits(job)).toEqual(['scan bearing', 'photo']);
  job.scan('6204-2RS');
  expect(waits(job)).toEqual(['decision 1', 'scan bearing', 'photo']);
  job.dispose('rework', 'ann');
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  expect(waits(job)).toEqual(['tool wrench']);
  job.put('job.pause', { reason: 'lunch' }, 'ann');
  expect(waits(job)).toEqual(['pause lunch']);
  job.put('job.hold', { reason: 'wrong lot' }, 'sue');
  expect(waits(job)).toEqual(['hold wrong lot']);
  job.put('job.resume', {}, 'sue');
  job.tool(25);
  job.tool(25);
  job.gap(0.2);
  job.act('confirmed');
  job.press(25);
  expect(waits(job)).toEqual(['secondPerson']);
  job.act('confirmed');
  job.check();
  expect(waits(job)).toEqual(['signOff']);
  job.signOff();
  expect(waits(job)).toEqual([]);
});

it('says which skill nobody of the crew has', () => {
  const job = new JobJournal();
  job.put('job.begin', {}, 'ann');
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  expect(waits(job)).toEqual(['skill TORQUE', 'tool wrench']);
});

it('reads what was kept of jobs by an older version of the hall', () => {
  const { order, productType, serial, station, status, revision, ...rest } = summaryOf(
    new JobJournal().state.document,
  )!;
  const { openedAtMs, begunAtMs, endedAtMs, pausedForMs, undecided, steps, visits } = rest;
  const kept = {
    ...{ order, productType, serial, station, status, revision, openedAtMs, begunAtMs, endedAtMs, pausedForMs },
    ...{ undecided, steps, visits, deviations: [{ kind: 'wrong_part', step: null, disposition: null }] },
  };
  expect(JobSummary.parse(kept)).toMatchObject({ waitingFor: [], titles: {}, deviations: [{ isOpen: false }] });
});

it('says beside what was found what was asked for, with its unit', () => {
  const job = new JobJournal().begin();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  job.tool(18);
  job.dispose('rework', 'ann');
  job.tool(25);
  job.tool(25);
  job.gap(0.5);
  expect(summaryOf(job.state.document)!.deviations.map(({ facts }) => facts)).toMatchObject([
    { value: 18, unit: 'N.m', expected: '23–27 N·m' },
    { value: 0.5, unit: 'mm', expected: '0.1–0.3 mm' },
  ]);
});
