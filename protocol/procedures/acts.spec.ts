import { describe, expect, it } from 'vitest';
import { aProcedure, aStep, aThing, en, Run, to, WORKBENCH } from '../../test/support/procedures.ts';
import { IDENTITY_POSE } from '../spatial/index.ts';

const grabbed = (thing: string) => ({ kind: 'grabbed', thing });
const confirmed = { kind: 'confirmed' };
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

describe('what may be touched', () => {
  const procedure = aProcedure([
    aStep('first', { transitions: [to('second', grabbed('a'))] }),
    aStep('second', { role: 'inspector', transitions: [to(null, grabbed('b'), confirmed)] }),
  ]);

  it('is locked in guided mode, with the reason', () => {
    const run = new Run(procedure).on('grabbed', { thing: 'b' }).on('grabbed', { thing: 'c' });
    expect(run.refusals).toEqual(['wrong_order', 'wrong_part']);
    expect(run.state.world.held).toEqual({});
  });

  it('happens in practice and exam, and is held against the run', () => {
    const run = new Run(procedure, 'exam').on('grabbed', { thing: 'b' }).on('grabbed', { thing: 'c' });
    expect([run.findings, run.refusals]).toEqual([['wrong_order', 'wrong_part'], []]);
    expect(run.state.world.held).toEqual({ b: 'ann', c: 'ann' });
  });

  it('is another person’s when the step is', () => {
    const run = new Run(procedure).on('grabbed', { thing: 'a' }).on('grabbed', { thing: 'b' });
    expect(run.refusals).toEqual(['wrong_person']);
    run.on('grabbed', { by: 'ben', thing: 'b' }).on('confirmed').on('confirmed', { by: 'ben' });
    expect(run.state.status).toBe('completed');
  });

  it('is for who stands at its station, and for who has none', () => {
    const stations = ['press', 'store'].map((id) => ({ id, name: en(id), place: 'bench', roles: [] }));
    const there = aProcedure([aStep('s', { station: 'press', transitions: [to(null, grabbed('a'))] })], {
      workplace: { stations },
    });
    const crew = [
      { id: 'ann', roles: ['fitter'], station: 'store' },
      { id: 'ben', roles: ['inspector'], station: 'press' },
      { id: 'cem', roles: [], station: null },
    ] as never;
    const run = new Run(there, 'guided', 1, crew).on('grabbed', { thing: 'a' });
    expect([run.refusals, run.state.status]).toEqual([['wrong_person'], 'running']);
    expect(run.on('grabbed', { by: 'ben', thing: 'a' }).state.status).toBe('completed');
    const alone = new Run(there, 'guided', 1, crew).on('grabbed', { by: 'cem', thing: 'a' });
    expect(alone.state.status).toBe('completed');
  });

  it('stays in the hand that has it, in every mode and held against nobody, until it is put down', () => {
    const free = aProcedure([aStep('s', { transitions: [to(null, placed('a'), grabbed('b'))] })]);
    for (const mode of ['guided', 'practice', 'exam'] as const) {
      const run = new Run(free, mode).on('grabbed', { thing: 'a' });
      for (const act of [
        ['grabbed', {}],
        ['released', {}],
        ['mounted', {}],
        ['used', {}],
        ['placed', { poses: at(0) }],
      ] as const)
        run.on(act[0], { by: 'ben', thing: 'a', ...act[1] });
      expect([run.refusals, run.findings, run.state.world.held]).toEqual([
        ['held_by_another', 'held_by_another', 'held_by_another', 'held_by_another', 'held_by_another'],
        [],
        { a: 'ann' },
      ]);
      // Handed over: put down by the one, taken by the other.
      run.on('released', { thing: 'a' }).on('grabbed', { by: 'ben', thing: 'a' });
      expect(run.state.world.held).toEqual({ a: 'ben' });
    }
  });

  it('can be worked on while another holds it', () => {
    const fasten = aProcedure([
      aStep('s', {
        transitions: [to(null, { kind: 'toolUsed', thing: 'a', tool: 'wrench', result: null })],
        unlocks: { needed: true, things: ['a'], tools: [], controls: [] },
      }),
    ]);
    const run = new Run(fasten).on('grabbed', { thing: 'a' });
    run.on('touched', { by: 'ben', thing: 'a' });
    run.on('toolUsed', { by: 'ben', thing: 'a', tool: 'wrench', isOk: true, result: null });
    expect([run.refusals, run.state.status]).toEqual([[], 'completed']);
  });

  it('stands under safety rules in every mode', () => {
    const rule = {
      id: 'hands',
      text: en('Wear gloves.'),
      act: { kind: 'grab', thing: 'a' },
      steps: null,
      unless: { kind: 'worn', things: ['gloves'] },
    };
    const ruled = aProcedure([aStep('s', { transitions: [to(null, grabbed('a'))] })], { safety: [rule] });
    const guided = new Run(ruled).on('grabbed', { thing: 'a' });
    expect([guided.refusals, guided.findings, guided.state.status]).toEqual([['unsafe'], ['safety'], 'running']);
    expect(guided.on('putOn', { thing: 'gloves' }).on('grabbed', { thing: 'a' }).state.status).toBe('completed');
    const exam = new Run(ruled, 'exam').on('grabbed', { thing: 'a' });
    expect([exam.findings, exam.state.status]).toEqual([['safety'], 'completed']);
  });

  it('is never what is fixed, nor anything for a stranger', () => {
    const fixed = aProcedure([aStep('s', { transitions: [to(null, confirmed)] })], {
      workplace: { things: [...WORKBENCH.things, aThing('bed', { isFixed: true })] },
    });
    const run = new Run(fixed, 'exam').on('grabbed', { thing: 'bed' }).on('confirmed', { by: 'zoe' });
    expect([run.refusals, run.state.status]).toEqual([['fixed', 'not_in_this_run'], 'running']);
  });
});

