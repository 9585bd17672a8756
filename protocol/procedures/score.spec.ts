import { describe, expect, it } from 'vitest';
import { aProcedure, aStep, en, Run, to } from '../../test/support/procedures.ts';
import { IDENTITY_POSE } from '../spatial/index.ts';
import { DEFAULT_RUBRIC } from './rubric.ts';
import { score } from './score.ts';

const confirmed = { kind: 'confirmed' };
const placed = {
  kind: 'placed',
  thing: 'a',
  frame: null,
  reference: { kind: 'room' },
  target: IDENTITY_POSE,
  toleranceM: 0.01,
  toleranceRad: 0.1,
  symmetry: null,
};
const rule = {
  id: 'gloves',
  text: en('Gloves.'),
  act: { kind: 'grab', thing: 'a' },
  steps: null,
  unless: { kind: 'worn', things: ['gloves'] },
};
const procedure = aProcedure(
  [
    aStep('place', { hints: [en('There.')], transitions: [to('end', placed)] }),
    aStep('end', { transitions: [to(null, confirmed)] }),
  ],
  { safety: [rule], rubric: { ...DEFAULT_RUBRIC, mustNot: ['gloves'] } },
);
const at = (x: number) => [{ in: null, pose: { position: [x, 0, 0], rotation: [0, 0, 0, 1] } }];

describe('a score', () => {
  it('is full for a run without fault, and every point taken is traced to its event', () => {
    const clean = new Run(procedure, 'exam').on('placed', { thing: 'a', poses: at(0) }, 1000).on('confirmed', {}, 2000);
    expect(score(procedure, clean.record)).toMatchObject({ points: 1000, isPassed: true, lines: [], durationMs: 2000 });

    const run = new Run(procedure, 'practice');
    run.on('grabbed', { thing: 'c' }, 1000).on('hintAsked', { step: 'place' }, 2000);
    run.on('placed', { thing: 'a', poses: at(0.035) }, 3000).on('placed', { thing: 'a', poses: at(0) }, 4000);
    run.on('confirmed', {}, 1_000_500);
    const sheet = score(procedure, run.record);
    expect(sheet.lines.map(({ reason, points, event }) => [reason, points, event])).toEqual([
      ['wrong_part', -40, 0],
      ['hint', -20, 1],
      ['out_of_tolerance', -25, 2],
      ['time', -100, null],
    ]);
    expect([sheet.points, sheet.isPassed]).toEqual([815, true]);
  });

  it('fails whoever does what must not be done, whatever the points', () => {
    const run = new Run(procedure, 'exam').on('grabbed', { thing: 'a' }).on('placed', { thing: 'a', poses: at(0) });
    const sheet = score(procedure, run.on('confirmed').record);
    expect(sheet).toMatchObject({ points: 850, isPassed: false, failedBy: ['must_not'], mustNot: ['gloves'] });
  });

  it('fails a run that was not finished', () => {
    expect(score(procedure, new Run(procedure).record)).toMatchObject({ failedBy: ['not_completed'] });
  });

  it('judges an old run again by a new rubric, and stops at the limit of a kind', () => {
    const run = new Run(procedure, 'exam');
    for (let i = 0; i < 9; i++) run.on('grabbed', { thing: 'c' });
    run.on('placed', { thing: 'a', poses: at(0) }).on('confirmed');
    expect(score(procedure, run.record)).toMatchObject({ points: 800, rubricVersion: 1 });
    const strict = {
      ...DEFAULT_RUBRIC,
      version: 2,
      errors: { ...DEFAULT_RUBRIC.errors, wrong_part: { points: 100, atMost: null } },
    };
    expect(score(procedure, run.record, strict)).toMatchObject({ points: 100, rubricVersion: 2, failedBy: ['points'] });
  });

  it('counts how long faults went unseen and what they were taken for', () => {
    const run = new Run(procedure, 'exam');
    run.on('faultInjected', { by: 'ida', fault: 'leak' }, 0).on('faultInjected', { by: 'ida', fault: 'stuck' }, 0);
    run
      .on('faultReported', { diagnosis: 'leak' }, 42_500)
      .on('placed', { thing: 'a', poses: at(0) })
      .on('confirmed');
    const sheet = score(procedure, run.record);
    expect(sheet.faults).toEqual([
      { fault: 'leak', foundAfterMs: 42_500, diagnosedAfterMs: 42_500 },
      { fault: 'stuck', foundAfterMs: null, diagnosedAfterMs: null },
    ]);
    expect(sheet.lines.map(({ reason, points }) => [reason, points])).toEqual([
      ['fault_late', -12],
      ['fault_not_found', -150],
    ]);
  });
});
