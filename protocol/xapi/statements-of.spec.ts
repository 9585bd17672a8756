import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Dice } from '../../test/support/design-arbitraries.ts';
import { Driver } from '../../test/support/procedure-driver.ts';
import { aProcedure, aStep, en, Run, to } from '../../test/support/procedures.ts';
import { CREW, randomProcedure } from '../../test/support/random-procedures.ts';
import { react, start } from '../procedures/run.ts';
import type { RecordedRun } from '../procedures/score.ts';
import { followsPattern, templateOf, unfitness } from './profile/fit.ts';
import { PATTERNS, profileDocument, TEMPLATES } from './profile/profile.ts';
import { EXTENSIONS, PROFILE_VERSION, VERBS } from './profile/vocabulary.ts';
import { toldRun } from './procedure-run.ts';
import { checkStatement } from './statement.ts';
import { statementsOf } from './statements-of.ts';
import { uuid5 } from './uuid5.ts';

const about = { id: 'run-1', home: 'https://hall.example.com', revision: 'bafy' };
const templates = Object.values(TEMPLATES);

/** Somebody who gets on, with mistakes in between. */
function randomRun(seed: number): { procedure: ReturnType<typeof randomProcedure>; run: RecordedRun } {
  const procedure = randomProcedure(seed);
  const dice = new Dice(seed);
  const options = {
    mode: dice.pick(['practice', 'exam', 'guided'] as const)!,
    seed,
    participants: CREW,
    startedAtMs: 1_000,
  };
  const driver = new Driver(procedure, start(procedure, options).state, dice);
  for (let at = 0; at < 20 && driver.state.status === 'running'; at++) {
    const active = driver.state.active.at(-1);
    if (!active) break;
    const mistake = { type: 'grabbed', by: 'ann', thing: dice.pick(['a', 'b', 'c']) } as never;
    driver.events.push({ event: mistake, atMs: driver.atMs });
    driver.state = react(procedure, driver.state, mistake, driver.atMs).state;
    driver.attempt(active.step, dice.upTo(2));
  }
  return { procedure, run: { ...options, events: driver.events } };
}

