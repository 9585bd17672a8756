import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from './check.ts';
import { inUtc, isDuration, isLanguageTag, timestampMs } from './data-types.ts';
import { foundBy } from './found-by.ts';
import { canonical, downgraded, idsOnly, languagesIn } from './format.ts';
import { isSameStatement } from './sameness.ts';
import { checkStatement, type Statement, type StoredStatement } from './statement.ts';

const iri = fc.webUrl();
const words = fc.dictionary(fc.constantFrom('en', 'zh', 'de-CH', 'en-US'), fc.string(), { noNullPrototype: true });
const extensions = fc.dictionary(iri, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true, maxKeys: 3 });
const optional = <T extends Record<string, fc.Arbitrary<unknown>>>(
  model: T,
  requiredKeys: (keyof T)[],
): fc.Arbitrary<Record<string, unknown>> => fc.record(model, { requiredKeys, noNullPrototype: true } as never);

const identifier = fc.oneof(
  fc.record({ mbox: fc.integer({ min: 1 }).map((n) => `mailto:p${n}@example.com`) }, { noNullPrototype: true }),
  fc.record({ openid: iri }, { noNullPrototype: true }),
  fc.record(
    { account: fc.record({ homePage: iri, name: fc.string({ minLength: 1 }) }, { noNullPrototype: true }) },
    { noNullPrototype: true },
  ),
);
const agent = identifier.map((id) => ({ objectType: 'Agent', ...id }));
const group = fc.array(agent, { minLength: 1, maxLength: 3 }).map((member) => ({ objectType: 'Group', member }));
const activity = optional(
  {
    objectType: fc.constant('Activity'),
    id: iri,
    definition: optional({ name: words, description: words, type: iri, extensions }, []),
  },
  ['id'],
);
const uuid = fc.uuid();
const verb = optional({ id: iri, display: words }, ['id']);
const time = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
const result = optional(
  {
    success: fc.boolean(),
    completion: fc.boolean(),
    response: fc.string(),
    duration: fc.constantFrom('PT1S', 'P3DT4H', 'PT0.05S', 'P2W'),
    score: fc.record({ scaled: fc.double({ min: -1, max: 1, noNaN: true }) }, { noNullPrototype: true }),
    extensions,
  },
  [],
);
const context = optional(
  {
    registration: uuid,
    instructor: agent,
    team: group,
    language: fc.constantFrom('en', 'zh-Hans-CN'),
    contextActivities: optional({ parent: activity, category: fc.array(activity, { maxLength: 2 }) }, []),
    extensions,
  },
  [],
);
const told = { actor: fc.oneof(agent, group), verb, result, context, timestamp: time };
const subStatement = optional({ ...told, objectType: fc.constant('SubStatement'), object: activity }, [
  ...['actor', 'verb', 'object', 'objectType'],
] as never);
const reference = uuid.map((id) => ({ objectType: 'StatementRef', id }));
const statement = optional({ ...told, id: uuid, object: fc.oneof(activity, agent, group, reference, subStatement) }, [
  ...['actor', 'verb', 'object'],
] as never);

/** Every object of a statement that the standard describes, with how to put another in its place. */
function* places(value: unknown, path: string[] = []): Generator<string[]> {
  if (!isObject(value) && !Array.isArray(value)) return;
  if (path.at(-1) === 'extensions') return;
  if (isObject(value)) yield path;
  for (const [key, inner] of Object.entries(value)) yield* places(inner, [...path, key]);
}
function changedAt(value: unknown, path: readonly string[], change: (held: object) => object): unknown {
  const copy = structuredClone(value) as Record<string, never>;
  if (path.length === 0) return change(copy);
  let parent: Record<string, never> = copy;
  for (const key of path.slice(0, -1)) parent = parent[key]!;
  parent[path.at(-1)!] = change(parent[path.at(-1)!]!) as never;
  return copy;
}

