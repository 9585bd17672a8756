import { describe, expect, it } from 'vitest';
import { Procedure, procedureIn } from '#protocol/procedures/index';
import { ann, JobJournal, TORQUE, valve, valvePlan } from '../../../../test/support/jobs.ts';
import { aStep, en, to } from '../../../../test/support/procedures.ts';
import { Speaker } from '../../procedures/model/words.ts';
import { procedureStrings } from '../../procedures/strings.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { askedValue, sayField, sayMiss, typedNumber } from './asked-value.ts';
import { nextTask, stepsNow } from './tasks.ts';

const t = guidanceRoomStrings.text;

/** A step that asks for one thing alone, with a valve that is set in per cent. */
const asking = (condition: object): Procedure => {
  const plain = valve((steps) => [aStep('ask', { transitions: [to('inspect', condition)] }), ...steps.slice(1)]);
  const tap = {
    id: 'tap',
    name: en('Suction valve'),
    kind: 'valve',
    thing: null,
    setting: { kind: 'number', minimum: 0, maximum: 100, unit: '%' },
  };
  return Procedure.parse({ ...plain, workplace: { ...plain.workplace, controls: [tap] } });
};
const begun = (condition: object) => {
  const journal = new JobJournal(asking(condition), valvePlan({ gates: [], tools: [] })).begin();
  const procedure = procedureIn(journal.state.document, journal.job.procedure)!;
  const say = new Speaker(procedure, 'en', procedureStrings.text);
  const steps = stepsNow(journal.state.document, journal.job, procedure, journal.engine!, ann, journal.atMs);
  return { journal, say, asked: askedValue(nextTask(steps)!.task, procedure)! };
};
const CONTROL = {
  kind: 'control',
  control: 'tap',
  setting: { kind: 'number', range: { minimum: 0, maximum: 2, unit: '%' } },
  holdMs: 0,
};
const NUMBER = { kind: 'number', variable: 'gap', range: { minimum: 0.1, maximum: 0.3, unit: 'mm' } };
const TOOL = { kind: 'toolUsed', thing: 'screw-1', tool: 'wrench', result: TORQUE };

const sets = (journal: JobJournal, value: number) => journal.act('controlSet', { control: 'tap', to: value });
const tightens = (journal: JobJournal, value: number) =>
  journal.act('toolUsed', { thing: 'screw-1', tool: 'wrench', isOk: true, result: { value, unit: 'N.m' } });

describe('a value that is typed', () => {
  const WRONG: [string, object, (journal: JobJournal, value: number) => string | null][] = [
    ['a control', CONTROL, sets],
    ['a measured value', NUMBER, (journal, value) => journal.gap(value)],
    ['what a tool shows', TOOL, tightens],
  ];
  it.each(WRONG)('is never wrong without a word: %s holds the step, or the page says why', (_, leaf, enter) => {
    const { journal, say, asked } = begun(leaf);
    const told = sayMiss(asked, 50, say, t);
    expect(enter(journal, 50)).toBeNull();
    expect(journal.step).toBe('ask');
    expect([told !== null, journal.job.undecided.length > 0].filter(Boolean)).toHaveLength(1);
  });

  it('is told against what was asked for, and is right at its ends', () => {
    const { journal, say, asked } = begun(CONTROL);
    expect(sayMiss(asked, 50, say, t)).toBe('50 % is not between 0 and 2 %. Set it right, then enter it again.');
    expect(sayMiss(asked, 2, say, t)).toBeNull();
    sets(journal, 50);
    sets(journal, 2);
    expect(journal.step).toBe('inspect');
    expect(journal.deviations).toEqual([]);
  });

  it('has a field that says what it is and in which unit', () => {
    const named = (leaf: object) => {
      const { asked, say } = begun(leaf);
      return sayField(asked, say, t);
    };
    expect([CONTROL, NUMBER, TOOL].map(named)).toEqual(['Suction valve, %', 'Length, mm', 'Torque, N·m']);
  });

  it('is a number also while it looks unfinished, and none before', () => {
    expect(['', '-', '0.', '5', 0.2].map(typedNumber)).toEqual([null, null, 0, 5, 0.2]);
  });
});
