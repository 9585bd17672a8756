import { expect, it } from 'vitest';
import { procedureIn } from '#protocol/procedures/index';
import { JobJournal, valve } from '../../../../test/support/jobs.ts';
import { en } from '../../../../test/support/procedures.ts';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { needKey, sayDeviation, sayFacts, sayNeed } from './said.ts';
import type { Task } from './tasks.ts';

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

/** Lines as they stand while nothing of them is done. `isListed`: their list or question stands below them. */
const line = (leaf: object, isDone = false, isListed = false) => {
  const say = new Speaker(valve(), 'en', procedureStrings.text);
  const task = { id: '0', leaf, gate: null, path: '0', isDone, need: { kind: 'fill', what: 'list' } };
  return sayNeed(task as unknown as Task, say, t, isListed);
};
const LIST = { kind: 'checklist', items: [{ id: 'a', text: en('The permit hangs here') }] };
const WORN = { kind: 'worn', things: ['seal'] };
const ASKED = { kind: 'answered', question: en('Whose lock?') };

it('asks for what is still to be done, and says in the past tense only what was', () => {
  const open = [LIST, WORN, ASKED, { kind: 'confirmed' }, { kind: 'mounted', things: ['bearing'] }];
  expect(open.map((leaf) => line(leaf))).toEqual([
    'Tick: The permit hangs here',
    'Put on: Thing seal',
    'Answer: Whose lock?',
    'Say when it is done',
    'Put in: Thing bearing',
  ]);
  expect([LIST, WORN, ASKED].map((leaf) => line(leaf, true))).toEqual([
    'Ticked: The permit hangs here',
    'Worn: Thing seal',
    'Answered: Whose lock?',
  ]);
});

it('names the range of a value beforehand, and what a control is to be set to', () => {
  const range = { minimum: 0, maximum: 2, unit: 'V' };
  expect(line({ kind: 'number', variable: 'gap', range })).toBe('Enter: Voltage, between 0 and 2 V');
  const setting = { kind: 'positions', positions: ['off'] };
  expect(line({ kind: 'control', control: 'none', setting, holdMs: 0 })).toMatch(/^Set .*: off$/);
});

it('does not say a list or a question twice where it stands below its line', () => {
  expect([LIST, WORN, ASKED].map((leaf) => line(leaf, false, true))).toEqual([
    'Tick the list',
    'Put on, and tick what you wear',
    'Answer the question',
  ]);
});

it('says on the large button what it leads to', () => {
  const whats = ['value', 'answer', 'list', 'wear'] as const;
  expect(whats.map((what) => t(needKey({ kind: 'fill', what })))).toEqual([
    'Type the value',
    'Answer',
    'Tick the list',
    'Tick what you wear',
  ]);
});
