import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXPIRES_SOON_MS, matrixCsv, skillsOf, type HeldCertificate, type SkillLevel } from './skills.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21);

const certificate = (id: string, level: SkillLevel, changes: Partial<HeldCertificate> = {}): HeldCertificate => ({
  id,
  title: `Certificate ${id}`,
  skills: [{ code: 'WELD', name: 'Welding', level }],
  validFrom: NOW - 100 * DAY,
  validUntil: null,
  isRevoked: false,
  evidence: null,
  ...changes,
});
const welding = (...held: HeldCertificate[]) => skillsOf(held, NOW)[0];

test('the highest level that is still valid counts, and says which certificate gives it', () => {
  expect(welding(certificate('a', 2), certificate('b', 3))).toMatchObject({
    level: 3,
    certificate: 'b',
    state: 'valid',
  });
  const lapsed = certificate('b', 4, { validUntil: NOW - DAY });
  expect(welding(certificate('a', 2), lapsed)).toMatchObject({ level: 2, certificate: 'a' });
});

test('a higher level counts for as long as it is valid, though a lower one lasts longer', () => {
  const high = certificate('a', 4, { validUntil: NOW + 10 * DAY });
  const low = certificate('b', 2, { validUntil: NOW + 900 * DAY });
  expect(welding(low, high)).toMatchObject({ level: 4, certificate: 'a', state: 'expiring' });
});

test('of equal levels the one that lasts longest counts', () => {
  const short = certificate('a', 3, { validUntil: NOW + 10 * DAY });
  const long = certificate('b', 3, { validUntil: NOW + 900 * DAY });
  expect(welding(short, long)).toMatchObject({ certificate: 'b', state: 'valid' });
});

test('what expires within sixty days is told as expiring, to the millisecond', () => {
  expect(welding(certificate('a', 1, { validUntil: NOW + EXPIRES_SOON_MS }))?.state).toBe('expiring');
  expect(welding(certificate('a', 1, { validUntil: NOW + EXPIRES_SOON_MS + 1 }))?.state).toBe('valid');
  expect(welding(certificate('a', 1, { validUntil: NOW }))?.state).toBe('expiring');
  expect(welding(certificate('a', 1, { validUntil: NOW - 1 }))?.state).toBe('expired');
});

test('where all have expired, the one that expired last is shown, as expired', () => {
  const old = certificate('a', 4, { validUntil: NOW - 50 * DAY });
  const recent = certificate('b', 2, { validUntil: NOW - 3 * DAY });
  expect(welding(old, recent)).toMatchObject({ certificate: 'b', state: 'expired' });
});

test('revoked certificates and those of the future give nothing', () => {
  expect(
    skillsOf([certificate('a', 4, { isRevoked: true }), certificate('b', 3, { validFrom: NOW + 1 })], NOW),
  ).toEqual([]);
});

const someCertificate = fc.record({
  id: fc.uuid(),
  title: fc.constant('t'),
  skills: fc.array(
    fc.record({
      code: fc.constantFrom('A', 'B', 'C'),
      name: fc.constant('n'),
      level: fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<SkillLevel>,
    }),
    { maxLength: 3 },
  ),
  validFrom: fc.integer({ min: NOW - 10 * DAY, max: NOW + DAY }),
  validUntil: fc.option(fc.integer({ min: NOW - 5 * DAY, max: NOW + 90 * DAY })),
  isRevoked: fc.boolean(),
  evidence: fc.constant(null),
});

test('the order of certificates never matters, and nobody is credited with more than a valid certificate says', () => {
  fc.assert(
    fc.property(fc.uniqueArray(someCertificate, { selector: ({ id }) => id, maxLength: 8 }), (held) => {
      const skills = skillsOf(held, NOW);
      expect(skillsOf(held.toReversed(), NOW)).toEqual(skills);
      for (const skill of skills) {
        const source = held.find(({ id }) => id === skill.certificate)!;
        expect(source.isRevoked).toBe(false);
        expect(source.skills.some(({ code, level }) => code === skill.code && level === skill.level)).toBe(true);
        const isOver = source.validUntil !== null && source.validUntil < NOW;
        expect(skill.state === 'expired').toBe(isOver);
      }
    }),
    { numRuns: 500 },
  );
});

test('the CSV keeps commas and quotes, and names that a spreadsheet would run as a formula stay text', () => {
  const skills = skillsOf([certificate('a', 3, { validUntil: NOW + DAY, title: 'Weld "MIG", steel' })], NOW);
  const csv = matrixCsv([{ person: '=HYPERLINK("http://evil")', skills }], ['Person', 'Code']);
  expect(csv).toBe(
    'Person,Code\r\n"\'=HYPERLINK(""http://evil"")",WELD,Welding,3,expiring,2026-11-22,"Weld ""MIG"", steel",\r\n',
  );
});
