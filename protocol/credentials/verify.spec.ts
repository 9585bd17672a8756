import { expect, test } from 'vitest';
import { OpId, RoomId, UserId } from '../ids.ts';
import { cidOf, type CID } from '../journal/block.ts';
import { sealEntry, type StoredEntry } from '../journal/entry.ts';
import { HALL_DID, HALL_KEY, ISSUED_AT, issued, LIST_URL, OTHER_KEY, YEAR_MS } from './credential.fixture.ts';
import { isoSeconds } from './credential.ts';
import { sign } from './data-integrity.ts';
import { statusListCredential, type Revocation } from './status-list.ts';
import { verifyCertificate, type VerifyPorts } from './verify.ts';

const DAY = 86_400_000;

async function listOf(revocations: Revocation[], { key = HALL_KEY, issuer = HALL_DID, days = 7 } = {}) {
  const from = ISSUED_AT;
  const validity = { validFrom: isoSeconds(from), validUntil: isoSeconds(from + days * DAY) };
  const list = await statusListCredential({ url: LIST_URL, issuer, revocations, ...validity });
  return sign(list, { privateKey: key, created: isoSeconds(from) });
}

async function judged(document: unknown, changes: Partial<VerifyPorts> = {}) {
  const report = await verifyCertificate(document, {
    nowMs: ISSUED_AT + DAY,
    trusted: new Map([[HALL_DID, 'Werk Nord']]),
    statusList: () => listOf([]),
    ...changes,
  });
  return { ...report, codes: report.checks.map(({ code }) => code) };
}

test('a good certificate is valid: signed by a trusted hall, in time, not taken back', async () => {
  const { verdict, codes, certificate } = await judged(await issued());
  expect(verdict).toBe('valid');
  expect(codes).toEqual(['form_open_badge', 'signature_valid', 'issuer_trusted', 'period_valid', 'status_good']);
  expect(certificate).toMatchObject({ recipient: 'Ada “Ä” 迈尔' });
});

test('a changed one is invalid, and nothing it says about itself is looked at any more', async () => {
  const forged = JSON.parse(JSON.stringify(await issued()).replace('92.5', '100')) as object;
  const { verdict, codes } = await judged(forged, { statusList: () => Promise.reject(new Error('asked in vain')) });
  expect([verdict, codes.at(-1)]).toEqual(['invalid', 'signature_changed']);
});

test('a stranger cannot issue in the name of the hall', async () => {
  expect(await judged(await issued({}, OTHER_KEY))).toMatchObject({ verdict: 'invalid' });
  expect((await judged(await issued({}, OTHER_KEY))).codes).toContain('issuer_not_signer');
});

test('a well-signed certificate of an unknown key is not called valid', async () => {
  expect((await judged(await issued(), { trusted: new Map() })).verdict).toBe('unknown_issuer');
});

test('it expires, and is not valid before its day', async () => {
  const good = await issued();
  const list = () => listOf([], { days: 1000 });
  expect((await judged(good, { nowMs: ISSUED_AT + YEAR_MS, statusList: list })).verdict).toBe('valid');
  expect((await judged(good, { nowMs: ISSUED_AT + YEAR_MS + 1, statusList: list })).verdict).toBe('expired');
  expect((await judged(good, { nowMs: ISSUED_AT - 1 })).verdict).toBe('not_yet');
});

test('taken back is told with reason and day, also when it has expired meanwhile', async () => {
  const at = ISSUED_AT + 5000;
  const statusList = () => listOf([{ index: 4711, reason: 'retraining', at }]);
  const { verdict, checks } = await judged(await issued(), { statusList, nowMs: ISSUED_AT + 2 * YEAR_MS });
  expect(verdict).toBe('revoked');
  expect(checks.at(-1)).toMatchObject({ code: 'status_revoked', facts: { reason: 'retraining', at } });
});

test('a list that is missing, old, of another signer, or of another issuer does not vouch for anything', async () => {
  const good = await issued();
  for (const [statusList, code] of [
    [() => Promise.resolve(null), 'status_unreachable'],
    [() => listOf([], { days: 0 }), 'status_list_old'],
    [() => listOf([], { key: OTHER_KEY }), 'status_list_bad'],
    [() => listOf([], { issuer: 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2' }), 'status_list_bad'],
    [async () => ({ ...(await listOf([])), id: 'https://hall.example/other' }), 'status_list_bad'],
    [() => Promise.resolve({ rubbish: true }), 'status_list_bad'],
  ] as const) {
    const { verdict, codes } = await judged(good, { statusList });
    expect([verdict, codes.at(-1)]).toEqual(['status_unknown', code]);
  }
});

function journal(length: number): StoredEntry[] {
  const entries: StoredEntry[] = [];
  for (let seq = 0; seq < length; seq++)
    entries.push(
      sealEntry({
        v: 1,
        room: RoomId.parse('r1'),
        seq,
        prev: entries.at(-1)?.cid ?? null,
        id: OpId.parse(`op${seq}`),
        author: { id: UserId.parse('p-ada'), name: 'Ada' },
        at: ISSUED_AT + seq,
        type: 'run.step',
        payload: { seq },
      }),
    );
  return entries;
}

test('evidence: the journal is walked to its first entry; a missing or damaged block is told', async () => {
  const entries = journal(5);
  const blocks = new Map(entries.map(({ cid, bytes }) => [cid.toString(), bytes]));
  const head = entries.at(-1)!.cid.toString();
  const good = await issued({ evidence: { cid: head, name: 'Run', narrative: 'All of it.' } });
  const evidence = async (cid: CID) => blocks.get(cid.toString()) ?? null;
  const whole = await judged(good, { evidence });
  expect(whole.verdict).toBe('valid');
  expect(whole.checks.at(-1)).toMatchObject({ code: 'evidence_journal', facts: { entries: 5 } });

  blocks.set(entries[2]!.cid.toString(), entries[1]!.bytes);
  expect(await judged(good, { evidence })).toMatchObject({ verdict: 'invalid' });
  blocks.delete(entries[2]!.cid.toString());
  const missing = await judged(good, { evidence });
  expect([missing.verdict, missing.codes.at(-1)]).toEqual(['valid', 'evidence_unreachable']);
});

test('evidence that is a file is found by its hash, and other bytes under its name are not it', async () => {
  const file = new TextEncoder().encode('report');
  const cid = cidOf(file, 0x55).toString();
  const good = await issued({ evidence: { cid, name: 'Report', narrative: 'Measured.' } });
  const found = await judged(good, { evidence: async () => file });
  expect([found.verdict, found.codes.at(-1)]).toEqual(['valid', 'evidence_found']);
  const other = await judged(good, { evidence: async () => new TextEncoder().encode('rep0rt') });
  expect([other.verdict, other.codes.at(-1)]).toEqual(['invalid', 'evidence_mismatch']);
});

test('rubbish of any kind ends in a report, never in an exception', async () => {
  const good = await issued();
  for (const rubbish of [
    null,
    7,
    'x',
    [],
    {},
    { ...good, '@context': 'x' },
    { ...good, issuer: 5 },
    { ...good, proof: [7] },
  ])
    expect((await judged(rubbish)).verdict).toBe('invalid');
  expect((await judged({ ...good, '@context': [...good['@context'], 'https://evil.example/'] })).codes.at(-1)).toBe(
    'signature_unknown_context',
  );
});
