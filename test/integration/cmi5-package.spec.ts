import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectTraining } from '#net/training';
import type { CertificateIssuer, CertificateSummary } from '#protocol/api/credentials';
import type { Cmi5CourseView, Cmi5Entered, Cmi5PackageView, Cmi5RegistrationView } from '#protocol/api/cmi5';
import type { ScoreView } from '#protocol/api/training';
import { readStructure, unitsOf } from '#protocol/cmi5/index';
import { verifyCertificate } from '#protocol/credentials/verify';
import { TestUnit } from '../support/cmi5-unit.ts';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  GEARBOX,
  isRevealed,
  knownWay,
  openTraining,
  startRun,
  type TrainingGround,
} from '../support/training.ts';

/** The hall is the maker of a course; a second hall is the company's LMS. */
let maker: Hall;
let company: Hall;
let ina: Person;
let boss: Person;
let ground: TrainingGround;
let school: string;

beforeAll(async () => {
  [maker, company] = await Promise.all([startHall({ env: { VOICE: '0' } }), startHall({ env: { VOICE: '0' } })]);
  ina = await signIn(maker.url, 'Ina');
  ground = await openTraining(ina);
  boss = await signIn(company.url, 'Bo');
  school = (await boss.ask<{ id: string }>('POST', '/api/projects', { title: 'School', description: '' })).id;
});
afterAll(() => Promise.all([maker?.stop(), company?.stop()]));

