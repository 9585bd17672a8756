import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './people.ts';

export const hasTurnServer = (): boolean => spawnSync('turnserver', ['--version']).error === undefined;

/** The first address of this machine that others could reach; browsers do not look on loopback. */
export const lanAddress = (): string | undefined => lanAddresses()[0];

export const lanAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => one.family === 'IPv4' && !one.internal).map(({ address }) => address),
  );

export interface TurnServer {
  readonly port: number;
  readonly url: string;
  readonly secret: string;
  /** Allocations that were granted so far. */
  allocations(): number;
  stop(): Promise<void>;
}

/** coturn with the settings of docs/guide/running-a-hall.md, on a free port or the one of its predecessor. */
export async function startTurnServer(address: string, samePort?: number): Promise<TurnServer> {
  const secret = 'the secret of both sides';
  const port = samePort ?? (await freeUdpPort(address));
  const folder = mkdtempSync(join(tmpdir(), 'workhall-turn-'));
  const settings = {
    'listening-ip': address,
    'relay-ip': address,
    'listening-port': String(port),
    'static-auth-secret': secret,
    realm: 'hall.example.com',
    'min-port': '49200',
    'max-port': '49299',
    userdb: join(folder, 'turn.db'),
    pidfile: join(folder, 'turn.pid'),
    'log-file': 'stdout',
  };
  const flags = [
    '-n',
    '--use-auth-secret',
    '--fingerprint',
    '--no-tls',
    '--no-dtls',
    '--no-cli',
    '--verbose',
    '--simple-log',
  ];
  const child: ChildProcess = spawn(
    'turnserver',
    [...flags, ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(`coturn listens; it said:\n${output}`, () => /listener opened/i.test(output), 15_000);
  return {
    port,
    url: `turn:${address}:${port}?transport=udp`,
    secret,
    allocations: () => output.match(/ALLOCATE processed, success/g)?.length ?? 0,
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freeUdpPort(address: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
