import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CertificateView } from '#protocol/api/index';
import { verifyCertificate } from '#protocol/credentials/verify';
import type { TrainingSession } from '#net/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, openTraining, startRun } from '../support/training.ts';
import type { Mode } from '#protocol/procedures/index';

let hall: Hall;
let ina: Person;
let tom: Person;
let tia: Person;
let ground: Awaited<ReturnType<typeof openTraining>>;
let session: TrainingSession;

beforeAll(async () => {
  hall = await startHall();
  [ina, tom, tia] = (await Promise.all(['Ina', 'Tom', 'Tia'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  ground = await openTraining(ina, [
    [tom, 'trainee'],
    [tia, 'trainee'],
  ]);
  session = await tom.train(ground.room);
});
afterAll(async () => {
  await session?.leave();
  await hall?.stop();
});

async function passed(mode: Mode, by: Person = tom): Promise<string> {
  const mine = by === tom ? session : await by.train(ground.room);
  const people = [aloneIn(GEARBOX, by)];
  const run = await startRun(mine, ground, mode, people);
  actAll(mine, run, knownWay(mode, people));
  await until('all is on disk', () => mine.pendingCount.get() === 0);
  await isRevealed(mine, run);
  if (mine !== session) await mine.leave();
  return run;
}
const mine = async () => (await tom.ask<{ certificates: { id: string }[] }>('GET', '/api/me/credentials')).certificates;

test('an exam that was passed gives a certificate with its score, whose evidence is the run’s journal', async () => {
  await passed('exam');
  await until('the certificate is there', async () => (await mine()).length === 1);
  const { document } = await tom.ask<CertificateView>('GET', `/api/credentials/${(await mine())[0]!.id}`);
  const { did } = (await (await fetch(`${hall.url}/api/credentials/issuer`)).json()) as { did: string };
  const report = await verifyCertificate(document, {
    nowMs: Date.now(),
    trusted: new Map([[did, 'the hall']]),
    statusList: async (url) => (await fetch(url)).json(),
    evidence: async (cid) => {
      const answer = await fetch(`${hall.url}/ipfs/${cid}?format=raw`);
      return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
    },
  });
  expect(report.verdict, JSON.stringify(report.checks)).toBe('valid');
  expect(report.checks.at(-1)).toMatchObject({ code: 'evidence_journal' });
  expect(Number(report.checks.at(-1)!.facts['entries'])).toBeGreaterThan(30);
  expect(report.certificate).toMatchObject({
    recipient: 'Tom',
    title: GEARBOX.title['en'],
    score: { max: String(GEARBOX.rubric.full), required: String(GEARBOX.rubric.passMark) },
    skills: [{ code: GEARBOX.id, level: 2 }],
  });
});

test('practice gives a result, and no certificate', async () => {
  const before = (await mine()).length;
  const run = await passed('practice');
  await until('its result is kept', async () =>
    (await tom.ask<{ results: { run: string }[] }>('GET', `/api/trainings/${ground.room}/results`)).results.some(
      (result) => result.run === run,
    ),
  );
  expect(await mine()).toHaveLength(before);
});

test('a course that wants it shown again says until when the certificate is good', async () => {
  const { procedures } = await ina.ask<{ procedures: { id: string }[] }>(
    'GET',
    `/api/projects/${ground.project}/procedures`,
  );
  const refresher = { firstDays: 90, growthPercent: 200, mostDays: 365 };
  const asked = { id: 'a', title: { en: 'A' }, line: procedures[0]!.id, mode: 'exam', refresher };
  const course = {
    ...{ v: 1, title: { en: 'C' }, description: {} },
    modules: [{ ...asked, needs: [], isOptional: false, attempts: null }],
  };
  const { id } = await ina.ask<{ id: string }>('POST', `/api/projects/${ground.project}/courses`, { course });
  await ina.ask('POST', `/api/courses/${id}/assignments`, { people: [tia.id] });
  await passed('exam', tia);
  type Standing = { standings: { modules: { goodUntilMs: number | null }[] }[] };
  const standing = async () =>
    (await tia.ask<Standing>('GET', `/api/courses/${id}/standings`)).standings[0]!.modules[0]!;
  await until('the result is kept', async () => (await standing()).goodUntilMs !== null);
  type Matrix = { people: { user: string; skills: { validUntil: number }[] }[] };
  const held = async () =>
    (await ina.ask<Matrix>('GET', `/api/projects/${ground.project}/skills`)).people.find(({ user }) => user === tia.id)!
      .skills[0];
  await until('the certificate is there', async () => (await held()) !== undefined);
  // A certificate names whole seconds.
  expect(Math.abs((await held())!.validUntil - (await standing()).goodUntilMs!)).toBeLessThan(1000);
});
