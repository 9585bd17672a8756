import { describe, expect, it } from 'vitest';
import { aChapter, aProcedure, aStep, en, Run, to } from '../../test/support/procedures.ts';
import { IDENTITY_POSE } from '../spatial/index.ts';
import { diffProcedures } from './diff.ts';
import { canMigrate } from './migrate.ts';
import type { Procedure } from './procedure.ts';

const confirmed = { kind: 'confirmed' };
const torque = (minimum: number) => ({
  kind: 'toolUsed',
  tool: 'wrench',
  thing: 'a',
  result: { minimum, maximum: 30, unit: 'N.m' },
});
const placed = (toleranceM: number) => ({
  kind: 'placed',
  thing: 'a',
  frame: null,
  reference: { kind: 'room' },
  target: IDENTITY_POSE,
  toleranceM,
  toleranceRad: 0.1,
  symmetry: null,
});
const steps = (options: { torque?: number; tolerance?: number; title?: string; extra?: 'early' | 'late' } = {}) => [
  aStep('one', {
    title: en(options.title ?? 'One'),
    transitions: [to(options.extra === 'early' ? 'new' : 'two', placed(options.tolerance ?? 0.01))],
  }),
  ...(options.extra === 'early' ? [aStep('new', { transitions: [to('two', confirmed)] })] : []),
  aStep('two', { transitions: [to('three', torque(options.torque ?? 20))] }),
  aStep('three', { transitions: [to(options.extra === 'late' ? 'new' : null, confirmed)] }),
  ...(options.extra === 'late' ? [aStep('new', { transitions: [to(null, confirmed)] })] : []),
];
const version = (options = {}) => aProcedure(steps(options));
const before = version();

describe('a new version of a procedure', () => {
  it('tells by step what changed: texts, tolerances, conditions, media, order', () => {
    const changed = (after: Procedure) =>
      diffProcedures(before, after).map((change) =>
        change.kind === 'changed'
          ? `${change.step} ${change.aspect} ${change.path} ${String(change.after)}`
          : change.kind,
      );
    expect(changed(version())).toEqual([]);
    expect(changed(version({ title: 'Eins' }))).toEqual(['one texts title.en Eins']);
    expect(changed(version({ tolerance: 0.005 }))).toEqual([
      'one tolerances transitions.t0.conditions.0.toleranceM 0.005',
    ]);
    expect(changed(version({ torque: 22 }))).toEqual(['two tolerances transitions.t0.conditions.0.result.minimum 22']);
    expect(changed(version({ extra: 'late' }))).toEqual(['three transitions transitions.t0.to new', 'stepAdded']);
    const moved = aProcedure([], {
      chapters: [aChapter('main', steps().slice(0, 2)), aChapter('more', [steps()[2]!])],
    });
    expect(changed(moved)).toEqual(['stepMoved', 'chapterAdded', 'null structure order main,more']);
  });

  it('may take over a running job only where that is safe', () => {
    const run = new Run(before).on('placed', { thing: 'a', poses: [{ in: null, pose: IDENTITY_POSE }] });
    expect(run.steps).toEqual(['two']);
    const verdict = (options: object) => {
      const { isSafe, reasons } = canMigrate(before, version(options), run.state);
      return isSafe ? 'safe' : reasons.map(({ key }) => key).join(' ');
    };
    expect(verdict({})).toBe('safe');
    expect(verdict({ title: 'Eins' })).toBe('safe');
    expect(verdict({ extra: 'late' })).toBe('safe');
    expect(verdict({ torque: 22 })).toBe('running_step_changed');
    expect(verdict({ tolerance: 0.005 })).toBe('done_step_changed');
    expect(verdict({ extra: 'early' })).toBe('new_step_passed');
    const without = aProcedure([aStep('one', { transitions: [to('three', placed(0.01))] }), steps()[2]!]);
    expect(canMigrate(before, without, run.state).reasons.map(({ key }) => key)).toContain('running_step_removed');
  });
});
