import fc from 'fast-check';
import type { AssignableUnit, Block, CourseStructure, Member, Words } from './structure.ts';
import { LAUNCH_METHODS, MOVE_ON } from './vocabulary.ts';

/** Text as XML and JSON both keep it: trimmed, with everything that has to be escaped. */
const text = fc
  .string({
    unit: fc.constantFrom('a', 'Ü', '轮', '𝛑', '<', '>', '&', '"', "'", ' ', '\n', ']]>', '\t'),
    maxLength: 12,
  })
  .map((one) => one.trim());
const words: fc.Arbitrary<Words> = fc
  .uniqueArray(fc.constantFrom('en', 'zh', 'de-AT', 'und'), { minLength: 1 })
  .chain((languages) => fc.tuple(...languages.map((language) => text.map((one) => [language, one] as const))))
  .map(Object.fromEntries);
const texts = { title: words, description: words };

const unit: fc.Arbitrary<AssignableUnit> = fc.record({
  kind: fc.constant('au' as const),
  id: fc.constant(''),
  ...texts,
  objectives: fc.constant([]),
  url: fc.constantFrom('https://a.example/x?y=1&z=2', 'page.html', 'a/b%20c.html?q=<'.replace('<', '%3C')),
  launchParameters: fc.option(text.filter((one) => one !== '')),
  entitlementKey: fc.option(text.filter((one) => one !== '')),
  moveOn: fc.constantFrom(...MOVE_ON),
  masteryScore: fc.option(fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000)),
  launchMethod: fc.constantFrom(...LAUNCH_METHODS),
  activityType: fc.option(fc.constant('http://adlnet.gov/expapi/activities/module')),
});
const { member } = fc.letrec<{ member: Member; block: Block }>((tie) => ({
  member: fc.oneof({ maxDepth: 3, withCrossShrink: true }, unit, tie('block')),
  block: fc.record({
    kind: fc.constant('block' as const),
    id: fc.constant(''),
    ...texts,
    objectives: fc.constant([]),
    members: fc.array(tie('member'), { minLength: 1, maxLength: 3 }),
  }),
}));

/** Any course, with ids of its own for everything in it. */
export const courses: fc.Arbitrary<CourseStructure> = fc
  .record({
    ...texts,
    objectives: fc.array(fc.record(texts), { maxLength: 2 }),
    members: fc.array(member, { minLength: 1, maxLength: 4 }),
  })
  .map(({ title, description, objectives, members }) => {
    let next = 0;
    const id = () => `https://maker.example/${next++}`;
    const known = objectives.map((one) => ({ id: id(), ...one }));
    const numbered = (one: Member): Member => {
      const named = { id: id(), objectives: known.slice(0, next % 3).map((objective) => objective.id) };
      return one.kind === 'au' ? { ...one, ...named } : { ...one, ...named, members: one.members.map(numbered) };
    };
    return { id: id(), title, description, objectives: known, members: members.map(numbered) };
  });

export const PACKAGE_FILES = new Set(['page.html', 'a/b c.html']);
