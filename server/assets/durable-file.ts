import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes files that are whole or absent, whatever ends the process or the power: bytes go to a file of their own in
 * `incoming`, are flushed, and get their name by a rename. `incoming` must be on the same file system as the names.
 */
export class DurableFiles {
  constructor(private readonly incoming: string) {}

  /** What an earlier run left half-written was never acknowledged. */
  async open(): Promise<void> {
    await rm(this.incoming, { recursive: true, force: true });
    await mkdir(this.incoming, { recursive: true });
  }

  /** Returns the folders that must be flushed before the name is durable too. */
  async write(file: string, bytes: Uint8Array): Promise<readonly string[]> {
    const folder = dirname(file);
    const temporary = join(this.incoming, randomUUID());
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    const created = await mkdir(folder, { recursive: true });
    await rename(temporary, file);
    return created === undefined ? [folder] : [folder, dirname(created)];
  }

  /** Makes renames durable. Windows cannot open a folder for this, and its file system journals the rename itself. */
  async flush(folders: Iterable<string>): Promise<void> {
    if (process.platform === 'win32') return;
    await Promise.all(
      [...new Set(folders)].map(async (folder) => {
        const handle = await open(folder, 'r');
        await handle.sync().finally(() => handle.close());
      }),
    );
  }
}
