import { describe, expect, it } from 'vitest';
import { aChapter, ann, aProcedure, aStep, ben, en, Run, to } from '../../test/support/procedures.ts';
import { IDENTITY_POSE } from '../spatial/index.ts';
import { nextDueAtMs, react } from './run.ts';
import { score } from './score.ts';

const grabbed = (thing: string) => ({ kind: 'grabbed', thing });
const confirmed = { kind: 'confirmed' };
const timeout = (afterMs: number) => ({ kind: 'timeout', afterMs });
const placed = (thing: string, options = {}) => ({
  kind: 'placed',
  thing,
  frame: null,
  reference: { kind: 'room' },
  target: IDENTITY_POSE,
  toleranceM: 0.01,
  toleranceRad: 0.1,
  symmetry: null,
  ...options,
});
const at = (x: number) => [{ in: null, pose: { position: [x, 0, 0], rotation: [0, 0, 0, 1] } }];

describe('a run goes through its steps', () => {
  it('by the first transition in order whose conditions all hold', () => {
    const procedure = aProcedure([
      aStep('s', { transitions: [to('both', grabbed('a'), grabbed('b')), to('one', grabbed('b'))] }),
      aStep('both', { transitions: [to(null, confirmed)] }),
      aStep('one', { transitions: [to(null, confirmed)] }),
    ]);
    expect(new Run(procedure).on('grabbed', { thing: 'a' }).steps).toEqual(['s']);
    expect(new Run(procedure).on('grabbed', { thing: 'a' }).on('grabbed', { thing: 'b' }).steps).toEqual(['both']);
    expect(new Run(procedure).on('grabbed', { thing: 'b' }).steps).toEqual(['one']);
  });

  it('at once where nothing is asked, chapter after chapter, to the end', () => {
    const procedure = aProcedure([], {
      chapters: [
        aChapter('one', [aStep('a1', { transitions: [to('a2')] }), aStep('a2')]),
        aChapter('two', [aStep('b1')]),
      ],
    });
    expect(new Run(procedure).state).toMatchObject({ status: 'completed', visited: ['a1', 'a2', 'b1'], active: [] });
  });

  it('and fails in words where steps lead back to each other at once', () => {
    const procedure = aProcedure([aStep('a', { transitions: [to('b')] }), aStep('b', { transitions: [to('a')] })]);
    expect(new Run(procedure).state).toMatchObject({ status: 'failed', problem: { key: 'instant_loop' } });
  });

  it('and fails in words where a sub-procedure runs inside itself', () => {
    const procedure = aProcedure([aStep('a', { body: { kind: 'group', chapter: 'sub' } })], {
      subchapters: [aChapter('sub', [aStep('b', { body: { kind: 'group', chapter: 'sub' } })])],
    });
    expect(new Run(procedure).state).toMatchObject({ status: 'failed', problem: { key: 'endless_nesting' } });
  });
});

describe('a step with sub-procedures', () => {
  const branch = (id: string, ...conditions: unknown[]) =>
    aChapter(id, [aStep(`${id}1`, { transitions: [to(null, ...conditions)] })]);
  const subchapters = [branch('x', grabbed('a')), branch('y', grabbed('b')), branch('z', grabbed('c'))];

  it('waits for all parallel branches', () => {
    const body = { kind: 'parallel', branches: ['x', 'y'], needed: null };
    const run = new Run(aProcedure([aStep('p', { body } as never)], { subchapters }));
    expect(run.steps).toEqual(['p', 'x1', 'y1']);
    expect(run.on('grabbed', { thing: 'b' }).steps).toEqual(['p', 'x1']);
    expect(run.on('grabbed', { thing: 'a' }).state.status).toBe('completed');
  });

  it('stops the other branches when enough are through', () => {
    const body = { kind: 'parallel', branches: ['x', 'y', 'z'], needed: 2 };
    const run = new Run(aProcedure([aStep('p', { body } as never)], { subchapters }));
    run.on('grabbed', { thing: 'c' }).on('grabbed', { thing: 'a' });
    expect(run.state.status).toBe('completed');
    expect(run.effects).toContainEqual(expect.objectContaining({ kind: 'left', step: 'y1', how: 'stopped' }));
  });

  it('draws a random branch by the seed: the same seed the same branch, and all branches by their weight', () => {
    const body = {
      kind: 'random',
      branches: [
        { chapter: 'x', weight: 3 },
        { chapter: 'y', weight: 1 },
      ],
    };
    const procedure = aProcedure([aStep('r', { body } as never)], { subchapters });
    const drawn = Array.from({ length: 400 }, (_, seed) => new Run(procedure, 'guided', seed).steps[1]);
    expect(Array.from({ length: 400 }, (_, seed) => new Run(procedure, 'guided', seed).steps[1])).toEqual(drawn);
    const share = drawn.filter((step) => step === 'x1').length / 400;
    expect(share).toBeGreaterThan(0.65);
    expect(share).toBeLessThan(0.85);
  });

  it('can be left while its body runs, by a transition that interrupts, and by no other', () => {
    const transitions = [to('after', confirmed), { ...to(null, timeout(500)), interrupts: true }];
    const steps = [aStep('g', { body: { kind: 'group', chapter: 'x' }, transitions }), aStep('after')];
    const run = new Run(aProcedure(steps, { subchapters })).on('confirmed');
    expect(run.steps).toEqual(['g', 'x1']);
    expect(run.on('time', {}, 500).state.status).toBe('completed');
  });
});

