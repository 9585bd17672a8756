import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateHash, type Document } from '#protocol/document/index';
import { openProject, signIn, solid, until } from '../support/people.ts';
import { startHall } from '../support/server.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'server', 'cli', 'main.js');
const PARTS = 9;

let dataDir: string;
let room: string;
/** Hash of the state after so many entries, as the client saw it. */
const hashes = new Map<number, string>();

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-replay-'));
  const hall = await startHall({ dataDir });
  const ann = await signIn(hall.url, 'Ann');
  ({ room } = await openProject(ann));
  const session = await ann.enter(room);
  const note = () => hashes.set(session.length.get(), stateHash(session.document.get() as Document));
  note();
  for (let n = 0; n < PARTS; n++) {
    const sent = session.submit('parts.add', { parts: [solid(`part-${n}`)] });
    if ('problem' in sent) throw new Error(sent.problem.message);
    await session.confirmed(sent.id);
    await until('its entry is here', () => session.length.get() === n + 2);
    note();
  }
  await session.leave();
  await hall.stop();
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** `workhall replay` as a program of its own; what it printed, and how it ended. */
function replay(...parameters: string[]): Promise<{ code: number; output: string; stdout: string }> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env['PATH'], DATA_DIR: dataDir };
    execFile(process.execPath, [CLI, 'replay', ...parameters], { env: environment }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr, stdout }),
    );
  });
}

test('a room is replayed to the state that people saw, and the program says what was done, by whom, and what is there', async () => {
  const { code, output } = await replay(room);
  expect(output).toContain(`all ${PARTS + 1} entries replayed`);
  expect(output).toMatch(/parts\.add\s+│ Ann\s+│\s+9/);
  expect(output).toMatch(/last entry {2}9, parts\.add by Ann, 20/);
  expect(output).toContain(`holds       ${PARTS} parts`);
  expect(output).toContain(`state hash  ${hashes.get(PARTS + 1)}`);
  expect(code).toBe(0);
});

test('any earlier moment is replayed to what it was then', async () => {
  for (const length of [1, 5]) {
    const { code, stdout } = await replay(room, '--to', String(length), '--json');
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).toMatchObject({ room, length, total: PARTS + 1, stateHash: hashes.get(length) });
    expect(told['holds']).toEqual(length === 1 ? {} : { parts: length - 1 });
    expect(code).toBe(0);
  }
  expect((await replay(room, '--to', '5')).output).toContain(`5 of ${PARTS + 1} entries replayed`);
});

test('the address of the room will do, and a pipe gets no colours', async () => {
  const { code, output } = await replay(`https://hall.example.com/room/${room}?test`);
  expect(output).toContain(`all ${PARTS + 1} entries replayed`);
  expect(output).not.toContain('\u001B[');
  expect(code).toBe(0);
  const more = await replay(room, '--to', '99');
  expect(more.output).toContain(`This room has ${PARTS + 1} entries, fewer than 99.`);
  expect(more.code).toBe(1);
  expect((await replay('not a room')).output).toContain('names no room');
});

test('a room that is not there, or a length that is none, ends the program with 1 and says so', async () => {
  const unknown = await replay('no-such-room');
  expect(unknown.code).toBe(1);
  expect(unknown.output).toContain(`The hall in ${dataDir} has no room “no-such-room”.`);
  const odd = await replay(room, '--to', 'yesterday');
  expect(odd.code).toBe(1);
  expect(odd.output).toContain('Give a number of entries, 1 or more.');
});

test('where there is no hall none is made, and beside a running one the program says where to look instead', async () => {
  const nowhere = join(dataDir, 'nowhere');
  const { code, output } = await replay(room, '--data', nowhere);
  expect(output).toContain(`There is no hall in ${nowhere}.`);
  expect(output).toContain('--data FOLDER');
  expect(existsSync(nowhere)).toBe(false);
  expect(code).toBe(1);
  const hall = await startHall({ dataDir });
  const beside = await replay(room);
  await hall.stop();
  expect(beside.output).toContain(`The hall in ${dataDir} is running.`);
  expect(beside.output).toMatch(/look at the past while it runs.*stop the hall first \(process \d+\)/s);
  expect(beside.code).toBe(1);
});
