import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a line does to what goes over it. */
export interface Weather {
  /** One way, ms. */
  delayMs: number;
  /** Share of packets that get lost, each way. */
  loss: number;
  /** Kilobits a second each way; 0: no limit. */
  kbit: number;
  isCut: boolean;
}

const WIRE = fileURLToPath(new URL('wire.py', import.meta.url));
const said = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' });

/** Null when lines can be built here; otherwise what is missing, in words. */
export function whyNoLines(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root: run this test as root, or in a container that is';
  if (said('ip', '-V').status !== 0) return 'the program `ip` is missing: install iproute2';
  if (said('python3', '--version').status !== 0) return 'python3 is missing: install it';
  if (!existsSync('/dev/net/tun')) return '/dev/net/tun is missing: start the container with --device /dev/net/tun';
  const name = `wh-try-${process.pid}`;
  const made = said('ip', 'netns', 'add', name);
  if (made.status !== 0) return `network namespaces are not permitted here: ${made.stderr.trim()}`;
  said('ip', 'netns', 'del', name);
  return null;
}

let lines = 0;

/** A namespace of its own behind a bad line to this one; programs in it reach us at `addressHere`. */
export class BadLine {
  readonly #namespace: string;
  readonly #wire: ChildProcess;
  readonly #ready: Promise<void>;
  readonly addressHere: string;

  constructor(seed: number) {
    lines += 1;
    // Out of the way of what else runs on this machine: 198.18.0.0/15 is set aside for measuring networks (RFC 2544).
    const [here, there] = [`198.18.${process.pid % 200}.${lines * 2}`, `198.18.${process.pid % 200}.${lines * 2 + 1}`];
    this.addressHere = here;
    this.#namespace = `wh-${process.pid}-${lines}`;
    said('ip', 'netns', 'add', this.#namespace);
    this.#wire = spawn('python3', [WIRE, `wh${process.pid % 100_000}-${lines}`, this.#namespace, there, here], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const told = createInterface(this.#wire.stdout!);
    this.#ready = new Promise((resolve, reject) => {
      told.once('line', () => resolve());
      this.#wire.once('exit', (code) => reject(new Error(`The line did not come up (${code}).`)));
    });
    this.#ready.catch(() => undefined);
    this.#tell({ seed });
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  set(weather: Partial<Weather>): void {
    this.#tell(weather);
  }

  /** Starts a program of this checkout behind the line, with a channel for messages. */
  run(file: string): ChildProcess {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', file];
    return spawn('ip', ['netns', 'exec', this.#namespace, ...node], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  /** The command that runs a program behind the line. */
  get prefix(): string[] {
    return ['ip', 'netns', 'exec', this.#namespace];
  }

  /** Programs behind it have to be ended before. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#wire.once('exit', resolve));
    this.#wire.stdin!.end();
    await ended;
    said('ip', 'netns', 'del', this.#namespace);
  }

  #tell(order: object): void {
    this.#wire.stdin!.write(`${JSON.stringify(order)}\n`);
  }
}
