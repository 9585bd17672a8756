import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Agent, Statement } from '../xapi/index.ts';
import { AuStatements, readLaunch } from './au-session.ts';
import { launchData, launchUrl, lmsStatements, type Launch } from './launch.ts';
import { readPreferences } from './preferences.ts';
import { FRESH_SESSION, ruleOn, ruleOnAll, type SessionFacts, type SessionTerms } from './session-rules.ts';
import type { AssignableUnit } from './structure.ts';
import { AU_VERBS, CATEGORY, EXTENSION, type AuVerb, type LaunchMode } from './vocabulary.ts';
import { checkStatement } from '../xapi/index.ts';

const unit: AssignableUnit = {
  kind: 'au',
  id: 'https://maker.example/au',
  title: { en: 'Unit' },
  description: { en: '' },
  objectives: [],
  url: 'index.html',
  launchParameters: null,
  entitlementKey: 'secret',
  moveOn: 'Passed',
  masteryScore: 0.8,
  launchMethod: 'AnyWindow',
  activityType: null,
};
const actor: Agent = { objectType: 'Agent', account: { homePage: 'https://lms.example', name: 'ann' } };
const launch: Launch = {
  actor,
  registration: 'ccaf384c-f8d4-4e7a-8304-49af58f0b176',
  sessionId: 'the session',
  activityId: 'https://lms.example/units/0',
  mode: 'Normal',
  unit,
  url: 'https://lms.example/content/index.html?a=1#top',
  returnUrl: 'https://lms.example/course',
};
const T0 = Date.UTC(2026, 0, 1);

function openSession(mode: LaunchMode = 'Normal', more: Partial<SessionFacts> = {}) {
  const data = launchData({ ...launch, mode });
  const url = new URL(launchUrl({ ...launch, mode }, 'https://lms.example/xapi/', 'https://lms.example/fetch/1'));
  const au = new AuStatements(readLaunch(url.search)!, data, () => crypto.randomUUID());
  const { contextTemplate: template } = data;
  const terms: SessionTerms = { ...launch, mode, masteryScore: unit.masteryScore, template };
  return { au, terms, facts: { ...FRESH_SESSION, hasReadPreferences: true, ...more } };
}
const say = (au: AuStatements, verb: AuVerb, atMs: number): Statement => {
  const judged = (scaled: number) => au.judged(atMs, 1_000, { scaled, raw: scaled * 100, max: 100, isPassed: true });
  switch (verb) {
    case 'initialized':
      return au.initialized(atMs);
    case 'completed':
      return au.completed(atMs, 1_000);
    case 'passed':
      return judged(0.8);
    case 'failed':
      return judged(0.79);
    case 'terminated':
      return au.terminated(atMs, 2_000);
  }
};

describe('a launch', () => {
  test('reaches the unit as it was meant, after the unit’s own parameters and before its fragment', () => {
    const text = launchUrl(launch, 'https://lms.example/xapi/', 'https://lms.example/fetch/1?k=2&l=3');
    const url = new URL(text);
    expect([url.searchParams.get('a'), url.hash]).toEqual(['1', '#top']);
    expect(readLaunch(url.search)).toEqual({
      endpoint: 'https://lms.example/xapi',
      fetch: 'https://lms.example/fetch/1?k=2&l=3',
      actor,
      registration: launch.registration,
      activityId: launch.activityId,
    });
    for (const bad of [
      '',
      '?endpoint=https://a',
      url.search.replace('https%3A%2F%2Flms.example%2Fxapi', 'javascript:1'),
    ])
      expect(readLaunch(bad)).toBeNull();
  });

  test('gives the unit its entitlement key, mastery score and way back, and nothing that the course does not have', () => {
    expect(launchData(launch)).toMatchObject({
      launchMode: 'Normal',
      moveOn: 'Passed',
      masteryScore: 0.8,
      returnURL: 'https://lms.example/course',
      entitlementKey: { courseStructure: 'secret' },
    });
    expect(
      Object.keys(
        launchData({ ...launch, returnUrl: null, unit: { ...unit, masteryScore: null, entitlementKey: null } }),
      ).sort(),
    ).toEqual(['contextTemplate', 'launchMode', 'moveOn']);
  });

  test('is told in statements that are valid xAPI, the same each time', () => {
    const node = { kind: 'course' as const, activityId: 'https://lms.example/c', id: 'https://maker.example/c' };
    const { title, description } = unit;
    const all = () => [
      lmsStatements.launched(launch, T0),
      lmsStatements.abandoned(launch, T0, 1_234),
      lmsStatements.waived(launch, 'Administrative', T0),
      lmsStatements.satisfied(launch, { ...node, title, description }, T0),
    ];
    for (const one of all()) expect([checkStatement(one, '1.0.3'), checkStatement(one, '2.0.0')]).toEqual([null, null]);
    expect(all()).toEqual(all());
    expect(new Set(all().map(({ id }) => id)).size).toBe(4);
  });
});

