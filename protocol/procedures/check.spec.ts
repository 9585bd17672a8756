import { describe, expect, it } from 'vitest';
import { ann, aChapter, aProcedure, aStep, aThing, en, to, WORKBENCH } from '../../test/support/procedures.ts';
import { PartId } from '../ids.ts';
import { IDENTITY_POSE, type Pose } from '../spatial/index.ts';
import { check, isReleasable } from './check.ts';
import { CHECK_KEYS } from './check-findings.ts';

const confirmed = { kind: 'confirmed' };
const grabbed = (thing: string) => ({ kind: 'grabbed', thing });
const gauge = (minimum: number, maximum: number, unit = 'bar', holdMs = 0) => ({
  kind: 'value',
  sensor: 'gauge',
  range: { minimum, maximum, unit },
  holdMs,
});
const positions = (...names: string[]) => ({
  kind: 'control',
  control: 'switch',
  setting: { kind: 'positions', positions: names },
  holdMs: 0,
});
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
const not = (of: unknown) => ({ kind: 'not', of });
const one = (...conditions: unknown[]) => aProcedure([aStep('s', { transitions: [to(null, ...conditions)] })]);
const group = (chapter: string) => ({ kind: 'group', chapter }) as never;
const spoken = { kind: 'spoken', command: 'go', phrases: en('go') };
const every = { stage: 'enter', isBlocking: false, durationMs: 0, modes: null };
const shown = (behaviour: object) => aProcedure([aStep('s', { behaviours: [{ ...every, ...behaviour }] as never })]);
const media = (options = {}) => ({ id: 'm', kind: 'picture', cid: null, description: en('m'), ...options });
const rule = (options = {}) => ({
  id: 'r',
  text: en('Take care.'),
  act: { kind: 'grab', thing: 'a' },
  steps: null,
  unless: null,
  ...options,
});
const variables = [{ id: 'n', initial: 0, unit: null }];
const question = { kind: 'single', choices: ['p', 'q'].map((id) => ({ id, text: en(id) })), correct: 'z' };
const deep = Array.from({ length: 10 }).reduce<unknown>((inner) => ({ kind: 'all', of: [inner] }), confirmed);
const wide = { kind: 'all', of: Array.from({ length: 12 }, () => ({ kind: 'any', of: [confirmed, spoken] })) };

