import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CertificateView } from '#protocol/api/index';
import { verifyCertificate } from '#protocol/credentials/verify';
import type { TrainingSession } from '#net/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, openTraining, startRun } from '../support/training.ts';
import type { Mode } from '#protocol/procedures/index';

let hall: Hall;
let tom: Person;
let ground: Awaited<ReturnType<typeof openTraining>>;
let session: TrainingSession;

beforeAll(async () => {
  hall = await startHall();
  const ina = await signIn(hall.url, 'Ina');
  tom = await signIn(hall.url, 'Tom');
  ground = await openTraining(ina, [[tom, 'trainee']]);
  session = await tom.train(ground.room);
});
afterAll(async () => {
  await session?.leave();
  await hall?.stop();
});

async function passed(mode: Mode): Promise<string> {
  const people = [aloneIn(GEARBOX, tom)];
  const run = await startRun(session, ground, mode, people);
  actAll(session, run, knownWay(mode, people));
  await until('all is on disk', () => session.pendingCount.get() === 0);
  await isRevealed(session, run);
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
