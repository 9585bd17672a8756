import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CertificateView, SkillsMatrix } from '#protocol/api/index';
import { unbake } from '#protocol/credentials/bake';
import { verifyCertificate } from '#protocol/credentials/verify';
import type { CID } from '#protocol/journal/block';
import { sealEntry } from '#protocol/journal/entry';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { AssetStore } from '../../server/assets/index.ts';
import { Credentials, type CertificateRequest } from '../../server/credentials/index.ts';
import { Database } from '../../server/platform/database/index.ts';
import { InProcessHall, type Visitor } from './projects-hall.ts';

const DAY = 86_400_000;
const WORDS = { name: 'Gearbox assembly', description: 'Assembles it.', criteria: 'Assessed on the job.' };
const SKILLS = [{ code: 'MECH-01', name: 'Assembly', level: 3 }];

let hall: InProcessHall;
let cast: Awaited<ReturnType<InProcessHall['school']>>;
beforeAll(async () => {
  hall = await InProcessHall.open({ whole: true, env: { HALL_NAME: 'Werk Nord' } });
  cast = await hall.school();
});
afterAll(() => hall?.close());

const certify = (by: Visitor, to: Visitor, more: object = {}) =>
  by.post(`/projects/${cast.project.id}/credentials`, {
    person: to.id,
    achievement: WORDS,
    skills: SKILLS,
    validUntil: hall.clock.nowMs() + 365 * DAY,
    ...more,
  });
async function certified(to: Visitor, more: object = {}): Promise<CertificateView> {
  const { status, body } = await certify(cast.people.owner, to, more);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as CertificateView;
}

/** As somebody does it who has only the file and the hall's public addresses. */
async function judge(document: unknown) {
  const { body: issuer } = await hall.stranger.get('/credentials/issuer');
  return verifyCertificate(document, {
    nowMs: hall.clock.nowMs(),
    trusted: new Map([[issuer.did as string, issuer.name as string]]),
    statusList: async (url) => (await hall.stranger.get(new URL(url).pathname.replace('/api', ''))).body as unknown,
    evidence: (cid: CID) => hall.app.get(AssetStore, { strict: false }).getBlock(cid),
  });
}
const service = () => hall.app.get(Credentials, { strict: false });
const request = (to: Visitor, more: Partial<CertificateRequest> = {}): CertificateRequest => ({
  project: cast.project.id as string,
  recipient: to.id,
  achievement: { id: 'urn:uuid:1d3c0a8e-6c1b-8b53-9f6e-3b1c2d4e5f60', ...WORDS },
  skills: [{ code: 'MECH-01', name: 'Assembly', level: 3 }],
  validUntil: null,
  ...more,
});