const CASES: Record<(typeof CHECK_KEYS)[number], ReturnType<typeof aProcedure>> = {
  duplicate_id: aProcedure([aStep('s', { transitions: [to(null, confirmed)] }), aStep('s')]),
  dangling: one(grabbed('nothing')),
  wrong_chapter: aProcedure([], {
    chapters: [aChapter('x', [aStep('a', { transitions: [to('b')] })]), aChapter('y', [aStep('b')])],
  }),
  no_exit: aProcedure([
    aStep('a', { transitions: [to('b', confirmed)] }),
    aStep('b', { transitions: [to('a', spoken)] }),
  ]),
  unreachable: aProcedure([aStep('a', { transitions: [to(null, confirmed)] }), aStep('b')]),
  shadowed: aProcedure([aStep('a', { transitions: [to(null), to(null, confirmed)] })]),
  unused_chapter: aProcedure([aStep('a')], { subchapters: [aChapter('x', [aStep('b')])] }),
  endless_nesting: aProcedure([aStep('a', { body: group('x') })], {
    subchapters: [aChapter('x', [aStep('b', { body: group('x') })])],
  }),
  nested_too_deep: aProcedure([aStep('a', { body: group('x0') })], {
    subchapters: Array.from({ length: 16 }, (_, n) =>
      aChapter(`x${n}`, [aStep(`b${n}`, n < 15 ? { body: group(`x${n + 1}`) } : {})]),
    ),
  }),
  instant_loop: aProcedure([aStep('a', { transitions: [to('b')] }), aStep('b', { transitions: [to('a')] })]),
  possible_instant_loop: aProcedure([aStep('a', { transitions: [to('a', gauge(1, 2)), to(null, confirmed)] })]),
  endless_waiting: aProcedure([
    aStep('a', { transitions: [to('a', { kind: 'timeout', afterMs: 100 }), to(null, confirmed)] }),
  ]),
  impossible_tolerance: one(placed('a', { toleranceM: 0 })),
  place_not_said: aProcedure([aStep('s', { transitions: [to(null, placed('d'))] })], {
    workplace: { things: [...WORKBENCH.things, aThing('d', { part: PartId.parse('cover') })] },
  }),
  placed_on_itself: one(placed('a', { reference: { kind: 'thing', thing: 'a', frame: null } })),
  symmetry_too_large: one(
    placed('a', {
      symmetry: {
        kind: 'group',
        generators: [
          { axis: [0, 0, 1], count: 7 },
          { axis: [1, 0, 1], count: 7 },
        ],
      },
    }),
  ),
  empty_range: one(gauge(3, 2)),
  outside_range: one(gauge(20, 30)),
  unit_mismatch: one(gauge(1, 2, 'N.m')),
  unknown_position: one(positions('half')),
  wrong_setting: one({ ...positions('on'), control: 'valve' }),
  wrong_kind: aProcedure(
    [aStep('s', { transitions: [to(null, { kind: 'variable', variable: 'n', is: { kind: 'equal', value: 'x' } })] })],
    { variables },
  ),
  tool_not_allowed: aProcedure(
    [aStep('s', { transitions: [to(null, { kind: 'toolUsed', tool: 'hammer', thing: 'd', result: null })] })],
    {
      workplace: { things: [...WORKBENCH.things, aThing('d', { tools: ['wrench'] })] },
    },
  ),
  fixed: aProcedure([aStep('s', { transitions: [to(null, grabbed('d'))] })], {
    workplace: { things: [...WORKBENCH.things, aThing('d', { isFixed: true })] },
  }),
  locked: aProcedure([
    aStep('s', {
      unlocks: { needed: false, things: [], tools: [], controls: [] },
      transitions: [to(null, grabbed('a'))],
    }),
  ]),
  impossible_order: one({ kind: 'mounted', things: ['a', 'a'], isOrdered: true }),
  impossible_count: one({ kind: 'atLeast', count: 3, of: [confirmed, spoken] }),
  impossible_answer: one({ kind: 'answered', question: en('?'), answer: question, isWrongAccepted: false }),
  opaque: one({ kind: 'opaque', format: 'vr-builder', type: 'x', json: '{}' }),
  contradiction: one(gauge(1, 2), gauge(3, 4)),
  may_contradict: one(placed('a'), placed('a', { target: { ...IDENTITY_POSE, position: [1, 0, 0] } })),
  too_complex: one(wide),
  too_deep: one(deep),
  irrevocable_not: one(not(grabbed('a')), confirmed),
  variable_exit_only: aProcedure(
    [aStep('s', { transitions: [to(null, { kind: 'variable', variable: 'n', is: { kind: 'equal', value: 1 } })] })],
    { variables },
  ),
  forbidden_by_rule: aProcedure([aStep('s', { transitions: [to(null, grabbed('a'))] })], { safety: [rule()] }),
  rule_may_block: aProcedure([aStep('s', { transitions: [to(null, grabbed('a'))] })], {
    safety: [rule({ unless: positions('off') })],
  }),
  never_fulfilled: aProcedure([aStep('s')], { safety: [rule({ unless: grabbed('b') })] }),
  nobody: aProcedure([aStep('s', { role: 'inspector', transitions: [to(null, confirmed)] })]),
  branches_share: aProcedure(
    [aStep('p', { body: { kind: 'parallel', branches: ['x', 'y'], needed: null } as never })],
    {
      subchapters: ['x', 'y'].map((id) => aChapter(id, [aStep(`${id}1`, { transitions: [to(null, placed('a'))] })])),
    },
  ),
  missing_text: aProcedure([aStep('s', { title: {} })]),
  missing_translation: aProcedure([aStep('s')], { languages: ['en', 'zh'] }),
  outdated_translation: {
    ...aProcedure([aStep('s', { title: { en: 'New', zh: '旧' } })], { languages: ['en', 'zh'] }),
    outdated: { zh: ['s/title'] },
  },
  empty_workplace: aProcedure([aStep('s')], {
    workplace: { things: [], tools: [], controls: [], sensors: [], places: [] },
  }),
  unused_workplace: one(confirmed),
  missing_media: aProcedure([aStep('s')], { workplace: { media: [media()] } }),
  wrong_media: aProcedure([aStep('s', { behaviours: [{ ...every, kind: 'video', media: 'm', at: null } as never] })], {
    workplace: { media: [media({ cid: 'bafybeiauyeyyzbtlzntblwiwrlus4emu6xiveuv5v7oio73muwfd5uipre' })] },
  }),
  no_duration: shown({ kind: 'speech', text: en('Hear.'), isBlocking: true }),
  not_protective: one({ kind: 'worn', things: ['a'] }),
  impossible_pass_mark: aProcedure([aStep('s')], { rubric: { ...aProcedure([aStep('s')]).rubric, passMark: 2000 } }),
};

