import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf } from '../../server/platform/processes/index.ts';
import { openProject, signIn, solid, until } from '../support/people.ts';
import { detached } from '../support/processes.ts';
import { startHall, type Hall } from '../support/server.ts';

let dataDir: string;
let halls: Hall[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-startup-'));
  halls = [];
});
afterEach(async () => {
  for (const hall of halls) await hall.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function open(options: Parameters<typeof startHall>[0] = {}): Promise<Hall> {
  const hall = await startHall({ dataDir, ...options });
  halls.push(hall);
  return hall;
}

const workhall = (...args: string[]) => workhallIn({}, ...args);
const workhallIn = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['dist/server/cli/main.js', ...args], { env: { ...process.env, ...env } });

test('a fresh folder becomes a hall whose every part is usable and whose API is described', async () => {
  const hall = await open();
  const health = await (await fetch(`${hall.url}/api/health`)).json();
  expect(health).toMatchObject({
    ok: true,
    parts: { database: { ok: true, detail: expect.stringContaining('PostgreSQL 18') } },
  });
  const document = await (await fetch(`${hall.url}/api/openapi.json`)).json();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/health', '/api/openapi.json']));
});

test('every answer forbids foreign content, and an unknown address is a problem, not a stack', async () => {
  const hall = await open();
  const answer = await fetch(`${hall.url}/api/nothing-here`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(answer.headers.get('x-powered-by')).toBeNull();
  expect(await answer.json()).toMatchObject({ scope: 'http', key: 'not_found' });
});

test('a second server on the same folder is refused, and the first goes on', async () => {
  const first = await open();
  const refusal = await startHall({ dataDir }).catch((thrown: Error) => thrown.message);
  expect(refusal).toContain(`process ${first.pid}`);
  expect(refusal).toContain(dataDir);
  expect((await fetch(`${first.url}/api/health`)).status).toBe(200);
});

test('a port in use is named, with another to try, and nothing stays behind', async () => {
  const first = await open();
  const other = mkdtempSync(join(tmpdir(), 'workhall-port-'));
  const refusal = await startHall({ dataDir: other, env: { PORT: String(first.port) } }).catch(
    (thrown: Error) => thrown.message,
  );
  expect(refusal).toContain(`Port ${first.port}`);
  expect(refusal).toContain(`PORT=${first.port + 1}`);
  await expect.poll(() => detached(other).filter((pid) => identityOf(pid)), { timeout: 10_000 }).toEqual([]);
  rmSync(other, { recursive: true, force: true });
});

test('after kill -9 the next start ends what was left behind and opens the same data', async () => {
  const killed = await open();
  const orphans = detached(dataDir);
  expect(orphans.length).toBeGreaterThan(0);
  await killed.kill9();
  expect(orphans.filter((pid) => identityOf(pid)).length).toBe(orphans.length); // they really outlive it
  const again = await open();
  expect(orphans.filter((pid) => identityOf(pid))).toEqual([]);
  expect(again.output()).toContain('left behind by a crash');
  expect((await fetch(`${again.url}/api/health`)).status).toBe(200);
});

test('an orderly stop leaves no process, no lock and no notice', async () => {
  const hall = await open();
  const children = detached(dataDir);
  await hall.stop();
  expect(children.filter((pid) => identityOf(pid))).toEqual([]);
  for (const name of ['server.lock', 'run/server.json', 'run/postgres.pid'])
    expect(existsSync(join(dataDir, name))).toBe(false);
});

test('a signal to `npm start` alone stops the hall as well', async () => {
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', DEMO: '0' },
    stdio: 'ignore',
  });
  const notice = join(dataDir, 'run', 'server.json');
  const until = async (isTrue: () => boolean) => {
    for (const end = performance.now() + 60_000; !isTrue(); await sleep(50))
      if (performance.now() > end) throw new Error('waited in vain');
  };
  await until(() => existsSync(notice));
  const { pid } = JSON.parse(readFileSync(notice, 'utf8')) as { pid: number };
  try {
    npm.kill('SIGTERM');
    await until(() => !existsSync(join(dataDir, 'server.lock')) && !identityOf(pid));
  } finally {
    if (identityOf(pid)) process.kill(pid, 'SIGKILL');
  }
}, 130_000);

test('a bad setting is named before anything starts', async () => {
  const refusal = await startHall({ dataDir, env: { PORT: 'seven' } }).catch((thrown: Error) => thrown.message);
  expect(refusal).toContain('PORT');
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
});

