import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Line } from '../support/line.ts';
import { startHall, type Hall } from '../support/server.ts';
import { anAttempt, hallKey, XapiClient, basic } from '../support/xapi-client.ts';

/** Our own LRS in a second hall is the company's; the line to it is cut, muffled and mended. */
let company: Hall;
let line: Line;
let client: XapiClient;
let settings: Record<string, string>;
let dataDir: string;
const programs = new Set<ReturnType<typeof spawn>>();

beforeAll(async () => {
  company = await startHall({ env: { VOICE: '0' } });
  line = await Line.to(company);
  const { key, secret } = hallKey(company);
  client = new XapiClient(`${company.url}/xapi`, basic(key, secret));
  settings = { XAPI_LRS_URL: `${line.url}/xapi`, XAPI_LRS_KEY: key, XAPI_LRS_SECRET: secret };
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-outbox-'));
});
// Also of a test that failed in its middle: the next one opens the same data folder.
afterEach(async () => {
  for (const program of programs) {
    const exited = new Promise((resolve) => program.once('exit', resolve));
    if (program.kill('SIGKILL')) await exited;
  }
  programs.clear();
  line.mend();
});
afterAll(async () => {
  await line.close();
  await company.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const RECORDER = join(import.meta.dirname, 'xapi-outbox-recorder.ts');

/** A hall that records; `acknowledged` grows with what it says. */
function record(count: number, acknowledged: string[]) {
  const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    DATA_DIR: dataDir,
    DEMO: '0',
    VOICE: '0',
    LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, [...flags, RECORDER, String(count)], {
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  programs.add(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let rest = '';
  child.stdout.on('data', (text: Buffer) => {
    // Only whole lines: an id that a kill cut off was not acknowledged.
    const lines = (rest + text.toString()).split('\n');
    rest = lines.pop()!;
    acknowledged.push(...lines.filter((word) => word !== 'open'));
  });
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
      programs.delete(child);
    },
  };
}

async function arrived(): Promise<string[]> {
  const ids: string[] = [];
  for (let path = '/statements?ascending=true'; path;) {
    const { body } = await client.get(path);
    ids.push(...(body.statements as { id: string }[]).map(({ id }) => id));
    path = body.more;
  }
  return ids;
}

const outbox = () => {
  const cli = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');
  const told = execFileSync(process.execPath, [cli, 'xapi-outbox', '--data', dataDir, '--json'], { encoding: 'utf8' });
  return JSON.parse(told) as { waiting: number; refused: number; lastError: string | null; refusal: string | null };
};

test('every statement reaches the other LRS once, over kills of the hall and a line that breaks at any moment', async () => {
  const acknowledged: string[] = [];
  let isOver = false;
  const weather = (async () => {
    for (let round = 0; !isOver; round++) {
      await sleep(150 + ((round * 97) % 300));
      // Muffled: the other side stores, and its answer is lost.
      if (round % 2) line.muffle();
      await sleep(60);
      line.cut();
      await sleep(100 + ((round * 31) % 200));
      line.mend();
    }
  })();
  for (let round = 0; round < 4; round++) {
    const before = acknowledged.length;
    const recording = record(1_000_000, acknowledged);
    await expect.poll(() => acknowledged.length - before, { timeout: 40_000 }).toBeGreaterThan(150);
    await sleep((round * 53) % 200);
    await recording.kill();
  }
  isOver = true;
  await weather;
  line.mend();
  const last = record(0, acknowledged);
  await expect
    .poll(async () => new Set(await arrived()).size, { timeout: 60_000, interval: 500 })
    .toBeGreaterThanOrEqual(acknowledged.length);
  const found = await arrived();
  expect(acknowledged.filter((id) => !found.includes(id))).toEqual([]);
  expect(new Set(found).size).toBe(found.length);
  // At most the one whose acknowledgement a kill swallowed, per kill.
  expect(found.length - acknowledged.length).toBeLessThanOrEqual(4);
  await expect.poll(() => outbox().waiting, { timeout: 20_000 }).toBe(0);
  await last.kill();
  console.log(`${acknowledged.length} acknowledged over 4 kills and a broken line: each arrived once`);
}, 240_000);

test('one statement that the other LRS refuses is set aside with its reason; the rest goes on', async () => {
  line.cut();
  const acknowledged: string[] = [];
  const recording = record(20, acknowledged);
  await expect.poll(() => acknowledged.length, { timeout: 40_000 }).toBe(20);
  expect(outbox()).toMatchObject({ waiting: 20, refused: 0 });
  const taken = acknowledged[7]!;
  await client.post('/statements', anAttempt({ id: taken, verb: { id: 'http://example.com/another' } }));
  line.mend();
  await expect.poll(() => outbox(), { timeout: 60_000, interval: 500 }).toMatchObject({ waiting: 0, refused: 1 });
  expect(outbox().refusal).toContain('another statement');
  const found = await arrived();
  expect(acknowledged.filter((id) => !found.includes(id))).toEqual([]);
  await recording.kill();
}, 120_000);
