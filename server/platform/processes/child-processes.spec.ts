import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChildProcesses, DataFolder, identityOf } from './index.ts';

let path: string;
let folder: DataFolder;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'workhall-children-'));
  folder = await DataFolder.open(path);
});
afterEach(() => {
  folder.release();
  rmSync(path, { recursive: true, force: true });
});

const idle = ['-e', 'setInterval(() => {}, 1000); console.log("up")'];
const stubborn = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")'];

test('a child is stopped on shutdown and leaves no pid file', async () => {
  const children = new ChildProcesses(folder);
  const child = await children.spawn('idle', process.execPath, idle);
  expect(readdirSync(join(path, 'run'))).toEqual(['idle.pid']);
  await children.stopAll();
  expect(identityOf(child.pid)).toBeUndefined();
  expect(readdirSync(join(path, 'run'))).toEqual([]);
});

test('the orphan of a crashed server is ended at the next start', async () => {
  const orphan = await new ChildProcesses(folder).spawn('idle', process.execPath, idle);
  await new ChildProcesses(folder).endOrphans();
  expect(identityOf(orphan.pid)).toBeUndefined();
});

test('a child that ignores the request to leave is killed', async () => {
  const children = new ChildProcesses(folder);
  const child = await children.spawn('stubborn', process.execPath, stubborn, { stopTimeoutMs: 100 });
  while (!readFileSync(child.logFile, 'utf8').includes('up')) await sleep(10);
  await child.stop();
  expect(identityOf(child.pid)).toBeUndefined();
});

test('a child that dies by itself is noticed, and a program that is missing is named', async () => {
  const children = new ChildProcesses(folder);
  const reason = await new Promise<string>((resolve) => {
    void children.spawn('brief', process.execPath, ['-e', 'process.exit(3)'], { onUnexpectedExit: resolve });
  });
  expect(reason).toBe('exit code 3');
  await expect(children.spawn('missing', '/nowhere/program', [])).rejects.toThrow(/missing could not be started/);
});
