import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeBlock, encodeBlock } from '#protocol/journal/index';
import { DEFAULT_RUBRIC } from '#protocol/procedures/index';
import { signIn, until } from '../support/people.ts';
import { startHall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  engineOf,
  GEARBOX,
  isRevealed,
  knownWay,
  openTraining,
  startRun,
} from '../support/training.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');
let dataDir: string;
let served: unknown;
let journal: string;
const RUN = 'scored-run';

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-score-'));
  const hall = await startHall({ dataDir });
  const [ina, tom] = await Promise.all([signIn(hall.url, 'Ina'), signIn(hall.url, 'Tom')]);
  const ground = await openTraining(ina, [[tom, 'trainee']]);
  const session = await tom.train(ground.room);
  const people = [aloneIn(GEARBOX, tom)];
  const run = await startRun(session, ground, 'practice', people, RUN);
  await ina.ask('POST', `/api/trainings/${ground.room}/runs/${run}/faults`, { fault: GEARBOX.workplace.faults[0]!.id });
  const by = session.me.user;
  actAll(session, run, [{ type: 'grabbed', by, thing: GEARBOX.workplace.things.at(-3)!.id }]);
  actAll(session, run, [{ type: 'released', by, thing: GEARBOX.workplace.things.at(-3)!.id }]);
  expect(engineOf(session, run).status).toBe('running');
  actAll(session, run, knownWay('practice', people));
  await until('all is on disk', () => session.pendingCount.get() === 0);
  await isRevealed(session, run);
  served = (await tom.ask<{ sheet: unknown }>('GET', `/api/trainings/${ground.room}/runs/${run}/score`)).sheet;
  const headers = { authorization: `Bearer ${tom.token}` };
  const answer = await fetch(`${hall.url}/api/trainings/${ground.room}/journal`, { headers });
  journal = join(dataDir, 'room.journal');
  writeFileSync(journal, new Uint8Array(await answer.arrayBuffer()));
  await session.leave();
  await hall.stop();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function score(...parameters: string[]): Promise<{ code: number; output: string; stdout: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: dataDir };
    execFile(process.execPath, [CLI, 'score', ...parameters], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr, stdout }),
    );
  });
}

test('anybody computes the sheet that the hall gave from the journal alone, without the hall', async () => {
  const { code, stdout } = await score(RUN, '--journal', journal, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).sheet).toEqual(served);
});

test('who runs the hall computes it from the data folder, in words', async () => {
  const { code, output } = await score(RUN);
  expect(code).toBe(0);
  expect(output).toMatch(/\d+ of 1000 points/);
  expect(output).toContain('fault_not_found');
});

test('another rubric judges the same run', async () => {
  const rubric = join(dataDir, 'rubric.json');
  const strict = { ...DEFAULT_RUBRIC, version: 9, faults: { ...DEFAULT_RUBRIC.faults, notFound: 1000 } };
  writeFileSync(rubric, JSON.stringify(strict));
  const { stdout } = await score(RUN, '--journal', journal, '--rubric', rubric, '--json');
  expect(JSON.parse(stdout).sheet).toMatchObject({ rubricVersion: 9, points: 0, isPassed: false });
});

test('a journal in which one byte was changed gives no score', async () => {
  const { blocks } = decodeBlock(new Uint8Array(readFileSync(journal))) as { blocks: Uint8Array[] };
  const forged = blocks.map((bytes) => bytes.slice());
  // A later moment for one act: the block is still one, and no longer the one that the next links to.
  const entry = decodeBlock(forged[20]!) as { at: number };
  forged[20] = encodeBlock({ ...entry, at: entry.at + 1 }).bytes.slice();
  const path = join(dataDir, 'forged.journal');
  writeFileSync(path, encodeBlock({ from: 0, blocks: forged }).bytes);
  const { code, output } = await score(RUN, '--journal', path);
  expect(code).not.toBe(0);
  expect(output).toContain('chain is broken');
});