describe('a certificate', () => {
  test('is issued, read by its link, and verifies by itself: signed by the hall, in time, not taken back', async () => {
    const { id } = await certified(cast.people.designer, { score: { value: 88, max: 100, required: 80 } });
    const { body, status } = await hall.stranger.get(`/credentials/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ recipient: 'designer', project: null, mayRevoke: false });
    const report = await judge(body.document);
    expect(report.checks.map(({ code }) => code)).toContain('status_good');
    expect(report).toMatchObject({
      verdict: 'valid',
      certificate: { issuer: { name: 'Werk Nord' }, score: { value: '88', max: '100' }, skills: SKILLS },
    });
  });

  test('comes as JSON, SVG and PNG, each with the same certificate inside', async () => {
    const { id, document } = await certified(cast.people.designer);
    for (const name of ['credential.json', 'badge.svg', 'badge.png']) {
      const { bytes, headers, status } = await hall.stranger.get(`/credentials/${id}/${name}`);
      expect(status).toBe(200);
      expect(headers.get('content-disposition')).toMatch(/^attachment; filename="(certificate|badge)-/);
      expect(JSON.parse(unbake(bytes)!), name).toEqual(document);
    }
  });

  test('is found by its person, and by nobody through a wrong link', async () => {
    const { id } = await certified(cast.people.reviewer);
    const { body } = await cast.people.reviewer.get('/me/credentials');
    expect(body.certificates.map((one: { id: string }) => one.id)).toContain(id);
    expect((await hall.stranger.get('/me/credentials')).status).toBe(401);
    expect((await hall.stranger.get(`/credentials/00000000-0000-8000-8000-000000000000`)).body.key).toBe(
      'no_such_certificate',
    );
  });

  test('points at evidence that is there and is kept: the run’s journal, walked to its first entry', async () => {
    const assets = hall.app.get(AssetStore, { strict: false });
    const author = { id: UserId.parse('ada'), name: 'Ada' };
    const common = { v: 1, room: RoomId.parse('run-1'), author, type: 'run.step', payload: {} } as const;
    const first = sealEntry({ ...common, seq: 0, prev: null, id: OpId.parse('op-0'), at: 1 });
    const last = sealEntry({ ...common, seq: 1, prev: first.cid, id: OpId.parse('op-1'), at: 2 });
    const refused = await certify(cast.people.owner, cast.people.designer, { evidence: last.cid.toString() });
    expect(refused).toMatchObject({ status: 409, body: { key: 'evidence_missing' } });
    await assets.putBlocks([first, last]);
    const { document } = await certified(cast.people.designer, { evidence: last.cid.toString() });
    expect((await judge(document)).checks.at(-1)).toMatchObject({ code: 'evidence_journal', facts: { entries: 2 } });
    expect((await assets.listPins()).map(String)).toContain(last.cid.toString());
  });

  test('is issued once for a run, however often and however parallel it is asked for', async () => {
    const again = () => service().issue(request(cast.people.reviewer, { occasion: 'run-7' }));
    const ids = await Promise.all([again(), again(), again(), again()]);
    expect(new Set(ids).size).toBe(1);
    expect(await again()).toBe(ids[0]);
  });

  test('is not for oneself, not for strangers, and not for the past', async () => {
    const { owner, outsider, designer } = cast.people;
    expect(await certify(owner, owner)).toMatchObject({ status: 403, body: { key: 'oneself' } });
    expect(await certify(owner, outsider)).toMatchObject({ status: 409, body: { key: 'recipient_not_a_member' } });
    expect(await certify(owner, designer, { validUntil: hall.clock.nowMs() })).toMatchObject({ status: 422 });
    expect(await certify(owner, designer, { skills: [{ ...SKILLS[0], level: 5 }] })).toMatchObject({ status: 422 });
  });
});

describe('taking back', () => {
  test('shows in the signed list with its reason, once and for all', async () => {
    const { id, document } = await certified(cast.people.designer);
    const keeps = await certified(cast.people.designer);
    const body = { reason: 'retraining', note: 'The fixture has changed.' };
    const { status, body: view } = await cast.people.owner.post(`/credentials/${id}/revoke`, body);
    expect(status).toBe(200);
    expect(view).toMatchObject({ revoked: { reason: 'retraining' }, revocationNote: body.note, mayRevoke: false });
    const report = await judge(document);
    expect(report.verdict).toBe('revoked');
    expect(report.checks.at(-2)).toMatchObject({ code: 'status_revoked', facts: { reason: 'retraining' } });
    expect((await judge(keeps.document)).verdict).toBe('valid');
    expect(await cast.people.owner.post(`/credentials/${id}/revoke`, body)).toMatchObject({ status: 409 });
  });

  test('the note is for those who may take back; strangers read the reason alone', async () => {
    const { id } = await certified(cast.people.designer);
    await cast.people.owner.post(`/credentials/${id}/revoke`, {
      reason: 'misuse',
      note: 'Lent the badge to a colleague',
    });
    for (const visitor of [hall.stranger, cast.people.reviewer])
      expect((await visitor.get(`/credentials/${id}`)).body).toMatchObject({
        revoked: { reason: 'misuse' },
        revocationNote: null,
      });
  });
});

test('rights: who may certify, take back, and see everybody’s skills', async () => {
  const table: Record<string, readonly [issue: number, revoke: number, rows: 'all' | 'own' | 403]> = {
    outsider: [403, 403, 403],
    observer: [403, 403, 'own'],
    reviewer: [403, 403, 'own'],
    trainee: [403, 403, 'own'],
    designer: [403, 403, 'own'],
    instructor: [200, 200, 'all'],
    owner: [200, 200, 'all'],
  };
  for (const [name, [issue, revoke, rows]] of Object.entries(table)) {
    const visitor = cast.people[name as keyof typeof cast.people];
    const to = name === 'reviewer' ? cast.people.observer : cast.people.reviewer;
    expect((await certify(visitor, to)).status, `${name} certifies`).toBe(issue);
    const { status, body } = await visitor.get(`/projects/${cast.project.id}/skills`);
    const seen = status === 403 ? 403 : (body as SkillsMatrix).isWhole ? 'all' : 'own';
    expect(seen, `${name} sees`).toBe(rows);
    if (seen === 'own') expect((body as SkillsMatrix).people.map(({ user }) => user)).toEqual([visitor.id]);
    const { id } = await certified(cast.people.trainee);
    expect((await visitor.post(`/credentials/${id}/revoke`, { reason: 'misuse' })).status, `${name} revokes`).toBe(
      revoke,
    );
  }
  expect((await hall.stranger.get(`/projects/${cast.project.id}/skills`)).status).toBe(401);
});

test('who was certified does not take it back, whatever their role', async () => {
  const { id } = await certified(cast.people.instructor);
  expect((await cast.people.instructor.get(`/credentials/${id}`)).body.mayRevoke).toBe(false);
  const refused = await cast.people.instructor.post(`/credentials/${id}/revoke`, { reason: 'misuse' });
  expect(refused).toMatchObject({ status: 403, body: { key: 'oneself' } });
});

test('in the demo, where everybody is a designer, nobody certifies or takes back in the name of the hall', async () => {
  const { owner, outsider, designer } = cast.people;
  const { id: demo } = (await owner.post('/projects', { title: 'Demo', description: '' })).body;
  const tables = hall.app.get(Database).of<{ project: { id: string; is_demo: boolean } }>();
  await tables.updateTable('project').set({ is_demo: true }).where('id', '=', demo).execute();
  const body = { person: designer.id, achievement: WORDS, skills: SKILLS, validUntil: null };
  expect(await outsider.post(`/projects/${demo}/credentials`, body)).toMatchObject({ status: 403 });
  const { body: given } = await owner.post(`/projects/${demo}/credentials`, body);
  expect(await outsider.post(`/credentials/${given.id}/revoke`, { reason: 'misuse' })).toMatchObject({ status: 403 });
  const { body: matrix } = await outsider.get(`/projects/${demo}/skills`);
  expect(matrix).toMatchObject({ isWhole: false, mayIssue: false, people: [{ user: outsider.id }] });
  // A supervisor of their own making sees no more of what others can do.
  expect((await outsider.ask('PUT', `/projects/${demo}/my-role`, { role: 'supervisor' })).status).toBe(200);
  expect((await outsider.get(`/projects/${demo}/skills`)).body).toMatchObject({ isWhole: false, mayIssue: false });
});

test('the matrix: levels as they are today, expired when their time is over, gone when taken back', async () => {
  const { owner, observer } = cast.people;
  const welding = { skills: [{ code: 'WELD', name: 'Welding', level: 2 }], validUntil: hall.clock.nowMs() + 10 * DAY };
  const { id } = await certified(observer, welding);
  const held = async () => {
    const { body } = await owner.get(`/projects/${cast.project.id}/skills`);
    const row = (body as SkillsMatrix).people.find(({ user }) => user === observer.id)!;
    return row.skills.find(({ code }) => code === 'WELD');
  };
  expect(await held()).toMatchObject({ level: 2, state: 'expiring', certificate: id });
  hall.clock.advance(11 * DAY);
  expect(await held()).toMatchObject({ state: 'expired' });
  await owner.post(`/credentials/${id}/revoke`, { reason: 'issued_in_error' });
  expect(await held()).toBeUndefined();
});

test('the key that signs is sealed in the database, and one key signs everything', async () => {
  const tables = hall.app.get(Database).of<{ credential_key: { did: string; sealed: Buffer } }>();
  const rows = await tables.selectFrom('credential_key').selectAll().execute();
  expect(rows).toHaveLength(1);
  expect(rows[0]!.sealed.length).toBe(12 + 16 + 32);
  expect((await hall.stranger.get('/credentials/issuer')).body).toEqual({
    did: rows[0]!.did,
    name: 'Werk Nord',
    formerDids: [],
  });
});

test('a list that nobody has is not there, and every page in the world may read the lists that are', async () => {
  expect((await hall.stranger.get('/credentials/status/99')).body.key).toBe('no_such_list');
  const { headers, body } = await hall.stranger.get('/credentials/status/1');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(body.type).toContain('BitstringStatusListCredential');
});
