import { Injectable, Logger } from '@nestjs/common';
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkhallError } from '#protocol/errors';
import { childEnvironment } from '../config/index.ts';
import { DataFolder } from './data-folder.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface ChildOptions extends Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'> {
  /** Added to the environment of the server. */
  env?: Record<string, string>;
  /** How the child is asked to leave; default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** After this long it is killed; default 5 s. */
  stopTimeoutMs?: number;
  /** Called when the child ends without being asked to. */
  onUnexpectedExit?: (reason: string) => void;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Everything it prints goes here; a file, so that a dead pipe can never block it. */
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  isAlive(): boolean;
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 5_000;
const LOG_LIMIT_BYTES = 4_000_000;

/**
 * Programs that run beside the server (PostgreSQL, the development chain).
 *
 * Each leaves `run/<name>.pid` with pid and start time. After a crash of the server the next start finds the orphan
 * there and ends it before anything opens its files; on an orderly stop nothing remains.
 */
@Injectable()
export class ChildProcesses {
  private readonly logger = new Logger('Processes');
  private readonly runPath: string;
  private readonly logPath: string;
  private readonly children = new Map<string, Child>();

  constructor(folder: DataFolder) {
    this.runPath = folder.folder('run');
    this.logPath = folder.folder('logs');
    process.once('exit', this.askAllToLeave);
  }

  /** Ends what an earlier server left behind. Runs under the data folder's lock, so nothing it finds is in use. */
  async endOrphans(): Promise<void> {
    const files = readdirSync(this.runPath).filter((file) => file.endsWith('.pid'));
    await Promise.all(
      files.map(async (file) => {
        const path = join(this.runPath, file);
        const orphan = readIdentity(path);
        if (orphan && isRunning(orphan)) {
          this.logger.warn(`Ending ${basename(file, '.pid')} (process ${orphan.pid}), left behind by a crash`);
          await end(orphan, orphan.stopSignal, STOP_TIMEOUT_MS);
        }
        rmSync(path, { force: true });
      }),
    );
  }

  /** `name` is unique in the server and names the pid file and the log file. */
  async spawn(name: string, command: string, args: readonly string[], options: ChildOptions = {}): Promise<Child> {
    if (this.children.has(name)) throw new Error(`A child process named ${name} is already running`);
    const { env, stopSignal = 'SIGTERM', stopTimeoutMs = STOP_TIMEOUT_MS, onUnexpectedExit, ...spawnOptions } = options;
    const logFile = join(this.logPath, `${name}.log`);
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) truncateSync(logFile);
    const log = openSync(logFile, 'a');
    const stdio: SpawnOptions['stdio'] = ['ignore', log, log];
    // Its own process group: Ctrl-C in the terminal reaches only us, and we stop the children in order.
    const process_ = spawn(command, args, { ...spawnOptions, env: childEnvironment(env), stdio, detached: true });
    closeSync(log);
    await started(process_, name, command);

    const pidFile = join(this.runPath, `${name}.pid`);
    const identity = identityOf(process_.pid!);
    if (identity) writeFileSync(pidFile, JSON.stringify({ ...identity, command, stopSignal }));

    let isStopping = false;
    const isAlive = () => process_.exitCode === null && process_.signalCode === null;
    const child: Child = {
      name,
      pid: process_.pid!,
      logFile,
      stopSignal,
      isAlive,
      stop: async () => {
        isStopping = true;
        if (isAlive() && identity) await end(identity, stopSignal, stopTimeoutMs);
        this.children.delete(name);
        rmSync(pidFile, { force: true });
      },
    };
    process_.once('exit', (code, signal) => {
      if (isStopping) return;
      this.children.delete(name);
      rmSync(pidFile, { force: true });
      const reason = signal ? `ended by ${signal}` : `exit code ${code}`;
      this.logger.error(`${name} ended unexpectedly (${reason}); see ${logFile}`);
      onUnexpectedExit?.(reason);
    });
    this.children.set(name, child);
    return child;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.children.values()].map((child) => child.stop()));
    process.off('exit', this.askAllToLeave);
  }

  /** When a start fails halfway the process ends without a shutdown; then there is time for a signal, no more. */
  private readonly askAllToLeave = (): void => {
    for (const child of this.children.values()) send(child.pid, child.stopSignal);
  };
}

async function started(child: ChildProcess, name: string, command: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new WorkhallError('processes', 'cannot_start', `${name} could not be started: ${cause.message}`, {
          facts: { name, command },
          next: 'Run `npx workhall doctor`; it says what is missing.',
          status: 500,
          cause,
        }),
      ),
    );
  });
}

/** Asks, waits, then kills. */
async function end(target: ProcessIdentity, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  send(target.pid, signal);
  for (let waitedMs = 0; isRunning(target); waitedMs += 20) {
    if (waitedMs >= timeoutMs) send(target.pid, 'SIGKILL');
    if (waitedMs >= timeoutMs + 5_000) throw new Error(`Process ${target.pid} does not end even by SIGKILL`);
    await sleep(20);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown; // it left by itself
  }
}

function readIdentity(path: string): (ProcessIdentity & { stopSignal: NodeJS.Signals }) | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Half-written when the machine lost power: no process of that boot can still run.
    return undefined;
  }
}