describe('time', () => {
  const holding = aProcedure([
    aStep('s', {
      transitions: [to('end', { kind: 'value', sensor: 'gauge', range: { minimum: 2, unit: 'bar' }, holdMs: 1000 })],
    }),
    aStep('end', { transitions: [to(null, timeout(5000))] }),
  ]);
  const gauge = (value: number, unit = 'bar') => ({ sensor: 'gauge', value, unit });

  it('says when it is next needed, and counts a value only when it held without a break', () => {
    const run = new Run(holding);
    expect(nextDueAtMs(run.state)).toBe(null);
    run.on('value', gauge(3), 100);
    expect(nextDueAtMs(run.state)).toBe(1100);
    run.on('value', gauge(1), 600).on('value', gauge(250, 'kPa'), 700).on('time', {}, 1699);
    expect(run.steps).toEqual(['s']);
    expect(run.on('time', {}, 1700).steps).toEqual(['end']);
    expect(nextDueAtMs(run.state)).toBe(6700);
  });

  it('makes the same run whether many time events were sent or none', () => {
    const [often, seldom] = [new Run(holding), new Run(holding)];
    for (const run of [often, seldom]) run.on('value', gauge(3), 100);
    for (let ms = 200; ms < 9000; ms += 50) often.on('time', {}, ms);
    for (const run of [often, seldom]) run.on('time', {}, 9000);
    expect(JSON.stringify(seldom.state)).toBe(JSON.stringify(often.state));
    expect(seldom.state.status).toBe('completed');
    expect(seldom.effects).toEqual(often.effects.filter(({ kind }) => kind !== 'refused'));
  });

  it('stands still in a pause', () => {
    const run = new Run(aProcedure([aStep('s', { transitions: [to(null, timeout(1000))] })]));
    run.on('paused', {}, 400).on('grabbed', { thing: 'a' }, 500).on('time', {}, 9000);
    expect(run.refusals).toEqual(['paused']);
    expect(nextDueAtMs(run.state)).toBe(null);
    expect(nextDueAtMs(run.on('resumed', {}, 10_000).state)).toBe(10_600);
    expect(run.on('time', {}, 10_599).state.status).toBe('running');
    expect(run.on('time', {}, 10_600).state.status).toBe('completed');
  });

  it('lets a step wait for what blocks it, at its beginning and at its end', () => {
    const speech = (stage: 'enter' | 'leave', durationMs: number) => ({
      kind: 'speech',
      stage,
      isBlocking: true,
      durationMs,
      modes: null,
      text: en('listen'),
    });
    const behaviours = [speech('enter', 300), speech('leave', 200)];
    const run = new Run(aProcedure([aStep('s', { behaviours, transitions: [to(null, confirmed)] } as never)]));
    expect(run.on('confirmed', {}, 299).on('time', {}, 400).steps).toEqual(['s']);
    expect(run.on('confirmed', {}, 500).on('time', {}, 699).state.status).toBe('running');
    expect(run.on('time', {}, 700).state.status).toBe('completed');
    const exam = new Run(run.procedure, 'exam').on('confirmed', {}, 1);
    expect(exam.state.status, 'an exam says nothing').toBe('completed');
  });

  it('ends a step that takes too long, and starts it again as often as its retry says', () => {
    const retry = { attempts: 2, afterwards: { kind: 'fail' } };
    const run = new Run(
      aProcedure([aStep('s', { timeLimitMs: 1000, retry, transitions: [to(null, confirmed)] } as never)]),
    );
    run.on('time', {}, 1000);
    expect(run.state.active[0]).toMatchObject({ attempt: 2 });
    expect(run.on('time', {}, 2000).state.status).toBe('failed');
    expect(run.findings).toEqual(['time_limit', 'time_limit']);
  });

  it('dwell and gaze count while they last, for whoever does the step', () => {
    const transitions = [
      to('looked', { kind: 'dwell', place: 'bench', durationMs: 500 }, { kind: 'gaze', thing: 'a', durationMs: 300 }),
    ];
    const run = new Run(
      aProcedure([
        aStep('s', { role: 'fitter', transitions }),
        aStep('looked', { transitions: [to(null, confirmed)] }),
      ]),
    );
    run
      .on('moved', { places: ['bench'] }, 0)
      .on('gazed', { by: 'ben', thing: 'a' }, 0)
      .on('time', {}, 400);
    run.on('gazed', { thing: 'a' }, 400).on('gazed', { thing: null }, 699).on('gazed', { thing: 'a' }, 700);
    expect(run.on('time', {}, 999).steps).toEqual(['s']);
    expect(run.on('time', {}, 1000).steps).toEqual(['looked']);
  });
});

