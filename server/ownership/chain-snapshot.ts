import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** The embedded chain's state after some block; only a shortcut, the log is the truth. */
const Snapshot = z.object({
  height: z.number().int().nonnegative(),
  /** Hash of that block: a loaded state that has another is thrown away. */
  tip: z.string(),
  /** What `anvil_dumpState` gave: gzip in hex. */
  state: z.string().startsWith('0x'),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** Undefined when there is none or it is damaged. */
export async function readSnapshot(path: string): Promise<Snapshot | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return Snapshot.parse(JSON.parse(text));
  } catch {
    // The log replays from genesis instead: slower, and complete.
    return undefined;
  }
}

/** Old or new, never half: written aside, flushed, renamed, and the folder flushed. */
export async function writeSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(snapshot));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } catch (thrown) {
    // Windows cannot flush a folder; NTFS journals the rename.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') throw thrown;
  } finally {
    await folder.close();
  }
}