describe('what is done wrong', () => {
  it('a part put down outside its tolerance: by how much', () => {
    const run = new Run(aProcedure([aStep('s', { transitions: [to(null, placed('a'))] })]));
    run.on('grabbed', { thing: 'a' }).on('placed', { thing: 'a', poses: at(0.025) });
    expect(run.effects.at(-1)).toMatchObject({
      finding: { kind: 'out_of_tolerance', facts: { thing: 'a', positionM: 0.025, offByTolerances: 2 } },
    });
    run.on('grabbed', { thing: 'a' }).on('placed', { thing: 'a', poses: at(0.01) });
    expect([run.state.status, run.state.world.mounted]).toEqual(['completed', ['a']]);
  });

  it('parts mounted in another order', () => {
    const order = { kind: 'mounted', things: ['a', 'b', 'c'], isOrdered: true };
    const procedure = aProcedure([aStep('s', { transitions: [to(null, order)] })]);
    const guided = new Run(procedure).on('mounted', { thing: 'a' }).on('mounted', { thing: 'c' });
    expect([guided.refusals, guided.state.world.mounted]).toEqual([['wrong_now'], ['a']]);
    const exam = new Run(procedure, 'exam');
    for (const thing of ['b', 'a', 'c']) exam.on('mounted', { thing });
    expect([exam.findings, exam.state.status]).toEqual([['wrong_order', 'wrong_order'], 'running']);
    exam.on('grabbed', { thing: 'c' }).on('grabbed', { thing: 'b' });
    for (const thing of ['b', 'c']) exam.on('mounted', { thing });
    expect(exam.state.status).toBe('completed');
  });

  it('and are free in their order where one of two orders will do', () => {
    const order = (...things: string[]) => to(null, { kind: 'mounted', things, isOrdered: true });
    const either = aProcedure([aStep('s', { transitions: [order('a', 'b', 'c'), order('c', 'b', 'a')] })]);
    for (const things of ['abc', 'cba']) {
      const run = new Run(either);
      for (const thing of things) run.on('mounted', { thing });
      expect([run.refusals, run.state.status]).toEqual([[], 'completed']);
    }
    expect(new Run(either).on('mounted', { thing: 'b' }).refusals).toEqual(['wrong_now']);
  });

  it('the wrong tool, and the right tool with the wrong result', () => {
    const torque = {
      kind: 'toolUsed',
      tool: 'wrench',
      thing: 'a',
      result: { minimum: 24, maximum: 26, unit: 'N.m' },
    };
    const retry = { attempts: 5, afterwards: { kind: 'stay' } };
    const unlocks = { tools: ['hammer'], needed: true, things: [], controls: [] };
    const run = new Run(aProcedure([aStep('s', { retry, unlocks, transitions: [to(null, torque)] } as never)]));
    const used = (tool: string, value: number, unit = 'N.m') =>
      run.on('toolUsed', { tool, thing: 'a', isOk: true, result: { value, unit } });
    used('hammer', 25);
    used('wrench', 2300, 'N.cm');
    expect([run.findings, run.state.active[0]!.attempt]).toEqual([['wrong_tool', 'wrong_result'], 2]);
    used('wrench', 2500, 'N.cm');
    expect(run.state.status).toBe('completed');
  });

  it('a wrong answer, which a question may accept for good', () => {
    const question = (isWrongAccepted: boolean) => ({
      kind: 'answered',
      question: en('First?'),
      isWrongAccepted,
      answer: { kind: 'order', choices: ['x', 'y'].map((id) => ({ id, text: en(id) })), correct: ['y', 'x'] },
    });
    const asked = (isWrongAccepted: boolean) =>
      new Run(aProcedure([aStep('s', { transitions: [to(null, question(isWrongAccepted))] })]));
    const answer = (given: string[]) => ({ step: 's', path: '0.0', answer: given });
    expect(asked(true).on('answered', answer(['x', 'y'])).state.status).toBe('completed');
    const strict = asked(false).on('answered', answer(['x', 'y']));
    expect([strict.state.status, strict.findings]).toEqual(['running', ['wrong_answer']]);
    expect(strict.on('answered', answer(['y', 'x'])).state.status).toBe('completed');
  });
});

