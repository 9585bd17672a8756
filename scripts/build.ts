/**
 * Builds what is stale, and only that: the server (`nest build`) and the page (`vite build`) side by side.
 *
 * A part is stale when the hash over its sources differs from the one in dist/.stamp.json. Hashing some hundred files
 * takes 30 ms; a watcher or modification times would be quicker but lie after a checkout.
 *
 *   node scripts/build.ts [server] [web] [--force]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampPath = join(root, 'dist', '.stamp.json');
const lockPath = join(root, 'dist', '.building');

type Part = 'server' | 'web';

const PARTS: Record<Part, { what: string; sources: string[]; result: string; command: [string, ...string[]] }> = {
  server: {
    what: 'the server',
    sources: [
      'protocol',
      'server',
      'client/net',
      'nest-cli.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'package.json',
    ],
    result: 'dist/server/main.js',
    command: ['node_modules/@nestjs/cli/bin/nest.js', 'build'],
  },
  web: {
    what: 'the page',
    sources: ['protocol', 'client', 'assets/equipment', 'package-lock.json'],
    result: 'dist/web/index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
  },
};

export interface BuildOptions {
  parts?: Part[];
  /** Builds also what is fresh. */
  force?: boolean;
  /** Hears the words for a person. */
  say?: (words: string) => void;
}

const DEFAULTS: Required<BuildOptions> = { parts: ['server', 'web'], force: false, say: console.log };

/** True when everything asked for is built. */
export async function buildWhatIsStale(options: BuildOptions = {}): Promise<boolean> {
  const { parts, force, say } = { ...DEFAULTS, ...options };
  if (!force && staleAmong(parts).length === 0) return true;
  await takeLock();
  try {
    // Asked again: another start may have built while this one waited.
    const stale = force ? parts.map(withHash) : staleAmong(parts);
    if (stale.length === 0) return true;
    const startedMs = performance.now();
    say(
      `Building ${stale.map(({ part }) => PARTS[part].what).join(' and ')} (only after a change; this takes a little) …`,
    );
    const outcomes = await Promise.all(stale.map(({ part }) => build(part)));
    const stamp = readStamp();
    stale.forEach(({ part, hash }, index) => (stamp[part] = outcomes[index] ? hash : 'failed'));
    writeFileSync(stampPath, JSON.stringify(stamp, null, 2));
    if (outcomes.every(Boolean)) say(`Built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
    return outcomes.every(Boolean);
  } finally {
    rmSync(lockPath, { force: true });
  }
}

function staleAmong(parts: Part[]): { part: Part; hash: string }[] {
  const stamp = readStamp();
  return parts
    .map(withHash)
    .filter(({ part, hash }) => stamp[part] !== hash || !existsSync(join(root, PARTS[part].result)));
}

const withHash = (part: Part) => ({ part, hash: hashOf(PARTS[part].sources) });

function readStamp(): Partial<Record<Part, string>> {
  return existsSync(stampPath) ? JSON.parse(readFileSync(stampPath, 'utf8')) : {};
}

function hashOf(sources: string[]): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesOf(source))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function filesOf(source: string): string[] {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  const entries = source.includes('.') ? null : readdirSync(path, { withFileTypes: true, recursive: true });
  if (!entries) return [source];
  return entries
    .filter((entry) => entry.isFile() && !/\.(spec\.tsx?|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function build(part: Part): Promise<boolean> {
  const { command, what } = PARTS[part];
  return new Promise<boolean>((resolve) => {
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('exit', (code) => {
      if (code !== 0) console.error(`${what} could not be built:\n${output}`);
      resolve(code === 0);
    });
  });
}

/** Two builds into one folder would mix their files; the second waits for the first. */
async function takeLock(): Promise<void> {
  mkdirSync(dirname(lockPath), { recursive: true });
  for (;;) {
    try {
      return writeFileSync(lockPath, String(process.pid), { flag: 'wx' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
    const holder = existsSync(lockPath) ? Number(readFileSync(lockPath, 'utf8')) : 0;
    if (holder && !isRunning(holder)) rmSync(lockPath, { force: true });
    else await sleep(200);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const words = process.argv.slice(2);
  const parts = words.filter((word): word is Part => word in PARTS);
  const done = await buildWhatIsStale({
    parts: parts.length > 0 ? parts : DEFAULTS.parts,
    force: words.includes('--force'),
  });
  process.exit(done ? 0 : 1);
}
