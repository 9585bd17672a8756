import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cmi5CourseView, Cmi5RegistrationView } from '#protocol/api/cmi5';
import { CMI5_VERBS, writeStructure, type AssignableUnit, type CourseStructure } from '#protocol/cmi5/index';
import { fetchToken, stateOf, TestUnit } from '../support/cmi5-unit.ts';
import { signIn, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { basic, hallKey, XapiClient } from '../support/xapi-client.ts';

let hall: Hall;
let ina: Person;
let tom: Person;
let tia: Person;
let project: string;
let lrs: XapiClient;

beforeAll(async () => {
  hall = await startHall({ env: { VOICE: '0' } });
  [ina, tom, tia] = (await Promise.all(['Ina', 'Tom', 'Tia'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  project = (await ina.ask<{ id: string }>('POST', '/api/projects', { title: 'School', description: '' })).id;
  for (const other of [tom, tia]) {
    const { token } = await ina.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
      role: 'trainee',
    });
    await other.ask('POST', `/api/invitations/${token}/accept`);
  }
  const { key, secret } = hallKey(hall, '--project', project);
  lrs = new XapiClient(`${hall.url}/xapi`, basic(key, secret));
});
afterAll(() => hall?.stop());

const words = (en: string) => ({ title: { en }, description: { en } });
const unit = (id: string, more: Partial<AssignableUnit> = {}): AssignableUnit => ({
  kind: 'au',
  id: `https://maker.example/${id}`,
  ...words(id),
  objectives: [],
  url: 'index.html',
  launchParameters: null,
  entitlementKey: null,
  moveOn: 'CompletedAndPassed',
  masteryScore: 0.8,
  launchMethod: 'AnyWindow',
  activityType: null,
  ...more,
});
const course: CourseStructure = {
  id: 'https://maker.example/course',
  ...words('Course'),
  objectives: [],
  members: [
    { kind: 'block', id: 'https://maker.example/block', ...words('Block'), objectives: [], members: [unit('a')] },
    unit('b', { moveOn: 'Passed' }),
  ],
};
const page = strToU8('<!doctype html><title>Course</title><script src="x.js"></script>');
const pack = (files: Record<string, Uint8Array> = {}, structure = course) =>
  zipSync({
    'cmi5.xml': strToU8(writeStructure(structure)),
    'index.html': page,
    'sub/film.mp4': new Uint8Array(1000).fill(7),
    ...files,
  });

async function upload(bytes: Uint8Array, by = ina, type = 'application/zip') {
  const answer = await fetch(`${hall.url}/api/projects/${project}/cmi5`, {
    method: 'POST',
    headers: { authorization: `Bearer ${by.token}`, 'content-type': type },
    body: bytes as Uint8Array<ArrayBuffer>,
  });
  return {
    status: answer.status,
    body: (await answer.json()) as { id: string; key: string; message: string; facts: { clause: string } },
  };
}
const begin = (id: string, by: Person) =>
  by.ask<Cmi5RegistrationView>('POST', `/api/cmi5/courses/${id}/registrations`, {});
const launch = async (registration: string, number: number, by: Person, mode = 'Normal') =>
  await by.ask<{ url: string; session: string }>(
    'POST',
    `/api/cmi5/registrations/${registration}/units/${number}/launch`,
    { mode },
  );
async function said(registration: string): Promise<{ verb: string; object: string }[]> {
  const { body } = await lrs.get(`/statements?registration=${registration}&ascending=true`);
  const verbs = Object.entries(CMI5_VERBS);
  return (body.statements as { verb: { id: string }; object: { id: string } }[]).map(({ verb, object }) => ({
    verb: verbs.find(([, id]) => id === verb.id)?.[0] ?? verb.id,
    object: object.id,
  }));
}

describe('a package', () => {
  test('is opened in a sandbox without an origin, file by file with its type, and films in parts', async () => {
    const { body } = await upload(pack());
    const mine = await begin(body.id, tom);
    const url = new URL((await launch(mine.id, 0, tom)).url);
    const file = await fetch(url);
    expect(file.headers.get('content-type')).toContain('text/html');
    expect(file.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-same-origin)/);
    expect(await file.text()).toContain('<title>Course');
    const film = new URL('sub/film.mp4', url);
    const part = await fetch(film, { headers: { range: 'bytes=990-' } });
    expect([part.status, part.headers.get('content-range'), (await part.arrayBuffer()).byteLength]).toEqual([
      206,
      'bytes 990-999/1000',
      10,
    ]);
    for (const nowhere of ['nothing.html', '../../../../api/me', 'cmi5.xml/x'])
      expect((await fetch(new URL(nowhere, url))).status).not.toBe(200);
    expect((await fetch(`${url.origin}/api/cmi5/content/${'x'.repeat(32)}/index.html`)).status).toBe(404);
  });

  test.each([
    ['leads out of its folder', { '../evil.html': page }, 'bad_package'],
    ['begins at the root', { '/evil.html': page }, 'bad_package'],
    ['has a drive', { 'C:\\evil.html': page }, 'bad_package'],
    ['has an empty name in its path', { 'a//b.html': page }, 'bad_package'],
    [
      'has too many files',
      Object.fromEntries(Array.from({ length: 5_100 }, (_, n) => [`f/${n}`, new Uint8Array(0)])),
      'too_large',
    ],
  ])('that %s is refused, and nothing of it is kept', async (_, files, key) => {
    const before = await ina.ask<{ courses: unknown[] }>('GET', `/api/projects/${project}/cmi5`);
    expect((await upload(pack(files as Record<string, Uint8Array>))).body.key).toBe(key);
    expect(await ina.ask('GET', `/api/projects/${project}/cmi5`)).toEqual(before);
  });

  test('that lies about the size of a file is refused before it fills the memory', async () => {
    const bytes = Buffer.from(pack({ 'zero.bin': new Uint8Array(64 * 2 ** 20) }));
    // In the central directory of the zip, the last header is that of zero.bin: 24 bytes in stands its unpacked size.
    const at = bytes.lastIndexOf(Buffer.from('504b0102', 'hex'));
    expect(bytes.readUInt32LE(at + 24)).toBe(64 * 2 ** 20);
    bytes.writeUInt32LE(10, at + 24);
    expect((await upload(bytes)).body).toMatchObject({ key: 'bad_package', facts: { clause: '14.1' } });
    bytes.writeUInt32LE(600 * 2 ** 20, at + 24);
    expect((await upload(bytes)).body).toMatchObject({ key: 'too_large' });
  });

  test('is brought in by instructors only, and says all that is wrong with it', async () => {
    expect((await upload(pack(), tom)).status).toBe(403);
    const twice = { ...course, members: [...course.members, unit('a'), unit('b', { url: 'missing.html' })] };
    const { status, body } = await upload(pack({}, twice));
    expect([status, body.facts.clause]).toEqual([422, '14.1']);
    expect(JSON.stringify(body.facts)).toContain('https://maker.example/a');
  });
});

describe('a course', () => {
  test('is satisfied unit by unit, block by block, and everybody sees what concerns them', async () => {
    const { body } = await upload(pack());
    const mine = await begin(body.id, tom);
    expect((await begin(body.id, tom)).id).toBe(mine.id);
    const first = await TestUnit.open((await launch(mine.id, 0, tom)).url);
    for (const one of [
      first.say.initialized(Date.now()),
      first.say.judged(Date.now(), 5_000, { scaled: 0.9, raw: 9, max: 10, isPassed: true }),
      first.say.completed(Date.now(), 5_000),
    ])
      expect(await first.send(one)).toMatchObject({ status: 204 });
    expect(await first.send(first.say.terminated(Date.now(), 6_000))).toMatchObject({ status: 204 });
    const second = await TestUnit.open((await launch(mine.id, 1, tom)).url);
    await second.send(second.say.initialized(Date.now()));
    await second.send(second.say.judged(Date.now(), 1_000, { scaled: 0.5, raw: 5, max: 10, isPassed: true }));
    let view = await tom.ask<Cmi5CourseView>('GET', `/api/cmi5/courses/${body.id}`);
    expect(view.mine).toMatchObject({
      isSatisfied: false,
      blocks: [0],
      units: [
        { isPassed: true, isCompleted: true, isSatisfied: true, score: 0.9, session: null },
        { isPassed: false, isFailed: true, isSatisfied: false, score: 0.5 },
      ],
    });
    // The third try goes on where the second was left open: that one is abandoned.
    const third = await TestUnit.open((await launch(mine.id, 1, tom)).url);
    expect((await second.send(second.say.terminated(Date.now(), 1_000))).status).toBe(403);
    await third.send(third.say.initialized(Date.now()));
    await third.send(third.say.judged(Date.now(), 1_000, { scaled: 0.8, raw: 8, max: 10, isPassed: false }));
    view = await tom.ask<Cmi5CourseView>('GET', `/api/cmi5/courses/${body.id}`);
    expect(view.mine).toMatchObject({
      isSatisfied: true,
      units: [{}, { isPassed: true, isFailed: false, score: 0.8 }],
    });
    expect((await said(mine.id)).map(({ verb }) => verb)).toEqual([
      ...['launched', 'initialized', 'passed', 'completed', 'satisfied', 'terminated'],
      ...['launched', 'initialized', 'failed', 'abandoned'],
      ...['launched', 'initialized', 'passed', 'satisfied'],
    ]);
    const seenBy = async (who: Person) =>
      (await who.ask<{ registrations: unknown[] }>('GET', `/api/cmi5/courses/${body.id}/registrations`)).registrations
        .length;
    expect([await seenBy(ina), await seenBy(tom), await seenBy(tia)]).toEqual([1, 1, 0]);
    await expect(launch(mine.id, 0, tia)).rejects.toMatchObject({ key: 'not_yours' });
    await expect(
      tom.ask('POST', `/api/cmi5/registrations/${mine.id}/units/0/waive`, { reason: 'x' }),
    ).rejects.toMatchObject({ status: 403 });
  });

  test('takes one of two that come at the same moment, and the same one again as often as it comes', async () => {
    const { body } = await upload(pack());
    const mine = await begin(body.id, tom);
    const au = await TestUnit.open((await launch(mine.id, 0, tom)).url);
    await au.send(au.say.initialized(Date.now()));
    const many = Array.from({ length: 8 }, () => au.say.completed(Date.now(), 1_000));
    const answers = await Promise.all(many.map((one) => au.send(one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array.from({ length: 7 }, () => 403)]);
    const taken = many[answers.findIndex(({ status }) => status === 204)]!;
    expect(await Promise.all([au.send(taken), au.send(taken)])).toMatchObject([{ status: 204 }, { status: 204 }]);
    expect((await said(mine.id)).filter(({ verb }) => verb === 'completed')).toHaveLength(1);
  });

  test('gives its token once, for this learner and this session alone', async () => {
    const { body } = await upload(pack());
    const [mine, hers] = [await begin(body.id, tom), await begin(body.id, tia)];
    const au = await TestUnit.open((await launch(mine.id, 0, tom)).url);
    expect(await fetchToken(au.launch)).toMatchObject({ 'error-code': '1' });
    expect(await fetchToken({ ...au.launch, fetch: `${hall.url}/api/cmi5/fetch/nothing` })).toMatchObject({
      'error-code': '2',
    });
    const other = await TestUnit.open((await launch(hers.id, 0, tia)).url);
    for (const [method, path] of [
      ['GET', `/activities/state?${stateOf(other.launch, 'LMS.LaunchData')}`],
      ['PUT', `/activities/state?${stateOf(au.launch, 'LMS.LaunchData')}`],
      ['DELETE', `/activities/state?${stateOf(au.launch, 'x').replace(/&stateId=x/, '')}`],
      [
        'PUT',
        `/activities/profile?${new URLSearchParams({ activityId: 'https://elsewhere.example', profileId: 'x' })}`,
      ],
    ] as const)
      expect([method, path, (await au.lrs.ask(method, path, method === 'PUT' ? {} : undefined)).status]).toEqual([
        method,
        path,
        403,
      ]);
    expect((await au.lrs.put(`/activities/state?${stateOf(au.launch, 'bookmark')}`, { page: 3 })).status).toBe(204);
    expect((await other.lrs.get('/statements')).body.statements).toEqual([]);
    await au.send(au.say.initialized(Date.now()));
    await au.send(au.say.terminated(Date.now(), 1));
    expect((await au.lrs.get(`/activities/state?${stateOf(au.launch, 'bookmark')}`)).status).toBe(403);
  });

  test('can be waived once, with the reason, and is then satisfied', async () => {
    const { body } = await upload(pack());
    const mine = await begin(body.id, tom);
    for (const number of [0, 1])
      await ina.ask('POST', `/api/cmi5/registrations/${mine.id}/units/${number}/waive`, { reason: 'Tested Out' });
    await expect(
      ina.ask('POST', `/api/cmi5/registrations/${mine.id}/units/0/waive`, { reason: 'x' }),
    ).rejects.toMatchObject({ key: 'waived_already' });
    expect((await said(mine.id)).map(({ verb }) => verb)).toEqual(['waived', 'satisfied', 'waived', 'satisfied']);
    expect(await tom.ask('GET', `/api/cmi5/registrations/${mine.id}`)).toMatchObject({ isSatisfied: true });
  });
});