describe('what a run says in xAPI', () => {
  test('is valid in both versions, each statement fits its template and all together the pattern', () => {
    let count = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const { procedure, run } = randomRun(seed);
      const statements = statementsOf(toldRun(procedure, run, about));
      const followed = statements.map((one) => {
        expect([checkStatement(one, '1.0.3'), checkStatement(one, '2.0.0')]).toEqual([null, null]);
        const template = templateOf(one, templates);
        expect(template, `${one.verb.id} has a template`).toBeDefined();
        expect([seed, one.verb.id, unfitness(one, template!)]).toEqual([seed, one.verb.id, []]);
        return template!.id;
      });
      expect([seed, followsPattern(followed, PATTERNS)]).toEqual([seed, true]);
      expect(new Set(statements.map(({ id }) => id)).size).toBe(statements.length);
      count += statements.length;
    }
    expect(count).toBeGreaterThan(1_000);
  }, 30_000);

  test('is the same again, and what was told while it went on keeps its id', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { procedure, run } = randomRun(seed);
      const whole = statementsOf(toldRun(procedure, run, about));
      expect(statementsOf(toldRun(procedure, run, about))).toEqual(whole);
      const half = { ...run, events: run.events.slice(0, Math.floor(run.events.length / 2)) };
      const early = statementsOf(toldRun(procedure, half, about));
      expect(whole.slice(0, early.length)).toEqual(early);
      const other = statementsOf(toldRun(procedure, run, { ...about, id: 'run-2' }));
      expect(other.filter(({ id }) => whole.some((one) => one.id === id))).toEqual([]);
    }
  });

  test('says of a run with secrets the same words before and after they are revealed, and adds what was hidden', () => {
    const confirmed = { kind: 'confirmed' };
    const procedure = aProcedure([
      aStep('look', { transitions: [to('end', confirmed)] }),
      aStep('end', { transitions: [to(null, confirmed)] }),
    ]);
    const faults = [{ id: 'leak', name: en('A leak'), kind: 'leak' }] as never;
    const withFault = { ...procedure, workplace: { ...procedure.workplace, faults } };
    const run = new Run(withFault, 'exam');
    run.on('faultReported', { diagnosis: null }, 1_000).on('confirmed', {}, 2_000).on('confirmed', {}, 3_000);
    const open = run.record;
    const hidden = {
      event: { type: 'faultInjected', by: 'ina', fault: 'leak' } as never,
      atMs: open.startedAtMs + 500,
    };
    const recorded = { ...open, events: [hidden, ...open.events] };
    const going = { ...open, events: open.events.slice(0, 2) };
    const [early, before, revealed] = [
      statementsOf(toldRun(withFault, going, { ...about, part: 'open' })),
      statementsOf(toldRun(withFault, open, { ...about, part: 'open' })),
      statementsOf(toldRun(withFault, recorded, { ...about, part: 'revealed' })),
    ];
    expect(before.slice(0, early.length)).toEqual(early);
    const verbs = (said: typeof early) => said.map(({ verb }) => verb.id);
    // Nobody was told whether the report was right, nor that there was a fault.
    for (const secret of [VERBS.erred, VERBS.injectedFault, VERBS.detectedFault, VERBS.passed, VERBS.failed])
      expect(verbs(before)).not.toContain(secret);
    expect(verbs(revealed)).toEqual(
      expect.arrayContaining([VERBS.injectedFault, VERBS.detectedFault, VERBS.terminated]),
    );
    expect(revealed.find(({ verb }) => verb.id === VERBS.detectedFault)!.result?.duration).toBe('PT0.5S');
    const ids = [...before, ...revealed].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says of a run that was given up that it is over, and no more', () => {
    const procedure = aProcedure([aStep('look', { transitions: [to(null, { kind: 'confirmed' })] })]);
    const run = new Run(procedure, 'practice');
    const abandonedAtMs = run.record.startedAtMs + 4_000;
    const said = statementsOf(toldRun(procedure, run.record, { ...about, part: 'revealed', abandonedAtMs }));
    const people = run.record.participants.length;
    expect(said.map(({ verb }) => verb.id)).toEqual(Array.from({ length: people }, () => VERBS.terminated));
    expect(said[0]).toMatchObject({ result: { duration: 'PT4S' }, timestamp: new Date(abandonedAtMs).toISOString() });
  });

  test('tells errors, hints, safety, faults and the score with their facts', () => {
    const confirmed = { kind: 'confirmed' };
    const procedure = aProcedure(
      [
        aStep('look', { hints: [en('There.')], transitions: [to('end', confirmed)] }),
        aStep('end', { transitions: [to(null, confirmed)] }),
      ],
      {
        safety: [
          {
            id: 'gloves',
            text: en('Gloves.'),
            act: { kind: 'grab', thing: 'a' },
            steps: null,
            unless: { kind: 'worn', things: ['gloves'] },
          },
        ],
      },
    );
    const fault = { id: 'leak', name: en('A leak'), kind: 'leak' } as never;
    const withFault = { ...procedure, workplace: { ...procedure.workplace, faults: [fault] } };
    const run = new Run(withFault, 'practice');
    run.on('hintAsked', { step: 'look' }, 1_000).on('grabbed', { thing: 'a' }, 2_000);
    run.on('faultInjected', { fault: 'leak' }, 3_000).on('faultReported', { diagnosis: 'leak' }, 7_500);
    run.on('confirmed', {}, 8_000).on('confirmed', {}, 9_000);
    const said = statementsOf(toldRun(withFault, run.record, about));
    const verbs = said.map(({ verb }) => verb.id);
    for (const verb of [
      'requestedHint',
      'violatedSafety',
      'injectedFault',
      'detectedFault',
      'diagnosedFault',
      'terminated',
    ] as const)
      expect(verbs).toContain(VERBS[verb]);
    const detected = said.find(({ verb }) => verb.id === VERBS.detectedFault)!;
    expect(detected.result?.duration).toBe('PT4.5S');
    expect(detected.object).toMatchObject({
      id: 'https://hall.example.com/procedures/p/faults/leak'.replace('/p/', `/${procedure.id}/`),
    });
    const judged = said.find(
      ({ verb, object }) => [VERBS.passed, VERBS.failed].includes(verb.id as never) && 'definition' in object,
    )!;
    expect(judged.result?.score?.raw).toBeLessThan(judged.result!.score!.max!);
    expect(judged.result?.extensions?.[EXTENSIONS.deductions]).toMatchObject({ hint: expect.any(Number) });
  });

  test('does not fit a template when a mandatory part is missing', () => {
    const { procedure, run } = randomRun(1);
    const one = statementsOf(toldRun(procedure, run, about))[0]!;
    const { registration: _left, ...context } = one.context!;
    expect(unfitness({ ...one, context }, templateOf(one, templates)!)).toEqual(['$.context.registration']);
    expect(followsPattern([TEMPLATES.terminated.id, TEMPLATES.begun.id], PATTERNS)).toBe(false);
  });
});

