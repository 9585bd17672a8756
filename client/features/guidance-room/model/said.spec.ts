import { expect, it } from 'vitest';
import { procedureIn } from '#protocol/procedures/index';
import { JobJournal } from '../../../../test/support/jobs.ts';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { sayDeviation, sayFacts } from './said.ts';

const t = guidanceRoomStrings.text;
const said = (job: JobJournal) => {
  const say = new Speaker(procedureIn(job.state.document, job.job.procedure)!, 'en', procedureStrings.text);
  const last = job.deviations.at(-1)!;
  return [sayDeviation(last, say, t), sayFacts(last, say, t)];
};
const atTighten = () => {
  const job = new JobJournal().begin();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  return job;
};

it('says of a wrong torque what was found and what was expected, in one spelling', () => {
  const job = atTighten();
  job.tool(18.4);
  expect(said(job)).toEqual([
    'Result out of range · Thing screw-1 · found 18.4 N·m · expected 23–27 N·m',
    'Thing screw-1 · found 18.4 N·m · expected 23–27 N·m',
  ]);
});

it('says of a measured value what was found, in the unit that was asked for', () => {
  const job = atTighten();
  job.tool(25);
  job.tool(25);
  job.gap(0.5);
  expect(said(job)[1]).toBe('found 0.5 mm · expected 0.1–0.3 mm');
});

it('says of a wrong part which one was read and which one was asked for', () => {
  const job = new JobJournal().begin();
  job.scan('6204-2RS');
  expect(said(job)[1]).toBe('Thing bearing · found 6204-2RS B-1 · expected 6208-2RS');
});