test('a backup opens in another folder with the same data, and a damaged one is refused whole', async () => {
  const hall = await open();
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8');
  const archive = join(dataDir, '..', `${hall.pid}-workhall.tar.gz`);
  await expect(workhall('backup', archive, '--data', dataDir)).rejects.toThrow(/process \d+\) is open on/);
  await hall.stop();
  expect((await workhall('backup', archive, '--data', dataDir)).stdout).toContain('read back whole');

  const elsewhere = mkdtempSync(join(tmpdir(), 'workhall-restored-'));
  await workhall('restore', archive, '--data', elsewhere);
  expect(readFileSync(join(elsewhere, 'postgres.password'), 'utf8')).toBe(password);
  const restored = await open({ dataDir: elsewhere });
  expect((await fetch(`${restored.url}/api/health`)).status).toBe(200);
  await restored.stop();

  const bytes = readFileSync(archive);
  bytes[bytes.length >> 1]! ^= 0xff;
  writeFileSync(archive, bytes);
  await expect(workhall('restore', archive, '--data', elsewhere)).rejects.toThrow(/not a whole Workhall backup/);
  expect(readFileSync(join(elsewhere, 'postgres.password'), 'utf8')).toBe(password);
  rmSync(elsewhere, { recursive: true, force: true });
  rmSync(archive);
});

test('the doctor tells a hall that is well from a port that someone else took', async () => {
  const hall = await open();
  const well = await workhall('doctor', '--data', dataDir, '--port', String(hall.port));
  expect(well.stdout).toContain(`open at ${hall.url}`);
  expect(well.stdout).toContain('This hall is well');
  const whose = process.execPath.includes('node_modules') ? "(Workhall's own" : "(this machine's";
  expect(well.stdout).toContain(`${process.version} on ${process.platform} ${process.arch} ${whose}`);
  const secret = { CHAIN_RPC_URL: 'http://user:s3cret@127.0.0.1:9/v2/s3cret?key=s3cret' };
  const masked = await workhallIn(secret, 'doctor', '--data', dataDir).catch((thrown) => thrown);
  expect(masked.stdout).toContain('http://127.0.0.1:9/… does not answer');
  expect(masked.stdout + masked.stderr).not.toContain('s3cret');
  const example = { CHAIN_RPC_URL: 'http://127.0.0.1:9', MASTER_KEY: '0'.repeat(64) };
  const known = await workhallIn(example, 'doctor', '--data', dataDir).catch((thrown) => thrown);
  expect(known.stdout).toMatch(/NOT\s+secrets\s+still those of the example: MASTER_KEY/);
  const ill = await workhall('doctor', '--data', `${dataDir}-none`, '--port', String(hall.port)).catch(
    (thrown) => thrown,
  );
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(/NOT\s+port/);
  expect(ill.stdout).toContain(`PORT=${hall.port + 1}`);
});

test('on the LAN the hall speaks HTTPS with a certificate that its own authority signed', async () => {
  const hall = await open({ env: { LAN: '1', HOST: '127.0.0.1' } });
  expect(hall.url).toMatch(/^https:/);
  const plain = `http://127.0.0.1:${hall.port}`;
  const authority = await (await fetch(`${plain}/ca.crt`)).text();
  expect(authority).toContain('BEGIN CERTIFICATE');
  const redirect = await fetch(`${plain}/some/view`, { redirect: 'manual' });
  expect(redirect.headers.get('location')).toBe(`https://127.0.0.1:${hall.port}/some/view`);
  const status = await new Promise((resolve, reject) => {
    get(`https://127.0.0.1:${hall.port}/api/health`, { ca: authority }, (answer) => resolve(answer.statusCode)).once(
      'error',
      reject,
    );
  });
  expect(status).toBe(200);

  // A headset on this network: its line is encrypted, and its presence takes the same short way out of it and into it.
  setDefaultCACertificates([...getCACertificates('default'), authority]);
  const [ann, ben] = [await signIn(hall.url, 'Ann'), await signIn(hall.url, 'Ben')];
  const { room } = await openProject(ann, [ben]);
  const [a, b] = [await ann.enter(room), await ben.enter(room)];
  const seen = new Set<number>();
  b.onBodies((bodies) => bodies.forEach(({ body }) => seen.add(Math.round(body.headInRoom.position[0] * 10))));
  for (let step = 0; step < 40 && seen.size < 8; step++) {
    const position = [step / 10, 1.7, 0] as const;
    a.sendBody({
      headInRoom: { position: [...position], rotation: [0, 0, 0, 1] },
    });
    await sleep(60);
  }
  expect(seen.size).toBeGreaterThanOrEqual(8);
  // Ops of some length go the long way between.
  const added = a.submit('parts.add', { parts: Array.from({ length: 40 }, (_, i) => solid(`part-${i}`)) });
  await a.confirmed((added as { id: string }).id);
  await until('Ben has the parts', () => b.document.get().tables.get('parts')?.size === 40);
  await Promise.all([a.leave(), b.leave()]);
});