describe('what a step does by itself', () => {
  const every = { isBlocking: false, durationMs: 0, modes: null };
  it('sets and adds to variables, and tells of points, when it begins and when it is left', () => {
    const set = (stage: string, value: number, isAdded: boolean) => ({
      ...{ ...every, stage, kind: 'setVariable', variable: 'n', value, isAdded },
    });
    const behaviours = [
      set('enter', 5, false),
      set('leave', 2, true),
      { ...every, stage: 'leave', kind: 'score', points: -7, reason: en('So it is.') },
    ];
    const isSet = { kind: 'variable', variable: 'n', is: { kind: 'equal', value: 7 } };
    const steps = [
      aStep('s', { behaviours, transitions: [to('t', confirmed)] } as never),
      aStep('t', { transitions: [to(null, isSet)] }),
    ];
    const run = new Run(aProcedure(steps, { variables: [{ id: 'n', initial: 0, unit: null }] }));
    expect(run.state.world.variables).toEqual({ n: 5 });
    run.on('confirmed');
    expect([run.state.world.variables, run.state.status]).toEqual([{ n: 7 }, 'completed']);
    expect(run.effects).toContainEqual({ kind: 'scored', step: 's', index: 2, points: -7 });
    expect(score(run.procedure, run.record).lines).toMatchObject([{ reason: 'procedure', points: -7, step: 's' }]);
  });
});

describe('an instructor', () => {
  const procedure = aProcedure([
    aStep('s', { hints: [en('Look left.')], transitions: [to('t', grabbed('a'), grabbed('b'))] }),
    aStep('t', { isOptional: true, transitions: [to(null, confirmed)] }),
  ]);

  it('resets a step, jumps, and leaves the workplace as it is', () => {
    const run = new Run(procedure).on('grabbed', { thing: 'a' }).on('stepReset', { by: 'ida', step: 's' });
    expect(run.on('grabbed', { thing: 'b' }).steps, 'a is forgotten').toEqual(['s']);
    expect(run.on('jumped', { by: 'ida', to: 't' }).steps).toEqual(['t']);
    expect(run.state.world.held).toEqual({ a: 'ann', b: 'ann' });
    expect(run.findings, 'whom an instructor takes on pays nothing').toEqual([]);
    expect(new Run(procedure).on('jumped', { by: 'ann', to: 't' }).findings, 'who skips themselves does').toEqual([
      'skipped',
    ]);
  });

  it('puts in faults, and the run knows when they were found and what they were taken for', () => {
    const run = new Run(procedure).on('faultReported', { diagnosis: null }, 5);
    run.on('faultInjected', { by: 'ida', fault: 'leak' }, 10).on('faultReported', { diagnosis: 'stuck' }, 40);
    run.on('faultReported', { diagnosis: 'leak' }, 90).on('faultCleared', { by: 'ida', fault: 'leak' }, 95);
    expect(run.state.world.faults).toEqual({
      leak: { injectedMs: 10, foundMs: 40, diagnosedMs: 90, clearedMs: 95 },
    });
    expect(run.findings).toEqual(['false_alarm', 'wrong_diagnosis']);
  });

  it('is not needed for a hint, which an exam refuses, nor to skip what is optional', () => {
    const run = new Run(procedure, 'practice').on('hintAsked', { step: 's' }).on('hintAsked', { step: 's' });
    expect([run.findings, run.refusals]).toEqual([['hint'], ['no_more_hints']]);
    expect(new Run(procedure, 'exam').on('hintAsked', { step: 's' }).refusals).toEqual(['no_hints_in_exam']);
    run.on('skipped', { step: 's' }).on('jumped', { by: 'ida', to: 't' }).on('skipped', { step: 't' });
    expect([run.refusals.at(-1), run.state.status]).toEqual(['not_optional', 'completed']);
  });
});

describe('the state', () => {
  it('is never changed in place, and survives JSON', () => {
    const procedure = aProcedure([aStep('s', { transitions: [to(null, grabbed('a'), placed('a'), timeout(100))] })]);
    const run = new Run(procedure);
    for (const [type, facts] of [
      ['grabbed', { thing: 'a' }],
      ['placed', { thing: 'a', poses: at(0) }],
      ['time', {}],
    ] as const) {
      const before = run.state;
      const text = JSON.stringify(before);
      const frozen = deepFreeze(JSON.parse(text) as typeof before);
      run.on(type, facts, 100);
      expect(JSON.stringify(before)).toBe(text);
      expect(react(procedure, frozen, run.events.at(-1)!.event, 100).state).toEqual(run.state);
    }
    expect(run.state.status).toBe('completed');
  });

  it('refuses everything once the run is over', () => {
    const run = new Run(aProcedure([aStep('s')]), 'guided', 1, [ann, ben]).on('confirmed');
    expect(run.refusals).toEqual(['run_is_over']);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
