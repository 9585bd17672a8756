import { describe, expect, it } from 'vitest';
import { aStep, to } from '../../test/support/procedures.ts';
import { JobJournal, valve, valvePlan } from '../../test/support/jobs.ts';
import { boundInSpaceM } from '../alignment/error-bound.ts';
import { IDENTITY_POSE, type Vec3 } from '../spatial/pose.ts';
import type { GuidancePayload } from './ops.ts';

/** Known to half a millimetre at the marker; a turn of some 0.2 degrees is not known: metres away it is much worse. */
const COVARIANCE = Array.from({ length: 36 }, (_, at) =>
  at % 7 !== 0 ? 0 : at < 18 ? (0.2 * (Math.PI / 180)) ** 2 : 0.0005 ** 2,
);
const NEAR: Vec3 = [0.05, 0, 0];
const FAR: Vec3 = [1.5, 0, 0];
const bound = (atInProduct: Vec3) =>
  boundInSpaceM({ productInDevice: IDENTITY_POSE, poseCovariance: COVARIANCE }, atInProduct);
const gateAt = (atInProduct: Vec3 | null, withinM = 0.005) =>
  valvePlan({ gates: [{ id: 'on-it', step: 'insert', kind: 'alignment', withinM, atInProduct }] });

const align = (job: JobJournal, more: Partial<GuidancePayload<'align.set'>> = {}) =>
  job.put(
    'align.set',
    { productInRoom: IDENTITY_POSE, expectedErrorM: 0.002, how: 'markers', markers: [], ...more },
    'ann',
  );
const stepAfter = (at: Vec3 | null, more: Partial<GuidancePayload<'align.set'>>) => {
  const job = new JobJournal(valve(), gateAt(at)).begin();
  job.act('mounted', { thing: 'bearing' });
  expect(job.step).toBe('insert');
  align(job, more);
  return job.step;
};

describe('an alignment', () => {
  it('is good enough near the marker and not far from it, by its covariance and not by one figure', () => {
    expect(bound(NEAR)).toBeLessThan(0.005);
    expect(bound(FAR)).toBeGreaterThan(0.005);
    expect(stepAfter(NEAR, { poseCovariance: COVARIANCE })).toBe('tighten');
    expect(stepAfter(FAR, { poseCovariance: COVARIANCE })).toBe('insert');
    expect(stepAfter(FAR, {})).toBe('tighten');
  });

  it('is never better than eye and display let it be', () => {
    expect(stepAfter(NEAR, { poseCovariance: COVARIANCE, leastM: 0.006 })).toBe('insert');
    expect(stepAfter(null, { leastM: 0.006 })).toBe('insert');
  });

  it('does not judge a place more finely than it knows that place', () => {
    const placed = (position: Vec3) => {
      const target = { position, rotation: [0, 0, 0, 1] };
      const leaf = { thing: 'bearing', frame: null, target, toleranceM: 0.005, toleranceRad: 0.1, symmetry: null };
      const steps = valve((all) => [
        aStep('insert', { transitions: [to('tighten', { ...leaf, kind: 'placed', reference: { kind: 'room' } })] }),
        ...all.slice(1),
      ]);
      const job = new JobJournal(steps, valvePlan({ gates: [] })).begin();
      align(job, { poseCovariance: COVARIANCE });
      const pose = { position, rotation: [0, 0, 0, 1] };
      return [job.act('placed', { thing: 'bearing', poses: [{ in: null, pose }] }), job.step];
    };
    expect(placed(NEAR)).toEqual([null, 'tighten']);
    expect(placed(FAR)).toEqual(['finer_than_alignment', 'insert']);
  });

  it('by eye is a way to go on: the person answers for the place, the record has the wide error, and no gate is met by it', () => {
    const leaf = { thing: 'bearing', frame: null, toleranceM: 0.005, toleranceRad: 0.1, symmetry: null };
    const placed = { ...leaf, kind: 'placed', reference: { kind: 'room' }, target: IDENTITY_POSE };
    const steps = () => valve((all) => [aStep('insert', { transitions: [to('tighten', placed)] }), ...all.slice(1)]);
    const act = (job: JobJournal) =>
      job.act('placed', { thing: 'bearing', poses: [{ in: null, pose: IDENTITY_POSE }] });
    for (const how of ['manual', 'hitTest'] as const) {
      const job = new JobJournal(steps(), valvePlan({ gates: [] })).begin();
      align(job, { expectedErrorM: 0.001 });
      align(job, { how, expectedErrorM: 0.09 });
      // The fine one of before is over, and nobody can take it for this one.
      expect(job.job.alignedWithinM).toBe(0.09);
      expect([act(job), job.step]).toEqual([null, 'tighten']);
      const gated = new JobJournal(steps(), gateAt(null)).begin();
      align(gated, { how, expectedErrorM: 0.09 });
      act(gated);
      expect(gated.step).toBe('insert');
      align(gated, { expectedErrorM: 0.004 });
      expect(gated.step).toBe('tighten');
    }
  });
});
