import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cidOf } from '#protocol/journal/index';
import { designedRoom, mintRevision, publish } from '../benchmarks/ownership/published.ts';
import { signIn } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');

let dataDir: string;
let hall: Hall;
let tokenId: string;
let manifest: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-cli-'));
  hall = await startHall({ dataDir });
  const ann = await signIn(hall.url, 'Ann');
  manifest = await publish(ann, await designedRoom(ann, 12));
  tokenId = await mintRevision(ann, manifest);
});
afterAll(async () => {
  await hall.stop().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

/** `workhall verify` as a program of its own; what it printed, and how it ended. */
async function verify(...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env['PATH'], DATA_DIR: dataDir };
    execFile(process.execPath, [CLI, 'verify', ...parameters], { env: environment }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

test('a token of the running hall is verified, line by line', async () => {
  const { code, output } = await verify(tokenId);
  expect(output).toContain('Verified.');
  expect(code).toBe(0);
  for (const check of ['token on chain', 'files', 'journal', 'replay', 'state hash', 'shares', 'signatures'])
    expect(output).toMatch(new RegExp(`✓ ${check}`));
});

test('a token that is not there is not verified', async () => {
  const { code, output } = await verify('4711');
  expect(code).toBe(1);
  expect(output).toContain('✗ token on chain');
});

test('a damaged block ends the program with 1 and its name', async () => {
  const folder = join(dataDir, 'ipfs', 'blocks');
  const DAG_CBOR = 0x71;
  // The store holds other blocks too (its own health check, say): the manifest's is one the proof needs.
  const file = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((path) => cidOf(readFileSync(path), DAG_CBOR).toString() === manifest)!;
  const whole = readFileSync(file);
  writeFileSync(file, Buffer.concat([whole.subarray(0, -1), Buffer.of(whole.at(-1)! ^ 1)]));
  const { code, output } = await verify(tokenId, '--json');
  writeFileSync(file, whole);
  const report = JSON.parse(output) as { ok: boolean; checks: { ok: boolean; cid?: string }[] };
  expect(code).toBe(1);
  expect(report.ok).toBe(false);
  expect(report.checks.find(({ ok }) => !ok)?.cid).toBe(manifest);
});

test('after kill -9 the token is there, and it verifies from the data folder without a server', async () => {
  await hall.kill9();
  const { code, output } = await verify(tokenId);
  expect(output).toContain(`read from ${dataDir}`);
  expect(code, output).toBe(0);
  hall = await startHall({ dataDir });
  expect((await verify(tokenId, '--hall', hall.url)).code).toBe(0);
});