describe('a statement', () => {
  test('that follows the standard is taken in both versions', () => {
    fc.assert(
      fc.property(statement, (one) => {
        expect(checkStatement(one, '1.0.3')).toBeNull();
        expect(checkStatement(one, '2.0.0')).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('with a property that does not belong there, at any place, is refused and the place named', () => {
    fc.assert(
      fc.property(statement, fc.nat(), (one, pick) => {
        const all = [...places(one)];
        const path = all[pick % all.length]!;
        const fault = checkStatement(
          changedAt(one, path, (held) => ({ ...held, Actor: 1 })),
          '2.0.0',
        );
        expect(fault?.path.replaceAll(/\[(\d+)\]/g, '.$1')).toBe([...path, 'Actor'].join('.'));
      }),
      { numRuns: 300 },
    );
  });

  test('with null anywhere outside of extensions is refused', () => {
    fc.assert(
      fc.property(statement, fc.nat(), (one, pick) => {
        const all = [...places(one)].filter((path) => path.length > 0);
        expect(
          checkStatement(
            changedAt(one, all[pick % all.length]!, () => null as never),
            '1.0.3',
          ),
        ).not.toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('may name agents of its context in 2.0 only', () => {
    const contextAgents = [{ objectType: 'contextAgent', agent: { mbox: 'mailto:a@b.c' } }];
    const one = {
      actor: { mbox: 'mailto:a@b.c' },
      verb: { id: 'x:y' },
      object: { id: 'x:z' },
      context: { contextAgents },
    };
    expect(checkStatement(one, '2.0.0')).toBeNull();
    expect(checkStatement(one, '1.0.3')?.path).toBe('context.contextAgents');
    expect(downgraded(one as unknown as Statement).context).toEqual({});
  });

  test('is the same with its keys in another order, and another with another verb', () => {
    const turned = (value: unknown): unknown =>
      isObject(value)
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, inner]) => [key, turned(inner)]),
          )
        : Array.isArray(value)
          ? value.map(turned)
          : value;
    fc.assert(
      fc.property(statement, (any) => {
        const one = any as unknown as Statement;
        expect(isSameStatement(one, turned(one) as Statement)).toBe(true);
        expect(isSameStatement(one, { ...one, stored: '2026-01-01T00:00:00Z', version: '1.0.0' })).toBe(true);
        expect(isSameStatement(one, { ...one, verb: { id: `${one.verb.id}x` } })).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('in the format ids is still a statement and is found by the same filters', () => {
    fc.assert(
      fc.property(statement, (any) => {
        const authority = { account: { homePage: 'http://h', name: 'k' } };
        const one = {
          ...any,
          id: '1',
          stored: '',
          timestamp: '2026-01-01T00:00:00Z',
          authority,
        } as unknown as StoredStatement;
        const short = idsOnly(one);
        expect(checkStatement({ ...short, id: undefined, stored: undefined }, '2.0.0')?.path).toMatch(/^(id|stored)$/);
        expect(new Set(foundBy(short))).toEqual(new Set(foundBy(one)));
      }),
      { numRuns: 200 },
    );
  });
});

test('a voided statement is named by reference and by nothing else', () => {
  const verb = { id: 'http://adlnet.gov/expapi/verbs/voided' };
  expect(checkStatement({ actor: { openid: 'x:y' }, verb, object: { id: 'x:z' } }, '1.0.3')?.path).toBe('object');
});

test('canonical speaks the language that was asked for, else the first there is', () => {
  const definition = { name: { en: 'pump', zh: '泵', 'de-CH': 'Pumpe' } };
  const one = { actor: { openid: 'x:y' }, verb: { id: 'x:v' }, object: { id: 'x:a' } } as Statement;
  const name = (accept: string) =>
    (canonical(one, () => definition, languagesIn(accept)).object as { definition: typeof definition }).definition.name;
  expect(name('fr;q=0.9, zh-CN;q=0.8')).toEqual({ zh: '泵' });
  expect(name('en;q=0.1, de')).toEqual({ 'de-CH': 'Pumpe' });
  expect(name('')).toEqual({ en: 'pump' });
});

test('times, durations and languages are taken as the standards write them', () => {
  for (const good of ['2026-11-21T09:00:00Z', '20261121T090000.5+0130', '2024-02-29T23:59:60Z', '2026-11-21T09:00'])
    expect([good, timestampMs(good)]).not.toEqual([good, null]);
  for (const bad of ['2026-11-21', '2026-02-30T00:00:00Z', '2026-11-21T09:00:00-00:00', '2026-11-21T24:00:00Z', 'now'])
    expect([bad, timestampMs(bad)]).toEqual([bad, null]);
  expect(inUtc('2026-11-21T09:00:00.123456+01:00')).toBe('2026-11-21T08:00:00.123456Z');
  for (const good of ['PT1H0M0.1S', 'P1Y2M3DT4H5M6S', 'P4W', 'P0.5Y', 'PT36H'])
    expect([good, isDuration(good)]).toEqual([good, true]);
  for (const bad of ['P', 'PT', 'P1S', 'PT1H2D', 'PT0.5H3M', 'P1W2D', '1:00'])
    expect([bad, isDuration(bad)]).toEqual([bad, false]);
  for (const good of ['en', 'zh-Hant-TW', 'de-CH-1901', 'x-klingon', 'i-navajo'])
    expect(isLanguageTag(good)).toBe(true);
  for (const bad of ['e', 'en_US', 'a1b', 'en-', '']) expect([bad, isLanguageTag(bad)]).toEqual([bad, false]);
});