async function makePackage(more: object = {}): Promise<{ id: string; zip: Uint8Array }> {
  const from = { title: 'Gearbox', releases: [{ release: ground.release, mode: 'exam' }] };
  const answer = await fetch(`${maker.url}/api/projects/${ground.project}/cmi5/packages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ina.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from, ...more }),
  });
  expect(answer.status).toBe(201);
  const id = /cmi5-([\w-]+)\.zip/.exec(answer.headers.get('content-disposition') ?? '')![1]!;
  return { id, zip: new Uint8Array(await answer.arrayBuffer()) };
}
async function importThere(zip: Uint8Array): Promise<string> {
  const headers = { authorization: `Bearer ${boss.token}`, 'content-type': 'application/zip' };
  const answer = await fetch(`${company.url}/api/projects/${school}/cmi5`, {
    method: 'POST',
    headers,
    body: zip as Uint8Array<ArrayBuffer>,
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}
const begin = (course: string, by = boss) =>
  by.ask<Cmi5RegistrationView>('POST', `/api/cmi5/courses/${course}/registrations`, {});
const launch = async (registration: string, by = boss) =>
  TestUnit.open(
    (
      await by.ask<{ url: string }>('POST', `/api/cmi5/registrations/${registration}/units/0/launch`, {
        returnPath: '/',
      })
    ).url,
  );
/** What the page of a unit asks of the hall that made it. */
const enter = (id: string, au: TestUnit, more: object = {}) =>
  ina.ask<Cmi5Entered>('POST', `/api/cmi5/packages/${id}/enter`, {
    unit: 0,
    entitlementKey: au.data.entitlementKey!.courseStructure,
    account: au.launch.actor.account,
    registration: au.launch.registration,
    ...more,
  });

test('a procedure is a course in another LMS: launched there, run here, judged by the score, satisfied there', async () => {
  const { id, zip } = await makePackage();
  const read = readStructure(strFromU8(unzipSync(zip)['cmi5.xml']!), { files: null });
  expect(read.ok && unitsOf(read.course)).toMatchObject([
    {
      url: `${maker.url}/cmi5/${id}/0`,
      moveOn: 'Passed',
      launchMethod: 'OwnWindow',
      title: { en: expect.any(String), zh: expect.any(String) },
    },
  ]);
  const course = await importThere(zip);
  const registration = await begin(course);
  const au = await launch(registration.id);
  const seat = await enter(id, au);
  const startedMs = Date.now();
  expect(await au.send(au.say.initialized(startedMs))).toMatchObject({ status: 204 });

  const session = await connectTraining({ hallUrl: maker.url, token: seat.token, room: seat.room, device: 'bot' });
  const people = [aloneIn(GEARBOX, { ...ina, id: seat.user, name: seat.name })];
  const run = await startRun(session, { ...ground, procedure: seat.procedure }, seat.mode, people);
  expect(actAll(session, run, knownWay(seat.mode, people))).toEqual([]);
  await isRevealed(session, run);
  const learner = { ...ina, token: seat.token };
  const score = async () => {
    const headers = { authorization: `Bearer ${learner.token}` };
    const answer = await fetch(`${maker.url}/api/trainings/${seat.room}/runs/${run}/score`, { headers });
    return answer.ok ? ((await answer.json()) as ScoreView).sheet : null;
  };
  await until('the sheet is there', async () => (await score()) !== null);
  const { points, full, isPassed, failedBy, durationMs } = (await score())!;
  expect(points).toBe(1000);
  const judged = au.say.judged(Date.now(), durationMs, {
    scaled: points / full,
    raw: points,
    max: full,
    isPassed,
    isBarred: failedBy.length > 0,
  });
  expect(await au.send(judged)).toMatchObject({ status: 204 });
  expect(await au.send(au.say.completed(Date.now(), durationMs))).toMatchObject({ status: 204 });
  expect(await au.send(au.say.terminated(Date.now(), Date.now() - startedMs))).toMatchObject({ status: 204 });
  expect((await boss.ask<Cmi5CourseView>('GET', `/api/cmi5/courses/${course}`)).mine).toMatchObject({
    isSatisfied: true,
    units: [{ isPassed: true, score: 1 }],
  });
  await session.leave();

  // Whoever has no account in the hall is certified as who they are in the platform.
  const certificates = async () =>
    (
      await fetch(`${maker.url}/api/me/credentials`, { headers: { authorization: `Bearer ${learner.token}` } }).then(
        (answer) => answer.json() as Promise<{ certificates: CertificateSummary[] }>,
      )
    ).certificates;
  await until('the certificate is there', async () => (await certificates()).length === 1);
  const [{ id: certificate }] = (await certificates()) as [CertificateSummary];
  const document = (await (
    await fetch(`${maker.url}/api/credentials/${certificate}/credential.json`)
  ).json()) as object;
  const issuer = (await (await fetch(`${maker.url}/api/credentials/issuer`)).json()) as CertificateIssuer;
  const report = await verifyCertificate(document, {
    nowMs: Date.now(),
    trusted: new Map([[issuer.did, issuer.name]]),
    statusList: async (url) => (await fetch(url)).json(),
  });
  expect(report).toMatchObject({ verdict: 'valid', certificate: { account: au.launch.actor.account } });

  // Launched again within the registration, the learner is the same and so is the room.
  const again = await enter(id, await launch(registration.id));
  expect([again.room, again.user]).toEqual([seat.room, seat.user]);
}, 120_000);

test('a learner has a room of their own and nothing else of the project, until the package is taken back', async () => {
  const { id, zip } = await makePackage({ seats: 2 });
  const course = await importThere(zip);
  const ann = await enter(id, await launch((await begin(course)).id));
  const other = await signIn(company.url, 'Ben');
  const { token } = await boss.ask<{ token: string }>('POST', `/api/projects/${school}/invitations`, {
    role: 'trainee',
  });
  await other.ask('POST', `/api/invitations/${token}/accept`);
  const ben = await enter(id, await launch((await begin(course, other)).id, other));
  expect(ben.room).not.toBe(ann.room);
  const as = async (seat: Cmi5Entered, method: string, path: string) =>
    (await fetch(`${maker.url}/api${path}`, { method, headers: { authorization: `Bearer ${seat.token}` } })).status;
  expect(await as(ann, 'POST', `/rooms/${ann.room}/ticket`)).toBe(200);
  expect(await as(ann, 'GET', `/trainings/${ann.room}/results`)).toBe(200);
  for (const [method, path] of [
    ['POST', `/rooms/${ben.room}/ticket`],
    ['GET', `/trainings/${ben.room}`],
    ['POST', `/rooms/${ground.room}/ticket`],
    ['GET', `/projects/${ground.project}`],
    ['GET', `/projects/${ground.project}/trainings`],
    ['GET', `/projects/${ground.project}/procedures`],
    ['GET', `/projects/${ground.project}/cmi5/packages`],
    ['POST', `/trainings/${ann.room}/procedures`],
  ] as const)
    expect([method, path, await as(ann, method, path)]).not.toEqual([method, path, 200]);

  const third = await enter(id, await launch((await begin(course)).id), {
    account: { homePage: 'https://lms.example', name: 'carl' },
  }).catch((thrown: { key: string }) => thrown.key);
  expect(third).toBe('no_seat');
  await expect(enter(id, await launch((await begin(course)).id), { entitlementKey: 'guessed' })).rejects.toMatchObject({
    key: 'no_such_package',
  });
  const { packages } = await ina.ask<{ packages: Cmi5PackageView[] }>(
    'GET',
    `/api/projects/${ground.project}/cmi5/packages`,
  );
  expect(packages.find((one) => one.id === id)).toMatchObject({ learners: 2, seats: 2, isRevoked: false });

  await ina.ask('DELETE', `/api/cmi5/packages/${id}`);
  expect(await as(ann, 'POST', `/rooms/${ann.room}/ticket`)).toBe(403);
  await expect(enter(id, await launch((await begin(course)).id))).rejects.toMatchObject({ key: 'no_such_package' });
}, 60_000);

test('a course of modules becomes one package, in its order, with what may be left out marked as such', async () => {
  const drafts = await ina.ask<{ procedures: { id: string }[] }>('GET', `/api/projects/${ground.project}/procedures`);
  const line = drafts.procedures[0]!.id;
  const module = (id: string, mode: string, isOptional: boolean) => ({
    id,
    title: { en: id },
    line,
    mode,
    needs: [],
    isOptional,
    attempts: null,
    refresher: null,
  });
  const course = {
    v: 1,
    title: { en: 'Assembly', zh: '装配' },
    description: { en: '' },
    modules: [module('look', 'guided', true), module('learn', 'guided', false), module('show', 'exam', false)],
  };
  const { id } = await ina.ask<{ id: string }>('POST', `/api/projects/${ground.project}/courses`, { course });
  const { zip } = await makePackage({ from: { course: id } });
  const read = readStructure(strFromU8(unzipSync(zip)['cmi5.xml']!), { files: null });
  expect(read.ok && unitsOf(read.course).map(({ title, moveOn }) => [title['en'], moveOn])).toEqual([
    ['look', 'NotApplicable'],
    ['learn', 'Completed'],
    ['show', 'Passed'],
  ]);
  expect(read.ok && read.course.title).toEqual({ en: 'Assembly', zh: '装配' });
});
