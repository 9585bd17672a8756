import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeBlock } from '#protocol/journal/index';
import { recordFromJournal } from '#protocol/training/index';
import { registrationOf, statementsOf, toldRun, VERBS } from '#protocol/xapi/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, openTraining, rowOf, startRun } from '../support/training.ts';
import { basic, hallKey, XapiClient } from '../support/xapi-client.ts';

/** A hall that trains, and a second one that is the company's LRS. */
let company: Hall;
let hall: Hall;
let env: Record<string, string>;
let dataDir: string;
let ours: XapiClient;
let theirs: XapiClient;

const HOME = 'https://hall.example.com';
const FAULT = GEARBOX.workplace.faults[0]!.id;

beforeAll(async () => {
  company = await startHall({ env: { VOICE: '0' } });
  const far = hallKey(company);
  theirs = new XapiClient(`${company.url}/xapi`, basic(far.key, far.secret));
  env = {
    VOICE: '0',
    PUBLIC_URL: HOME,
    XAPI_LRS_URL: `${company.url}/xapi`,
    XAPI_LRS_KEY: far.key,
    XAPI_LRS_SECRET: far.secret,
  };
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-statements-'));
  hall = await startHall({ env, dataDir });
});
afterAll(async () => {
  await hall?.stop();
  await company?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Said {
  id: string;
  verb: { id: string };
}
async function all(client: XapiClient, query: string): Promise<Said[]> {
  const { body } = await client.get(`/statements?${query}&ascending=true`);
  return body.statements as Said[];
}

async function ground() {
  // Connections that a test before this one left idle may be closed just now; a GET finds out and is simply asked again.
  await fetch(`${hall.url}/api/health`);
  const ina = await signIn(hall.url, 'Ina');
  const tom = await signIn(hall.url, 'Tom');
  const place = await openTraining(ina, [[tom, 'trainee']]);
  const { key, secret } = hallKey({ dataDir }, '--project', place.project);
  ours = new XapiClient(`${hall.url}/xapi`, basic(key, secret));
  return { ina, tom, place };
}

/** What the journal gives, told by anybody who has it. */
async function expectedIds(person: Person, room: string, run: string): Promise<string[]> {
  const answer = await fetch(`${hall.url}/api/trainings/${room}/journal`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  const { blocks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] };
  const told = recordFromJournal(blocks, run);
  if (!told.ok) throw new Error(told.problem.message);
  const { record } = told;
  const about = { id: run, home: HOME, revision: record.run.procedure };
  return (['open', 'revealed'] as const)
    .flatMap((part) =>
      statementsOf(toldRun(record.procedure, record[part === 'open' ? 'open' : 'recorded'], { ...about, part })),
    )
    .map(({ id }) => id!);
}

test('a run is told while it goes on and whole after the debrief: each statement once, here and in the company’s LRS', async () => {
  const { ina, tom, place } = await ground();
  const session = await tom.train(place.room);
  const people = [aloneIn(GEARBOX, tom)];
  const run = await startRun(session, place, 'exam', people);
  const way = knownWay('exam', people);
  const query = `registration=${registrationOf(run)}`;
  actAll(session, run, way.slice(0, 10));
  await ina.ask('POST', `/api/trainings/${place.room}/runs/${run}/faults`, { fault: FAULT });
  await until('the first seal has been told', async () => (await all(ours, query)).length > 3, 40_000);
  const early = await all(ours, query);
  expect(early.map(({ verb }) => verb.id)).toContain(VERBS.initialized);
  // Nobody learns of the fault from the LRS before the debrief.
  expect(JSON.stringify(early)).not.toContain(FAULT);

  actAll(session, run, way.slice(10));
  await isRevealed(session, run);
  await until('its end has been told', async () =>
    (await all(ours, query)).some(({ verb }) => verb.id === VERBS.terminated),
  );
  const expected = await expectedIds(tom, place.room, run);
  const ids = (await all(ours, query)).map(({ id }) => id);
  expect([...ids].sort()).toEqual([...expected].sort());
  expect(ids.slice(0, early.length)).toEqual(early.map(({ id }) => id));
  expect(JSON.stringify(await all(ours, query))).toContain(FAULT);
  await until('the company has all of it', async () => (await all(theirs, query)).length === expected.length, 20_000);
  expect((await all(theirs, query)).map(({ id }) => id).sort()).toEqual([...expected].sort());
  await session.leave();
}, 120_000);

test('a hall that is killed between the end of a run and its last statement tells it after the next start, once', async () => {
  const { tom, place } = await ground();
  const people = [aloneIn(GEARBOX, tom)];
  for (const killAfter of ['the end', 'the debrief'] as const) {
    const session = await tom.at(hall.url).train(place.room);
    const run = await startRun(session, place, 'practice', people);
    actAll(session, run, knownWay('practice', people));
    await until(
      killAfter,
      () => (killAfter === 'the end' ? rowOf(session, run).outcome !== null : rowOf(session, run).isRevealed),
      20_000,
    );
    await until('it is on disk', () => session.pendingCount.get() === 0);
    await hall.kill9();
    await session.leave().catch(() => undefined);
    hall = await startHall({ env, dataDir });
    const { key, secret } = hallKey({ dataDir }, '--project', place.project);
    ours = new XapiClient(`${hall.url}/xapi`, basic(key, secret));
    const again = await tom.at(hall.url).train(place.room);
    if (killAfter === 'the end') await isRevealed(again, run);
    const query = `registration=${registrationOf(run)}`;
    await until(
      'its end has been told',
      async () => (await all(ours, query)).some(({ verb }) => verb.id === VERBS.terminated),
      20_000,
    );
    const expected = await expectedIds(tom.at(hall.url), place.room, run);
    expect((await all(ours, query)).map(({ id }) => id).sort()).toEqual([...expected].sort());
    await until('the company has all of it', async () => (await all(theirs, query)).length === expected.length, 20_000);
    await again.leave();
  }
}, 180_000);