describe('all other conditions', () => {
  const range = { minimum: 40, maximum: 60, unit: '%' };
  const items = ['x', 'y'].map((id) => ({ id, text: en(id) }));
  const variables = [{ id: 'n', initial: 0, unit: 'mm' }];
  const cases: [string, unknown, [string, Record<string, unknown>][]][] = [
    ['a thing let go', { kind: 'released', thing: 'a' }, [['released', { thing: 'a' }]]],
    ['a thing touched', { kind: 'touched', thing: 'a' }, [['touched', { thing: 'a' }]]],
    ['a thing used', { kind: 'used', thing: 'a' }, [['used', { thing: 'a' }]]],
    [
      'a switch in a position',
      { kind: 'control', control: 'switch', setting: { kind: 'positions', positions: ['on'] }, holdMs: 0 },
      [['controlSet', { control: 'switch', to: 'on' }]],
    ],
    [
      'a valve in a range',
      { kind: 'control', control: 'valve', setting: { kind: 'number', range }, holdMs: 0 },
      [['controlSet', { control: 'valve', to: 50 }]],
    ],
    [
      'a checklist',
      { kind: 'checklist', items },
      [
        ['checked', { step: 's', item: 'x', isChecked: true }],
        ['checked', { step: 's', item: 'y', isChecked: true }],
      ],
    ],
    ['protective wear', { kind: 'worn', things: ['gloves'] }, [['putOn', { thing: 'gloves' }]]],
    ['a spoken command', { kind: 'spoken', command: 'go', phrases: en('go on') }, [['spoke', { command: 'go' }]]],
    [
      'a number entered',
      { kind: 'number', variable: 'n', range: { minimum: 1, maximum: 2, unit: 'cm' } },
      [['entered', { variable: 'n', value: 15 }]],
    ],
    ['an approval by a role', { kind: 'approved', role: 'inspector' }, [['approved', { by: 'ben' }]]],
    ['not', { kind: 'not', of: confirmed }, []],
    ['any', { kind: 'any', of: [confirmed, grabbed('a')] }, [['grabbed', { thing: 'a' }]]],
    [
      'at least n',
      { kind: 'atLeast', count: 2, of: [confirmed, grabbed('a'), grabbed('b')] },
      [
        ['grabbed', { thing: 'a' }],
        ['confirmed', {}],
      ],
    ],
    [
      'a variable',
      { kind: 'variable', variable: 'n', is: { kind: 'range', minimum: 5, maximum: null } },
      [['entered', { variable: 'n', value: 5 }]],
    ],
  ];
  it.each(cases)('%s completes a step, and nothing less does', (_, condition, events) => {
    const procedure = aProcedure([aStep('s', { transitions: [to(null, condition)] })], { variables });
    const run = new Run(procedure);
    for (const [type, facts] of events) {
      expect(run.state.status).toBe('running');
      run.on('approved', { by: 'ann' });
      expect(run.state.status).toBe('running');
      run.on(type as never, facts);
    }
    expect(run.state.status).toBe('completed');
  });
});
