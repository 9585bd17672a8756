import { describe, expect, it } from 'vitest';
import { aStep, en, to } from '../../test/support/procedures.ts';
import { JobJournal, VALVE_RELEASE, valve, valvePlan } from '../../test/support/jobs.ts';
import { encodeBlock } from '../journal/block.ts';
import { changeOf } from './index.ts';

const NEWER = `${encodeBlock('a newer release of the valve').cid}`;
/** A label at the end: nothing that was done is touched by it. */
const labelled = valve((steps) => [
  ...steps.slice(0, 5),
  { ...steps[5]!, transitions: [{ ...to('label', { kind: 'confirmed' }), id: 't0', interrupts: false }] },
  aStep('label', { transitions: [to(null, { kind: 'confirmed' })] }),
]);
const photoOf = (step: string) => ({ id: `${step}-photo`, step, kind: 'photo', text: en('Look'), compareWith: null });
const newPlan = (...gates: object[]) =>
  valvePlan({ release: NEWER, gates: [...valvePlan().gates, ...gates], onNewRelease: 'ask' });
const atTighten = () => {
  const job = new JobJournal().begin();
  job.scan('6208-2RS');
  job.photo();
  job.act('mounted', { thing: 'bearing' });
  return job;
};
const migrate = (job: JobJournal, plan: ReturnType<typeof newPlan>) =>
  job.put('job.migrate', {
    release: NEWER as never,
    procedure: job.load(labelled) as never,
    revision: 2,
    plan,
  });

describe('a newer release of the instruction', () => {
  it('is taken with what the plan asks for at steps that lie ahead', () => {
    const job = atTighten();
    expect(migrate(job, newPlan(photoOf('gap')))).toBeNull();
    expect([job.job.revision, job.job.plan.gates.length]).toEqual([2, 5]);
    job.tool(25);
    job.tool(25);
    job.gap(0.2);
    expect(job.step).toBe('gap');
    job.put('photo.add', { gate: 'gap-photo', cid: NEWER as never, kind: 'picture' }, 'ann');
    expect(job.step).toBe('clean');
  });

  it('is not taken where it asks for more at a step that is done or running', () => {
    const job = atTighten();
    expect(migrate(job, newPlan(photoOf('insert')))).toBe('not_safe_to_migrate');
    expect(migrate(job, newPlan(photoOf('tighten')))).toBe('not_safe_to_migrate');
    const kit = [{ thing: 'bearing', part: '6308-2RS', traced: 'serial', allowed: null }];
    expect(migrate(job, valvePlan({ release: NEWER, kit }))).toBe('not_safe_to_migrate');
    expect(migrate(job, valvePlan({ release: NEWER, productType: 'VALVE-50' }))).toBe('not_safe_to_migrate');
    expect(job.job.revision).toBe(1);
  });

  it('waits, asks or leaves a running job alone by the plan’s rule, until a supervisor decides', () => {
    const job = atTighten();
    const by = (onNewRelease: string) => changeOf(job.job, valvePlan({ release: NEWER, onNewRelease }));
    expect(['stay', 'whenSafe', 'ask'].map(by)).toEqual(['stays', 'waits', 'asks']);
    expect(changeOf(job.job, valvePlan({ release: VALVE_RELEASE }))).toBeNull();
    const decide = (decision: 'migrate' | 'stay', who: string) =>
      job.put('job.revise', { release: NEWER as never, decision, reason: 'Two are left of this lot' }, who);
    expect(decide('stay', 'ann')).toBe('not_allowed');
    expect(decide('stay', 'sue')).toBeNull();
    expect(['stay', 'whenSafe', 'ask'].map(by)).toEqual(['stays', 'stays', 'stays']);
    expect(decide('migrate', 'sue')).toBeNull();
    expect(by('stay')).toBe('waits');
    expect(job.job.revising.map(({ by: who, decision }) => `${who} ${decision}`)).toEqual(['sue stay', 'sue migrate']);
  });
});
