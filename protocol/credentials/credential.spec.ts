import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { certificateFacts, CID, HALL_DID, ISSUED_AT, issued, YEAR_MS } from './credential.fixture.ts';
import { readCertificate } from './reading.ts';

const SCHEMA = fileURLToPath(
  new URL('../../test/conformance/open-badges/achievement-credential.schema.json', import.meta.url),
);
// The published schema says `pattern: '(ext:)[a-z|A-Z|0-9|.|-|_]+'`, which only the lenient reading of patterns takes.
const ajv = new Ajv2019.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const isOpenBadge = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

test('the JSON schema of Open Badges 3.0 accepts our certificates, with everything and with the least', async () => {
  const recipient = { id: 'p-kim', name: 'Kim', account: { homePage: 'https://lms.example', name: 'kim.7' } };
  for (const changes of [{ recipient }, {}, { skills: [], score: undefined, evidence: undefined, validUntil: null }]) {
    isOpenBadge(await issued(changes));
    expect(isOpenBadge.errors ?? []).toEqual([]);
  }
});

test('the same schema refuses one without its achievement, and one with a wrong status', async () => {
  const good = await issued();
  const { achievement: _, ...subject } = good.credentialSubject;
  expect(isOpenBadge({ ...good, credentialSubject: subject })).toBe(false);
  expect(isOpenBadge({ ...good, credentialStatus: [] })).toBe(false);
});

test('what was certified can be read out of the document again', async () => {
  const facts = certificateFacts();
  expect(readCertificate(await issued())).toEqual({
    ok: true,
    certificate: {
      id: facts.id,
      title: facts.achievement.name,
      description: facts.achievement.description,
      criteria: facts.achievement.criteria,
      recipient: facts.recipient.name,
      account: null,
      issuer: { id: HALL_DID, name: 'Werk Nord', url: 'https://hall.example' },
      validFrom: ISSUED_AT,
      validUntil: ISSUED_AT + YEAR_MS,
      score: { value: '92.5', max: '100', required: '80' },
      skills: facts.skills,
      evidence: CID,
    },
  });
});

test('somebody from a learning platform is named by their account there, which is read only together with its home page', async () => {
  const account = { homePage: 'https://lms.example/a b', name: 'kim “7”' };
  const document = await issued({ recipient: { id: 'p-kim', name: 'Kim', account } });
  expect(readCertificate(document)).toMatchObject({ ok: true, certificate: { recipient: 'Kim', account } });
  const [name, system, accountName] = document.credentialSubject.identifier;
  const alone = {
    ...document,
    credentialSubject: { ...document.credentialSubject, identifier: [name, system, accountName] },
  };
  expect(readCertificate(alone)).toMatchObject({ ok: true, certificate: { recipient: 'Kim', account: null } });
});

test('what is not a certificate is told with the field that is missing', () => {
  expect(readCertificate({ hello: 'world' })).toMatchObject({ ok: false, detail: expect.stringContaining('@context') });
  expect(readCertificate(null)).toMatchObject({ ok: false });
  expect(
    readCertificate({ '@context': ['x'], type: ['VerifiableCredential'], issuer: 'did:x', credentialSubject: {} }),
  ).toMatchObject({ ok: false, detail: expect.stringContaining('achievement') });
});
