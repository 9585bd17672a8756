import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { create, extract, list } from 'tar';
import { WorkhallError } from '#protocol/errors';
import { ChildProcesses, DataFolder, holderOf } from '../processes/index.ts';

/** First entry of every archive; a file without it is not one of ours. */
const LABEL = 'workhall-backup.json';
const FORMAT = 1;
/** What belongs to a running server and not to its data. */
const LEFT_OUT = new Set(['server.lock', 'run', 'logs', LABEL]);

export interface BackupLabel {
  readonly format: number;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** True when the database lives elsewhere and is not in the archive. */
  readonly isDatabaseExternal: boolean;
}

/**
 * The whole data folder in one .tar.gz: database, assets, chain, keys. Taken from a stopped hall, whose lock is held
 * meanwhile, so everything in it is of one moment. (`pg_dump` is not part of the embedded engine, and a copy of three
 * stores that move on would need each of them to be frozen.)
 */
export async function backUp(
  dataDir: string,
  file: string,
  label: Omit<BackupLabel, 'format'>,
): Promise<{ entries: number }> {
  if (!existsSync(dataDir)) throw nothingThere(dataDir);
  await refuseWhenOpen(dataDir, 'copy another folder: --data /another/folder');
  const target = resolve(file);
  const folder = await DataFolder.open(dataDir);
  const labelPath = join(dataDir, LABEL);
  // Aside and renamed: a full disk leaves no archive that looks whole.
  const draft = `${target}.part`;
  try {
    await new ChildProcesses(folder).endOrphans();
    await mkdir(dirname(target), { recursive: true });
    writeFileSync(labelPath, JSON.stringify({ format: FORMAT, ...label }, null, 2));
    const names = readdirSync(dataDir).filter((name) => !LEFT_OUT.has(name) && !name.startsWith('server.lock'));
    let entries = 0;
    const onWriteEntry = () => void entries++;
    await create({ gzip: { level: 6 }, cwd: dataDir, file: draft, onWriteEntry, mode: 0o600 } as never, [
      LABEL,
      ...names,
    ]);
    await rename(draft, target);
    return { entries };
  } finally {
    rmSync(labelPath, { force: true });
    rmSync(draft, { force: true });
    folder.release();
  }
}

/** Reads the archive to its end, which checks its checksums, and answers its label. */
export async function inspectBackup(file: string): Promise<BackupLabel> {
  let label: BackupLabel | undefined;
  const chunks: Buffer[] = [];
  try {
    await list({
      file,
      strict: true,
      onReadEntry: (entry) => {
        if (entry.path !== LABEL) return void entry.resume();
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      },
    });
    label = JSON.parse(Buffer.concat(chunks).toString()) as BackupLabel;
  } catch (cause) {
    throw notABackup(file, cause);
  }
  if (label.format !== FORMAT) throw notABackup(file, `its format is ${label.format}, this release reads ${FORMAT}`);
  return label;
}

/**
 * Unpacks beside the data folder and swaps at the end. What was there before is kept under another name, never
 * deleted; that name is the answer.
 */
export async function restore(file: string, dataDir: string): Promise<{ label: BackupLabel; keptAs?: string }> {
  await refuseWhenOpen(dataDir, 'restore into another folder: --data /another/folder');
  const label = await inspectBackup(file);
  const draft = join(dirname(dataDir), `.${basename(dataDir)}.restoring`);
  rmSync(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await extract({ file, cwd: draft, strict: true, preserveOwner: process.getuid?.() === 0 });
    rmSync(join(draft, LABEL), { force: true });
    const keptAs = existsSync(dataDir) && readdirSync(dataDir).length > 0 ? setAside(dataDir) : undefined;
    if (!keptAs) rmSync(dataDir, { recursive: true, force: true });
    renameSync(draft, dataDir);
    return { label, keptAs };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function refuseWhenOpen(dataDir: string, otherwise: string): Promise<void> {
  const holder = existsSync(dataDir) ? await holderOf(dataDir) : undefined;
  if (!holder) return;
  throw new WorkhallError('backup', 'hall_is_open', `A hall (process ${holder.pid}) is open on ${dataDir}.`, {
    facts: { pid: holder.pid, path: dataDir },
    next: `Stop it first, or ${otherwise}`,
    status: 500,
  });
}

function setAside(dataDir: string): string {
  for (let number = 1; ; number++) {
    const name = `${dataDir}.before-restore-${number}`;
    if (existsSync(name)) continue;
    renameSync(dataDir, name);
    return name;
  }
}

function nothingThere(dataDir: string): WorkhallError {
  return new WorkhallError('backup', 'no_data', `There is no data folder at ${dataDir}.`, {
    next: 'Name it: --data /the/folder, or set DATA_DIR.',
    status: 500,
  });
}

function notABackup(file: string, cause: unknown): WorkhallError {
  if (!existsSync(file))
    return new WorkhallError('backup', 'no_file', `There is no file ${file}. Nothing was changed.`, {
      facts: { file },
      next: 'Name a file written by `npx workhall backup`.',
      status: 500,
    });
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkhallError(
    'backup',
    'not_a_backup',
    `${file} is not a whole Workhall backup (${reason}). Nothing was changed.`,
    {
      facts: { file },
      next: 'Use a file written by `npx workhall backup`.',
      status: 500,
      cause,
    },
  );
}
