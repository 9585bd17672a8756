import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { familyOf } from './processes.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ENTRY = join(ROOT, 'dist', 'server', 'main.js');
/** As `npx workhall` has it: what was compiled once is not compiled again. */
const COMPILED = join(ROOT, 'dist', '.compile-cache');

export interface HallOptions {
  /** Kept on stop when given; otherwise a temporary folder that `stop()` removes. */
  dataDir: string;
  /** Settings of the server, as in its environment. */
  env: Record<string, string>;
  /** Until health answers 200. */
  timeoutMs: number;
}

const DEFAULTS: Omit<HallOptions, 'dataDir'> = { env: {}, timeoutMs: 40_000 };

export interface Hall {
  /** `http://localhost:<port>` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** From the spawn to the first 200 of /api/health. */
  readonly startedInMs: number;
  /** Everything the server printed so far. */
  output(): string;
  /** Stops in order and, unless the folder was given, removes it. */
  stop(): Promise<void>;
  /** As a crash does it: no shutdown, children stay behind, the data folder stays. */
  kill9(): Promise<void>;
  /** As a power cut does it: database, chain and server end at the same moment. Linux only. */
  powerCut(): Promise<void>;
}

/** The built server as a process of its own, on a free port, with an empty hall and no demo project. */
export async function startHall(options: Partial<HallOptions> = {}): Promise<Hall> {
  if (!existsSync(ENTRY)) throw new Error('The server is not built: run `npm run build` first');
  const { env, timeoutMs } = { ...DEFAULTS, ...options };
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'workhall-'));
  const startMs = performance.now();
  const child = spawn(process.execPath, [ENTRY], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATA_DIR: dataDir,
      PORT: '0',
      DEMO: '0',
      NODE_COMPILE_CACHE: COMPILED,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let isExpected = true;
  // What a test sees of it is a refused connection, which says nothing about why.
  child.once('exit', (code, signal) => {
    if (!isExpected)
      console.error(
        `The hall ${signal ? `was ended by ${signal}` : `ended by itself (${code})`}. It said last:\n${output.slice(-4000)}`,
      );
  });
  const removeOwnFolder = () => options.dataDir ?? rmSync(dataDir, { recursive: true, force: true });

  const end = async (signal: NodeJS.Signals) => {
    isExpected = true;
    child.kill(signal);
    await exited;
  };
  try {
    const notice = await readNotice(dataDir, child.pid!, startMs + timeoutMs, () => child.exitCode !== null);
    await isHealthy(notice.url, startMs + timeoutMs);
    isExpected = false;
    return {
      ...notice,
      dataDir,
      startedInMs: performance.now() - startMs,
      output: () => output,
      stop: async () => {
        await end('SIGTERM');
        removeOwnFolder();
      },
      kill9: () => end('SIGKILL'),
      powerCut: async () => {
        isExpected = true;
        // The database first: what it was writing stays unwritten.
        const family = familyOf(child.pid!, dataDir).toReversed();
        for (const pid of family) killIfThere(pid);
        await exited;
        // After a real one nobody has these ids; here they stay until somebody has taken note of their end.
        const endMs = performance.now() + 5_000;
        while (family.some((pid) => existsSync(`/proc/${pid}`)) && performance.now() < endMs) await sleep(10);
      },
    };
  } catch (cause) {
    await end('SIGTERM');
    removeOwnFolder();
    throw new Error(`The hall did not start. It said:\n${output}`, { cause });
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown; // it ended by itself meanwhile
  }
}

interface Notice {
  pid: number;
  port: number;
  url: string;
}

async function readNotice(dataDir: string, pid: number, deadlineMs: number, hasEnded: () => boolean): Promise<Notice> {
  const path = join(dataDir, 'run', 'server.json');
  for (; performance.now() < deadlineMs; await sleep(15)) {
    if (hasEnded()) throw new Error('the process ended');
    if (!existsSync(path)) continue;
    const notice = parse(readFileSync(path, 'utf8'));
    if (notice?.pid === pid) return notice; // not the one that a killed server left behind
  }
  throw new Error('it does not listen');
}

function parse(text: string): Notice | undefined {
  try {
    return JSON.parse(text) as Notice;
  } catch {
    return undefined; // read while it was being written
  }
}

async function isHealthy(url: string, deadlineMs: number): Promise<void> {
  if (url.startsWith('https')) return; // its certificate is nobody's here; the tests of TLS look for themselves
  let last = '';
  for (; performance.now() < deadlineMs; await sleep(20)) {
    const answer = await fetch(`${url}/api/health`);
    last = await answer.text();
    if (answer.ok) return;
  }
  throw new Error(`it stays unhealthy: ${last}`);
}