describe('the order of statements', () => {
  /** Clause 9.3 said once more, as a list of what must not have come before. */
  function mayFollow(verb: AuVerb, before: readonly AuVerb[], mode: LaunchMode, earlier: readonly AuVerb[]): boolean {
    if (before.includes('terminated') || before.includes(verb)) return false;
    if (verb === 'initialized') return before.length === 0;
    if (!before.includes('initialized')) return false;
    if (verb === 'terminated') return true;
    if (mode !== 'Normal' || earlier.includes(verb)) return false;
    if (verb === 'completed') return true;
    return !before.some((one) => one === 'passed' || one === 'failed') && !earlier.includes('passed');
  }

  test('is kept over any sequence, in every mode and whatever earlier sessions said', () => {
    const any = fc.array(fc.constantFrom(...AU_VERBS), { maxLength: 12 });
    // Most of what is drawn freely ends before it begins.
    const begun = fc.array(fc.constantFrom('completed' as const, 'passed' as const, 'failed' as const), {
      maxLength: 5,
    });
    const verbs: fc.Arbitrary<AuVerb[]> = fc.oneof(
      any,
      fc.tuple(begun, any).map(([some, more]): AuVerb[] => ['initialized', ...some, ...more]),
    );
    const modes = fc.constantFrom('Normal' as const, 'Browse' as const, 'Review' as const);
    const past = fc.uniqueArray(fc.constantFrom('completed' as const, 'passed' as const));
    fc.assert(
      fc.property(verbs, modes, past, (sequence, mode, earlier) => {
        const { au, terms, facts } = openSession(mode, {
          completedBy: earlier.includes('completed') ? 'x' : null,
          passedBy: earlier.includes('passed') ? 'y' : null,
        });
        let now: SessionFacts = facts;
        const taken: AuVerb[] = [];
        sequence.forEach((verb, at) => {
          const one = say(au, verb, T0 + at * 1_000);
          const ruling = ruleOn(one, terms, now);
          expect([sequence, at, ruling.ok]).toEqual([sequence, at, mayFollow(verb, taken, mode, earlier)]);
          if (!ruling.ok) return;
          taken.push(verb);
          now = ruling.facts;
          // The same statement again changes nothing, unless the session is over.
          const again = ruleOn(one, terms, now);
          expect(again.ok ? again.facts : null).toEqual(now.isClosed ? null : now);
        });
        expect(now.isClosed).toBe(taken.includes('terminated'));
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes a fail in spite of enough points, and what an LMS with another mastery score makes of ours', () => {
    const { au, terms, facts } = openSession();
    const begun = ruleOn(au.initialized(T0), terms, facts);
    const now = begun.ok ? begun.facts : facts;
    for (const [scaled, isPassed, isBarred, verb] of [
      [0.95, false, true, 'failed'],
      [0.5, false, true, 'failed'],
      [0.85, false, false, 'passed'],
      [0.75, true, false, 'failed'],
    ] as const) {
      const one = au.judged(T0 + 1_000, 500, { scaled, raw: scaled * 1_000, max: 1_000, isPassed, isBarred });
      expect(ruleOn(one, terms, now)).toMatchObject({ ok: true, verb });
    }
  });

  test('in one request is that of the moments, and one that breaks it takes the whole request with it', () => {
    const { au, terms, facts } = openSession();
    const [first, done, last] = [au.initialized(T0), au.completed(T0 + 1_000, 1_000), au.terminated(T0 + 2_000, 2_000)];
    expect(ruleOnAll([last, done, first], terms, facts)).toMatchObject({ ok: true, facts: { isClosed: true } });
    expect(ruleOnAll([first, au.terminated(T0 + 500, 500), done], terms, facts)).toMatchObject({ ok: false, index: 2 });
  });

  test('begins after the preferences were read, and nothing is told of a time before it', () => {
    const { au, terms, facts } = openSession();
    const first = au.initialized(T0);
    expect(ruleOn(first, terms, { ...facts, hasReadPreferences: false })).toMatchObject({ ok: false, clause: '11.0' });
    const begun = ruleOn(first, terms, facts);
    const now = begun.ok ? begun.facts : facts;
    expect(ruleOn(au.completed(T0 - 1, 0), terms, now)).toMatchObject({ ok: false, clause: '9.3' });
    const late = ruleOn(au.completed(T0 + 5_000, 0), terms, now);
    expect(ruleOn(au.terminated(T0 + 4_000, 0), terms, late.ok ? late.facts : now)).toMatchObject({ ok: false });
  });
});

describe('one statement', () => {
  const { au, terms, facts: fresh } = openSession();
  const begun = ruleOn(au.initialized(T0), terms, fresh);
  const facts = begun.ok ? begun.facts : fresh;
  /** A statement to be bent: nothing of it is sure any more. */
  interface Bent {
    id?: unknown;
    timestamp?: unknown;
    actor: unknown;
    object: unknown;
    verb: unknown;
    result: Record<string, unknown>;
    context?: {
      registration?: unknown;
      extensions: Record<string, unknown>;
      contextActivities: { grouping: object[]; category: object[] };
    };
  }
  const bent = (verb: AuVerb, bend: (one: Bent) => void) => {
    const one = JSON.parse(JSON.stringify(say(au, verb, T0 + 1_000))) as Bent;
    bend(one);
    return ruleOn(one as unknown as Statement, terms, facts);
  };

  test.each<[string, AuVerb, string, (one: Bent) => void]>([
    ['without an id', 'completed', '9.1', (one) => delete one.id],
    ['without a time', 'completed', '9.7', (one) => delete one.timestamp],
    ['in another time zone', 'completed', '9.7', (one) => (one.timestamp = '2026-01-01T02:00:01+02:00')],
    [
      'of somebody else',
      'completed',
      '9.2',
      (one) => (one.actor = { account: { homePage: 'https://lms.example', name: 'bob' } }),
    ],
    ['of a group', 'completed', '9.2', (one) => (one.actor = { ...actor, objectType: 'Group' })],
    ['without context', 'completed', '9.6', (one) => delete one.context],
    ['of another registration', 'completed', '9.6.1', (one) => (one.context!.registration = crypto.randomUUID())],
    ['of another session', 'completed', '9.6.3.1', (one) => (one.context!.extensions = {})],
    [
      'without the publisher’s activity',
      'completed',
      '10.2.1',
      (one) => (one.context!.contextActivities.grouping = []),
    ],
    ['about something else', 'completed', '9.4', (one) => (one.object = { id: 'https://lms.example/units/1' })],
    ['without its duration', 'terminated', '9.5.4.1', (one) => delete one.result['duration']],
    ['completed with a score', 'completed', '9.5.1', (one) => (one.result['score'] = { scaled: 1 })],
    ['passed with success false', 'passed', '9.5.2', (one) => (one.result['success'] = false)],
    ['passed with completion', 'passed', '9.5.3', (one) => (one.result['completion'] = true)],
    ['passed below the mastery score', 'passed', '9.3.4', (one) => (one.result['score'] = { scaled: 0.79 })],
    ['failed with the mastery score', 'failed', '9.3.5', (one) => (one.result['score'] = { scaled: 0.8 })],
    ['raw without its bounds', 'passed', '9.5.1', (one) => (one.result['score'] = { scaled: 0.9, raw: 9 })],
    [
      'with another mastery score',
      'passed',
      '9.6.3.2',
      (one) => (one.context!.extensions[EXTENSION.masteryScore] = 0.5),
    ],
    [
      'with the category moveOn and no result',
      'terminated',
      '9.6.2.2',
      (one) => one.context!.contextActivities.category.push({ id: CATEGORY.moveOn }),
    ],
    ['that voids', 'completed', '6.3', (one) => (one.verb = { id: 'http://adlnet.gov/expapi/verbs/voided' })],
    [
      'of the LMS’s own verbs',
      'completed',
      '7.1.3',
      (one) => (one.verb = { id: 'https://w3id.org/xapi/adl/verbs/satisfied' }),
    ],
  ])('%s is refused with the clause', (_, verb, clause, bend) => {
    expect(bent(verb, () => undefined)).toMatchObject({ ok: true });
    expect(bent(verb, bend)).toMatchObject({ ok: false, clause });
  });

  test('of any verb is taken as a cmi5 allowed one, and counts for nothing', () => {
    const free = bent('passed', (one) => {
      one.context!.contextActivities.category = [];
    });
    expect(free).toMatchObject({ ok: true, verb: null, facts: { passedBy: null } });
  });
});

test('preferences are read as clause 11 has them, or not at all', () => {
  expect(readPreferences({ languagePreference: 'en-US, fr-FR', audioPreference: 'off' })).toEqual({
    languages: ['en-US', 'fr-FR'],
    audio: 'off',
  });
  for (const bad of [
    null,
    [],
    {},
    { languagePreference: 'en' },
    { languagePreference: '', audioPreference: 'on' },
    { languagePreference: 'en US', audioPreference: 'on' },
    { languagePreference: 'en', audioPreference: 'loud' },
  ])
    expect(readPreferences(bad)).toBeNull();
});
