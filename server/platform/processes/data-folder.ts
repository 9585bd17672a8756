import { WorkhallError } from '#protocol/errors';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, pidSpace, type ProcessIdentity } from './process-identity.ts';

const HEARTBEAT_MS = 2_000;
/** A holder whose pid we cannot see (another container or machine on a shared volume) is dead after this silence. */
const SILENCE_MS = 5_000;

/**
 * The one folder that holds everything, owned by one server at a time.
 *
 * `server.lock` names its holder by pid and start time, so what `kill -9` leaves behind is recognised as stale. Node
 * has no flock(2); a hard link made in one step is the next best thing, and it also works on network shares.
 */
export class DataFolder {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(
    readonly path: string,
    private readonly lockPath: string,
    private readonly content: string,
  ) {
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** Creates the folder when needed and takes its lock, or throws `data_folder.in_use`. */
  static async open(path: string): Promise<DataFolder> {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      mkdirSync(join(path, 'run'), { recursive: true });
      // The embedded database runs as another user when we are root and must be able to pass through, not to list.
      if (process.getuid?.() === 0) chmodSync(path, (statSync(path).mode & 0o777) | 0o011);
    } catch (cause) {
      throw new WorkhallError('data_folder', 'not_writable', `The data folder ${path} cannot be written.`, {
        facts: { path },
        next: 'Give this user the right to write there, or set DATA_DIR to another folder.',
        status: 500,
        cause,
      });
    }
    const lockPath = join(path, 'server.lock');
    const self = identityOf(process.pid);
    const content = JSON.stringify({ ...self, folder: path });
    while (!tryLock(lockPath, content)) {
      const holder = readHolder(lockPath);
      if (holder === undefined) continue; // released between our two looks
      if (await isAlive(holder, lockPath)) throw inUse(path, holder);
      discard(lockPath, holder);
    }
    return new DataFolder(path, lockPath, content);
  }

  /** Makes a subfolder and returns its absolute path. */
  folder(...names: string[]): string {
    const path = join(this.path, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  release(): void {
    clearInterval(this.heartbeat);
    if (read(this.lockPath) === this.content) rmSync(this.lockPath, { force: true });
  }

  private beat(): void {
    const now = new Date();
    try {
      utimesSync(this.lockPath, now, now);
    } catch {
      // The folder was removed under us (a test tearing down); the next write elsewhere says so loudly.
      clearInterval(this.heartbeat);
    }
  }
}

/** Who holds the folder now, if anyone who lives; for `doctor`, `backup` and `restore`. */
export async function holderOf(path: string): Promise<ProcessIdentity | undefined> {
  const lockPath = join(path, 'server.lock');
  const holder = readHolder(lockPath);
  return holder && (await isAlive(holder, lockPath)) ? holder : undefined;
}

/** Writes the whole lock under another name first, so nobody ever reads half of it. */
function tryLock(lockPath: string, content: string): boolean {
  const draft = `${lockPath}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, lockPath);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

function readHolder(lockPath: string): ProcessIdentity | undefined {
  const content = read(lockPath);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content) as ProcessIdentity;
  } catch {
    // A disk that filled up at the wrong moment: nobody who can be named holds this.
    return { pid: 0, startedAt: '', space: pidSpace() };
  }
}

async function isAlive(holder: ProcessIdentity, lockPath: string): Promise<boolean> {
  if (holder.space === pidSpace()) return isRunning(holder);
  const before = mtimeMs(lockPath);
  await sleep(SILENCE_MS);
  const after = mtimeMs(lockPath);
  return after !== 0 && after !== before;
}

/** 0 when the file is gone. */
function mtimeMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Moves the dead lock away; if another start won the race meanwhile, gives its lock back. */
function discard(lockPath: string, dead: ProcessIdentity): void {
  const grave = `${lockPath}.stale.${process.pid}`;
  try {
    renameSync(lockPath, grave);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw thrown;
  }
  const moved = readHolder(grave);
  if (moved && (moved.pid !== dead.pid || moved.startedAt !== dead.startedAt)) linkSync(grave, lockPath);
  rmSync(grave, { force: true });
}

function inUse(path: string, holder: ProcessIdentity): WorkhallError {
  return new WorkhallError(
    'data_folder',
    'in_use',
    `Another Workhall server (process ${holder.pid}) is running on the data folder ${path}.`,
    {
      facts: { pid: holder.pid, path },
      next: `Stop the hall first (process ${holder.pid}). For a second hall beside it: DATA_DIR=/another/folder PORT=2568 npm start`,
      status: 500,
    },
  );
}