/** The design has one part, 30 cm above the floor. */
const COVER: Pose = { position: [0, 0.3, 0], rotation: [0, 0, 0, 1] };
const design = new Map([['cover', COVER]]);

describe('the check', () => {
  it.each(CHECK_KEYS)('finds “%s”, with the place, the reason and the next step', (key) => {
    const found = check(CASES[key], { participants: [ann], design });
    expect(found.map((finding) => finding.key)).toContain(key);
    for (const finding of found) {
      expect(finding.message).toMatch(/\.$/);
      expect(finding.next).toMatch(/\.$/);
      expect(finding.where.step ?? finding.where.chapter ?? finding.where.path).toBeTruthy();
    }
  });

  it('finds nothing in a sound procedure, however much it asks for', () => {
    const ordered = { kind: 'mounted', things: ['a', 'b', 'c'], isOrdered: true };
    const sound = aProcedure(
      [
        aStep('ready', { transitions: [to('mount', { kind: 'worn', things: ['gloves'] }, positions('off'))] }),
        aStep('mount', {
          body: { kind: 'parallel', branches: ['x', 'y'], needed: null } as never,
          transitions: [to('order')],
        }),
        aStep('order', { transitions: [to('run', ordered)] }),
        aStep('run', {
          transitions: [
            to(null, gauge(3, 4, 'bar', 2000), not(gauge(3.5, 9))),
            to('ready', not(positions('off')), confirmed),
          ],
        }),
      ],
      {
        subchapters: [
          aChapter('x', [aStep('x1', { transitions: [to(null, placed('a'))] })]),
          aChapter('y', [aStep('y1', { transitions: [to(null, placed('b'), spoken)] })]),
        ],
        safety: [rule({ unless: { kind: 'worn', things: ['gloves'] } })],
      },
    );
    const found = check(sound, { participants: [ann] });
    expect(found).toEqual([]);
    expect(isReleasable(check(one(gauge(3, 2))))).toBe(false);
  });

  it('tells the cause first, and what follows from it once, however long the procedure is', () => {
    const long = Array.from({ length: 30 }, (_, n) =>
      aStep(`s${n}`, {
        transitions: [to(n < 29 ? `s${n + 1}` : null, n === 15 ? gauge(20, 30) : confirmed)],
      }),
    );
    const found = check(aProcedure(long));
    expect(found.map(({ key, where, facts }) => [key, where.step, facts['more']])).toEqual([
      ['outside_range', 's15', undefined],
      ['no_exit', 's0', 15],
      ['unreachable', 's16', 13],
    ]);
    // What is wrong with the ways themselves is told at each place: each has to be mended.
    const apart = check(aProcedure(['a', 'b', 'c'].map((id) => aStep(id, { transitions: [to(null, grabbed('a'))] }))));
    expect(apart.map(({ key, where }) => [key, where.step])).toEqual([
      ['unreachable', 'b'],
      ['unreachable', 'c'],
    ]);
  });

  it('does not say of a way that it leads nowhere whose condition is only half written', () => {
    const half = [
      grabbed('not-chosen'),
      { ...placed('a'), reference: { kind: 'thing', thing: 'not-chosen', frame: null } },
    ];
    for (const condition of half) {
      const found = check(one(condition)).filter(({ severity }) => severity === 'error');
      expect(found.map(({ key }) => key)).toEqual(['dangling']);
    }
  });

  it('names a placement that still stands at the origin while the design has the part elsewhere', () => {
    const things = [
      ...WORKBENCH.things,
      aThing('d', { part: PartId.parse('cover') }),
      aThing('e', { part: PartId.parse('base'), frames: [{ id: 'seat', poseInThing: COVER }] }),
      aThing('f', { part: PartId.parse('turned') }),
    ];
    const poses = new Map<string, Pose>([
      ...design,
      ['base', IDENTITY_POSE],
      ['turned', { position: [0, 0, 0], rotation: [0, 1, 0, 0] }],
    ]);
    const keys = (condition: object, known: ReadonlyMap<string, Pose> | undefined = poses) =>
      check(aProcedure([aStep('s', { transitions: [to(null, condition)] })], { workplace: { things } }), {
        ...(known ? { design: known } : {}),
      }).map(({ key, where }) => `${key} ${where.path}`);
    const on = (thing: string, frame: string | null = null) => ({ reference: { kind: 'thing', thing, frame } });
    const unsaid = ['place_not_said 0.0'];
    expect(keys(placed('d'))).toEqual(unsaid);
    expect(keys(placed('d', on('e')))).toEqual(unsaid);
    expect(keys(placed('f'))).toEqual(unsaid);
    expect(keys(not(placed('d')))).toContain('place_not_said 0.0.0');
    // Taken from the design, typed, near enough, at the origin by design, in a frame, or of no design that is known here.
    expect(keys(placed('d', { target: COVER }))).toEqual([]);
    expect(keys(placed('d', { target: { ...COVER, position: [0.001, 0, 0] } }))).toEqual([]);
    expect(keys(placed('d', { toleranceM: 0.5 }))).toEqual([]);
    expect(keys(placed('e'))).toEqual([]);
    expect(keys(placed('d', on('e', 'seat')))).toEqual([]);
    expect(keys(placed('a'))).toEqual([]);
    expect(keys(placed('d'), new Map())).toEqual([]);
  });

  it('tells of texts that are not translated once for each language, with how many they are', () => {
    const half = aProcedure(
      [aStep('s', { title: { en: 'Fit', de: 'Fügen' }, transitions: [to(null, grabbed('a'))] })],
      {
        languages: ['en', 'de', 'zh'],
      },
    );
    const found = check(half).filter(({ key }) => key === 'missing_translation');
    const [de, zh] = found.map(({ facts }) => facts);
    expect(found).toHaveLength(2);
    // No single step is to blame, and the way there leads to the first of them.
    expect(found.map(({ where }) => where)).toEqual([{ path: 'languages' }, { path: 'languages' }]);
    expect(de!['text']).toBe('/title');
    expect([de!['language'], zh!['language'], Number(zh!['count']) - Number(de!['count'])]).toEqual(['de', 'zh', 1]);
  });

  it('sees that a rule forbids to take off again what was mounted in another order', () => {
    const ordered = { kind: 'mounted', things: ['b', 'a'], isOrdered: true };
    const ruled = (condition: object, unless: object | null) =>
      check(aProcedure([aStep('s', { transitions: [to(null, condition)] })], { safety: [rule({ unless })] })).map(
        ({ key }) => key,
      );
    expect(ruled(ordered, null)).toEqual(['rule_may_block']);
    expect(ruled(ordered, { kind: 'worn', things: ['gloves'] })).toEqual([]);
    expect(ruled({ ...ordered, isOrdered: false }, null)).toEqual([]);
    expect(ruled(not(placed('a')), null)).toEqual(['rule_may_block']);
  });

  it('sees that a step cannot end whose sub-procedure cannot, where enough branches of it must', () => {
    const round = aChapter('x', [
      aStep('x1', { transitions: [to('x2', confirmed)] }),
      aStep('x2', { transitions: [to('x1', confirmed)] }),
    ]);
    const through = aChapter('y', [aStep('y1', { transitions: [to(null, spoken)] })]);
    const stuckSteps = (body: object) =>
      check(aProcedure([aStep('a', { body: body as never })], { subchapters: [round, through] }))
        .filter(({ key }) => key === 'no_exit')
        .map(({ where }) => where.step);
    expect(stuckSteps({ kind: 'group', chapter: 'x' })).toContain('a');
    expect(stuckSteps({ kind: 'parallel', branches: ['x', 'y'], needed: null })).toContain('a');
    expect(stuckSteps({ kind: 'parallel', branches: ['x', 'y'], needed: 1 })).not.toContain('a');
  });

  it('tells contradictions of numbers and positions from what only looks like one', () => {
    const keys = (...conditions: unknown[]) => check(one(...conditions)).map(({ key }) => key);
    expect(keys(gauge(1, 5), gauge(200, 300, 'kPa'))).toEqual([]);
    expect(keys(gauge(1, 5), not(gauge(0, 3)), not(gauge(3, 7)))).toContain('contradiction');
    expect(keys(gauge(1, 5), not(gauge(0, 3)), not(gauge(4, 7)))).toEqual([]);
    expect(keys(positions('on'), not(positions('off')))).toEqual([]);
    expect(keys(not(positions('on')), not(positions('off')), positions('on', 'off'))).toContain('contradiction');
    expect(keys(gauge(1, 5, 'bar', 3000), not({ kind: 'timeout', afterMs: 2000 }))).toContain('contradiction');
    // Held for a second it has also been held for half a second; the other way round there is a moment for both.
    expect(keys(gauge(4, 6, 'bar', 1000), not(gauge(0, 9, 'bar', 500)))).toContain('contradiction');
    expect(keys(gauge(4, 6, 'bar', 500), not(gauge(0, 9, 'bar', 1000)))).toEqual([]);
    expect(keys({ kind: 'any', of: [gauge(6, 7), gauge(1, 2)] }, gauge(1, 3))).toEqual([]);
  });
});
