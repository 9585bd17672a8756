import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CertificateView } from '#protocol/api/index';
import { openProject, signIn, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');

let folder: string;
let hall: Hall;
let ann: Person;
let ben: Person;
let project: string;
let did: string;

const save = async (path: string, name: string): Promise<string> => {
  const answer = await fetch(hall.url + path);
  expect(answer.status).toBe(200);
  const file = join(folder, name);
  writeFileSync(file, new Uint8Array(await answer.arrayBuffer()));
  return file;
};
const certified = (more: object = {}) =>
  ann.ask<CertificateView>('POST', `/api/projects/${project}/credentials`, {
    person: ben.id,
    achievement: { name: 'Lock-out, tag-out', description: 'Isolates a machine.', criteria: 'Shown twice.' },
    skills: [{ code: 'LOTO', name: 'Lock-out, tag-out', level: 3 }],
    validUntil: null,
    ...more,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workhall-certificates-'));
  hall = await startHall({ dataDir: join(folder, 'hall'), env: { HALL_NAME: 'Werk Nord' } });
  [ann, ben] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Ben')]);
  ({ project } = await openProject(ann, [ben]));
  ({ did } = (await (await fetch(`${hall.url}/api/credentials/issuer`)).json()) as { did: string });
});
afterAll(async () => {
  await hall?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As a program of its own, away from the hall's folder. */
function verify(...parameters: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: join(folder, 'nowhere') };
    execFile(process.execPath, [CLI, 'verify-credential', ...parameters], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

test('from the link of its page, asking a hall one trusts: who, what, by whom, valid', async () => {
  const { id } = await certified();
  const { code, output } = await verify(`${hall.url}/credential/${id}`, '--hall', hall.url);
  expect(output).toContain('Lock-out, tag-out');
  expect(output).toMatch(/for +Ben/);
  expect(output).toMatch(/✓ issuer +the key of Werk Nord/);
  expect(output).toMatch(/✓ status +not taken back/);
  expect(output).toContain('level 3, Does it alone');
  expect(output).toContain('\nValid.\n');
  expect(code).toBe(0);
});

test('from a file with no network at all: JSON, SVG and PNG, with a status list that was saved earlier', async () => {
  const { id } = await certified();
  const list = await save('/api/credentials/status/1', 'list.json');
  for (const name of ['credential.json', 'badge.svg', 'badge.png']) {
    const file = await save(`/api/credentials/${id}/${name}`, name);
    const all = await verify(file, '--offline', '--issuer', did, '--status', list);
    expect(all.output, name).toContain('\nValid.\n');
    expect(all.code).toBe(0);
    // Without the list it says so, and does not call it valid.
    const alone = await verify(file, '--offline', '--issuer', did);
    expect(alone.output).toContain('could not be found out');
    expect(alone.code).toBe(2);
  }
});

test('a key one did not name is told to be compared, and does not pass as valid', async () => {
  const { id } = await certified();
  const { code, output } = await verify(`${hall.url}/api/credentials/${id}/credential.json`);
  expect(output).toContain(`compare the key with what the issuer publishes: ${did}`);
  expect(code).toBe(2);
});

test('one changed letter is found, and ends with 1', async () => {
  const { id } = await certified();
  const file = await save(`/api/credentials/${id}/credential.json`, 'changed.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"Ben"', '"Bea"'));
  const { code, output } = await verify(file, '--offline', '--issuer', did);
  expect(output).toMatch(/✗ signature +the words were changed/);
  expect(output).toContain('\nNot valid.\n');
  expect(code).toBe(1);
});

test('taken back is told with its reason, also from a badge that was downloaded before', async () => {
  const { id } = await certified();
  const badge = await save(`/api/credentials/${id}/badge.png`, 'before.png');
  await ann.ask('POST', `/api/credentials/${id}/revoke`, { reason: 'evidence_withdrawn' });
  const { code, output } = await verify(badge, '--hall', hall.url);
  expect(output).toMatch(/✗ status +taken back on \d{4}-\d\d-\d\d \(evidence withdrawn\)/);
  expect(code).toBe(1);
});

test('after the key was changed what it signed is valid still and can be taken back; new certificates are the new key’s', async () => {
  const before = await certified();
  const old = await save(`/api/credentials/${before.id}/credential.json`, 'before.json');
  const rotated = await new Promise<string>((resolve, reject) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: join(folder, 'hall') };
    execFile(process.execPath, [CLI, 'issuer-key', 'rotate'], { env }, (error, stdout, stderr) =>
      error ? reject(new Error(stdout + stderr)) : resolve(stdout),
    );
  });
  const fresh = /did:key:\w+/.exec(rotated)![0];
  expect(fresh).not.toBe(did);
  const issuer = (await (await fetch(`${hall.url}/api/credentials/issuer`)).json()) as object;
  expect(issuer).toMatchObject({ did: fresh, formerDids: [did] });
  expect(await verify(old, '--hall', hall.url)).toMatchObject({ code: 0 });
  const after = await certified();
  const recent = await save(`/api/credentials/${after.id}/credential.json`, 'after.json');
  expect(await verify(recent, '--issuer', fresh)).toMatchObject({ code: 0 });
  expect((await verify(recent, '--issuer', did)).output).toContain('signed by a key you did not say you trust');
  await ann.ask('POST', `/api/credentials/${before.id}/revoke`, { reason: 'evidence_withdrawn' });
  const report = await verify(old, '--hall', hall.url);
  expect([report.code, report.output]).toEqual([1, expect.stringContaining('it was taken back')]);
  expect(await verify(recent, '--hall', hall.url)).toMatchObject({ code: 0 });
  did = fresh;
});

test('a restarted hall certifies with the same key, and its old certificates stay good', async () => {
  const { id } = await certified();
  const file = await save(`/api/credentials/${id}/credential.json`, 'kept.json');
  await hall.stop();
  hall = await startHall({ dataDir: join(folder, 'hall'), env: { HALL_NAME: 'Werk Nord' } });
  // It has another port now: its lists are found by the hall one names, whatever address the certificate says.
  const { code, output } = await verify(file, '--hall', hall.url);
  expect(output).toContain(did);
  expect(code, output).toBe(0);
});

test('what is no certificate is refused with a word that helps', async () => {
  const file = join(folder, 'holiday.png');
  writeFileSync(file, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a));
  for (const [place, words] of [
    [file, 'There is no certificate in'],
    [join(folder, 'missing.json'), 'There is no file'],
    ['http://127.0.0.1:9/x', 'does not answer'],
  ] as const) {
    const { code, output } = await verify(place);
    expect(output).toContain(words);
    expect(code).toBe(1);
  }
});