/** xAPI Profiles 1.0, part two, sections 6 to 9, as far as a profile without document resources needs it. */
const words = z.record(z.string().regex(/^[a-z]{2}$/), z.string().min(1));
const iri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/);
const described = { id: iri, inScheme: z.literal(PROFILE_VERSION), prefLabel: words, definition: words };
const rule = z
  .strictObject({
    location: z.string().regex(/^\$(\.[a-zA-Z]\w*|\['[^']+'\]|\[\*\])+$/),
    presence: z.enum(['included', 'excluded', 'recommended']).optional(),
    any: z.array(z.unknown()).min(1).optional(),
    all: z.array(z.unknown()).min(1).optional(),
  })
  .refine(({ presence, any, all }) => presence !== undefined || any !== undefined || all !== undefined);
const structure = z.strictObject({
  '@context': z.literal('https://w3id.org/xapi/profiles/context'),
  id: iri,
  type: z.literal('Profile'),
  conformsTo: z.literal('https://w3id.org/xapi/profiles#1.0'),
  prefLabel: words,
  definition: words,
  author: z.strictObject({ type: z.enum(['Organization', 'Person']), name: z.string().min(1) }),
  versions: z.array(z.strictObject({ id: iri, generatedAtTime: z.iso.datetime() })).min(1),
  concepts: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({ ...described, type: z.literal('Verb') }),
      z.strictObject({ ...described, type: z.literal('ActivityType') }),
      z.strictObject({ ...described, type: z.literal('ContextExtension'), inlineSchema: z.string() }),
      z.strictObject({ ...described, type: z.literal('ResultExtension'), inlineSchema: z.string() }),
    ]),
  ),
  templates: z.array(
    z.strictObject({
      ...described,
      type: z.literal('StatementTemplate'),
      verb: iri,
      objectActivityType: iri,
      contextParentActivityType: z.array(iri).min(1).optional(),
      rules: z.array(rule),
    }),
  ),
  patterns: z.array(
    z
      .strictObject({
        ...described,
        type: z.literal('Pattern'),
        primary: z.boolean(),
        alternates: z.array(iri).min(2).optional(),
        sequence: z.array(iri).min(2).optional(),
        oneOrMore: iri.optional(),
        zeroOrMore: iri.optional(),
        optional: iri.optional(),
      })
      .refine(
        (one) =>
          ['alternates', 'sequence', 'oneOrMore', 'zeroOrMore', 'optional'].filter((name) => name in one).length === 1,
      ),
  ),
});

describe('our profile', () => {
  const profile = structure.parse(profileDocument());

  test('is built as xAPI Profiles 1.0 asks, every id once and every reference to something that is there', () => {
    const ids = [profile, ...profile.versions, ...profile.concepts, ...profile.templates, ...profile.patterns].map(
      ({ id }) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set([...profile.templates, ...profile.patterns].map(({ id }) => id));
    for (const { alternates = [], sequence = [], oneOrMore, zeroOrMore, optional } of profile.patterns)
      for (const id of [...alternates, ...sequence, oneOrMore, zeroOrMore, optional])
        if (id !== undefined) expect(known).toContain(id);
    for (const concept of profile.concepts)
      if ('inlineSchema' in concept) expect(() => JSON.parse(concept.inlineSchema)).not.toThrow();
    // "alternates" must not hold a pattern that may be empty (9.0).
    const mayBeEmpty = profile.patterns.filter((one) => one.optional ?? one.zeroOrMore).map(({ id }) => id);
    for (const { alternates = [] } of profile.patterns)
      expect(alternates.filter((id) => mayBeEmpty.includes(id))).toEqual([]);
  });

  test('defines every own term that its templates use, and no term of others', () => {
    const own = new Set(profile.concepts.map(({ id }) => id));
    const used = profile.templates.flatMap(({ verb, objectActivityType }) => [verb, objectActivityType]);
    expect(used.filter((id) => id.startsWith('urn:workhall:') && !own.has(id))).toEqual([]);
    expect([...own].filter((id) => !id.startsWith('urn:workhall:xapi:'))).toEqual([]);
  });

  test('is what the documentation of the repository ships', () => {
    const file = new URL('./profile/workhall.profile.jsonld', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(profileDocument());
  });
});

test('a UUID of a name is the one of the standard', () => {
  // RFC 9562, A.4: www.example.com in the DNS namespace.
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});
