import { expect, it } from 'vitest';
import { JobJournal, VALVE_RELEASE, valve, valvePlan } from '../../test/support/jobs.ts';
import { asBuiltOf } from './as-built.ts';
import { NO_SOURCE, sourceOf } from './record-source.ts';
import { toldRecord } from './record-told.ts';
import type { RecordLanguage } from './record-words.ts';

function told(job: JobJournal, language: RecordLanguage = 'en', hasJournal = true) {
  const record = asBuiltOf(job.state.document, { room: 'r', head: 'h', length: job.stored.length })!;
  const blocks = job.stored.map(({ bytes }) => bytes);
  return toldRecord(record, hasJournal ? sourceOf(record, blocks) : NO_SOURCE, language);
}

/** A wrong part, a wrong torque and a wrong gap; the first two done again, the last accepted by somebody from outside. */
function flawed(): JobJournal {
  const job = new JobJournal(valve(), valvePlan()).begin();
  job.scan('6204-2RS', 'B-9');
  job.dispose('rework', 'ann');
  job.scan('6208-2RS', 'B-77');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  job.tool(18, { serial: 'T-9' });
  job.dispose('rework', 'ann');
  job.tool(25);
  job.tool(25.5);
  job.gap(0.5);
  job.dispose('concession', 'designer', true);
  return job;
}

it('gives a step its one number, and tells what was done again as attempts of it', () => {
  const { steps } = told(flawed());
  expect(steps.map(({ number, title, attempts }) => [number, title, attempts.map(({ attempt }) => attempt)])).toEqual([
    ['1', 'Step insert', ['attempt 1 of 2', 'attempt 2 of 2']],
    ['2', 'Step tighten', ['attempt 1 of 2', 'attempt 2 of 2']],
    ['3', 'Step gap', ['']],
    ['4', 'Step clean', ['']],
  ]);
});

it('names the screw, the tool and the range of each torque, and says in words what is wrong', () => {
  const [, tighten, gap] = told(flawed()).steps;
  expect(tighten!.attempts.map(({ lines }) => lines)).toEqual([
    [
      {
        text: 'Thing screw-1: 18 N·m, range 23–27 N·m · Wrench (W-1, T-9), calibration not told · out of range',
        isGood: false,
      },
    ],
    [
      { text: 'Thing screw-1: 25 N·m, range 23–27 N·m · Wrench (W-1), calibration not told · in range', isGood: true },
      {
        text: 'Thing screw-2: 25.5 N·m, range 23–27 N·m · Wrench (W-1), calibration not told · in range',
        isGood: true,
      },
    ],
  ]);
  expect(gap!.attempts[0]!.lines).toEqual([
    { text: 'Measured gap: 0.5 mm, range 0.1–0.3 mm · out of range', isGood: false },
  ]);
});

it('says of each deviation where it was, what was found and expected, and who decided what and why', () => {
  expect(told(flawed()).deviations).toMatchObject([
    {
      kind: 'Wrong part',
      where: 'step 1 Step insert, attempt 1 of 2',
      about: 'Thing bearing',
      found: '6204-2RS, serial number B-9',
      expected: '6208-2RS, with a serial number',
      decision: 'Rework, decided by Ann: as decided',
      again: 'done right in attempt 2 of 2',
    },
    {
      kind: 'Result out of range',
      where: 'step 2 Step tighten, attempt 1 of 2',
      about: 'Thing screw-1, Wrench',
      found: '18 N·m',
      expected: '23–27 N·m',
    },
    {
      kind: 'Value out of range',
      where: 'step 3 Step gap',
      found: '0.5 mm',
      expected: '0.1–0.3 mm',
      decision: 'Concession, decided by Designer: as decided',
    },
  ]);
});

it('says which pieces were laid out where the kind of part was right, and which checks a release left open', () => {
  const kit = [{ thing: 'bearing', part: '6208-2RS', traced: 'serial', allowed: ['B-1', 'B-2'] }];
  const job = new JobJournal(valve(), valvePlan({ kit })).begin();
  job.scan('6208-2RS', 'B-77');
  job.dispose('rework', 'ann');
  job.put('step.release', { step: 'insert', what: 'step', reason: 'Seen by me' } as never, 'sue');
  expect(told(job).deviations).toMatchObject([
    {
      found: '6208-2RS, serial number B-77',
      expected: '6208-2RS, one of those laid out for this order: B-1, B-2',
    },
    {
      kind: 'Released without its checks',
      about: 'without: code of Thing bearing, The seat',
      text: '',
      decision: 'Let pass, decided by Sue: Seen by me',
    },
  ]);
});

it('tells results that came while nobody waited for them beside the steps', () => {
  const job = new JobJournal().begin();
  job.tool(25);
  expect(told(job).besides).toEqual([
    {
      text: '25 N·m · Wrench (W-1), calibration not told · not counted: nobody waited for it',
      isGood: null,
    },
  ]);
});

it('speaks Chinese, and without the journal says what the record alone knows', () => {
  expect(told(flawed(), 'zh').deviations[1]).toMatchObject({
    kind: '结果超差',
    where: '第 2 步 Step tighten，第 1 次（共 2 次）',
  });
  const alone = told(flawed(), 'en', false);
  expect(alone.steps.map(({ number, title }) => [number, title])[1]).toEqual([null, 'Step tighten']);
  expect(alone.steps[1]!.attempts[0]!.lines[0]!.text).toMatch(/^screw-1: 18 N·m, range 23–27 N·m .* out of range$/);
});

it('takes no other instruction for the one that the record names', () => {
  const job = flawed();
  const blocks = job.stored.map(({ bytes }) => bytes);
  const record = asBuiltOf(job.state.document, { room: 'r', head: 'h', length: blocks.length })!;
  expect(sourceOf(record, blocks).procedure?.id).toBe('valve');
  const other = { instruction: { ...record.instruction, document: VALVE_RELEASE } };
  expect(sourceOf(other, blocks).procedure).toBeNull();
});
