import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../platform/config/index.ts';
import type { Child, ChildProcesses } from '../platform/processes/index.ts';
import { RpcClient } from './rpc-client.ts';

/** The registry's packages of the Foundry project; only those for this machine are installed. */
const PACKAGE = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** The packaged binary, else `anvil` on the PATH, else undefined. */
export function findAnvil(): string | undefined {
  const require = createRequire(import.meta.url);
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    return require.resolve(`${PACKAGE}/bin/${name}`);
  } catch {
    // Not packaged for this machine.
  }
  const folders = (childEnvironment()['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Of `ChildProcesses`, what starting a node needs. */
export type Spawner = Pick<ChildProcesses, 'spawn'>;

export interface RunningAnvil {
  readonly child: Child;
  readonly rpc: RpcClient;
}

export interface AnvilOptions {
  readonly binary: string;
  /** Pid file and log file carry this name. */
  readonly name: string;
  /** Nothing is written outside this folder, the user's home included. */
  readonly home: string;
  readonly args: readonly string[];
  readonly onUnexpectedExit?: (reason: string) => void;
}

const START_TIMEOUT_MS = 15_000;

/** Starts anvil on a free loopback port and waits until it answers. */
export async function startAnvil(children: Spawner, options: AnvilOptions): Promise<RunningAnvil> {
  const port = await freePort();
  const child = await children.spawn(
    options.name,
    options.binary,
    ['--host', '127.0.0.1', '--port', String(port), '--quiet', '--no-cors', '--threads', '1', ...options.args],
    { env: { HOME: options.home, NO_COLOR: '1' }, onUnexpectedExit: options.onUnexpectedExit },
  );
  const rpc = new RpcClient(`http://127.0.0.1:${port}`, 'embedded anvil');
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await rpc.request('eth_chainId', []);
      return { child, rpc };
    } catch (cause) {
      if (child.isAlive() && performance.now() < deadline) await sleep(15);
      else {
        await child.stop();
        throw new Error(`anvil did not start; see ${child.logFile}`, { cause });
      }
    }
  }
}

/** Another program could take the port before anvil does; anvil then ends at once and the caller hears of it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
