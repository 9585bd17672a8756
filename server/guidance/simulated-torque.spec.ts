import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange } from '#protocol/procedures/index';
import { JobJournal, TORQUE } from '../../test/support/jobs.ts';
import { programmeOf, tightened } from './simulated-torque.ts';

describe('a simulated tool', () => {
  it('tightens right when it shall, and wrong when it shall: also by the reader of the step', () => {
    fc.assert(
      fc.property(
        fc.record({ from: fc.integer({ min: 1, max: 300 }), width: fc.integer({ min: 1, max: 60 }) }),
        fc.nat(1000),
        ({ from, width }, count) => {
          const range = { minimum: from, maximum: from + width / 10, unit: 'N.m' as const };
          const asked = (how: 'right' | 'low' | 'high') => {
            const { value, unit, ok } = tightened(range, how, count);
            expect(ok).toBe(how === 'right');
            return isInRange(value, unit, range);
          };
          expect([asked('right'), asked('low'), asked('high')]).toEqual([true, false, false]);
        },
      ),
    );
  });

  it('does not say the same value again and again', () => {
    const values = Array.from({ length: 11 }, (_, count) => tightened(TORQUE as never, 'right', count).value);
    expect(new Set(values).size).toBe(11);
  });

  it('runs the programme of the fastener that the job waits for', () => {
    const job = new JobJournal().begin();
    expect(programmeOf(job.state.document, job.job, 'wrench')).toEqual(TORQUE);
    expect(programmeOf(job.state.document, job.job, 'no-such-tool')).toMatchObject({ unit: 'N.m' });
    job.scan('6208-2RS');
    job.photo();
    job.act('mounted', { thing: 'bearing' });
    expect(job.step).toBe('tighten');
    expect(programmeOf(job.state.document, job.job, 'wrench')).toEqual(TORQUE);
  });
});
