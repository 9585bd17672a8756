import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFolder, holderOf, identityOf } from './index.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'workhall-folder-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test('a folder in use is refused, and the message names process and folder', async () => {
  const first = await DataFolder.open(path);
  const refusal = await DataFolder.open(path).then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  expect(refusal).toContain(String(process.pid));
  expect(refusal).toContain(path);
  expect(await holderOf(path)).toMatchObject({ pid: process.pid });
  first.release();
  expect(await holderOf(path)).toBeUndefined();
  (await DataFolder.open(path)).release();
});

test('the lock of a process that no longer runs does not block', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(join(path, 'server.lock'), JSON.stringify({ ...identityOf(process.pid), pid: gone }));
  (await DataFolder.open(path)).release();
});

test('a pid that the system gave to another program does not block', async () => {
  writeFileSync(join(path, 'server.lock'), JSON.stringify({ ...identityOf(process.pid), startedAt: '1' }));
  const folder = await DataFolder.open(path);
  expect(JSON.parse(readFileSync(join(path, 'server.lock'), 'utf8')).startedAt).not.toBe('1');
  folder.release();
  expect(existsSync(join(path, 'server.lock'))).toBe(false);
});

test('a lock that was cut in half by a full disk does not block', async () => {
  writeFileSync(join(path, 'server.lock'), '{"pid":');
  (await DataFolder.open(path)).release();
});

test('of ten starts at the same moment exactly one wins', async () => {
  writeFileSync(join(path, 'server.lock'), JSON.stringify({ ...identityOf(process.pid), startedAt: '1' }));
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => DataFolder.open(path)));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  won[0]!.value.release();
});

describe.concurrent('a holder in another container, whose pid cannot be seen', () => {
  const other = JSON.stringify({ pid: 7, startedAt: '1', space: 'another kernel' });
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'workhall-folder-'));
    writeFileSync(join(folder, 'server.lock'), other);
    return folder;
  };

  test('is respected as long as it touches the lock', async () => {
    const folder = newFolder();
    const beat = setInterval(() => utimesSync(join(folder, 'server.lock'), new Date(), new Date()), 500);
    await expect(DataFolder.open(folder)).rejects.toThrow(/process 7/);
    clearInterval(beat);
    rmSync(folder, { recursive: true });
  }, 15_000);

  test('does not block once it has been silent', async () => {
    const folder = newFolder();
    (await DataFolder.open(folder)).release();
    rmSync(folder, { recursive: true });
  }, 15_000);
});
