import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FsBlockstore } from 'blockstore-fs';
import { NextToLast } from 'blockstore-fs/sharding';
import type { Block, CID } from '#protocol/journal/block';
import { problems } from './problems.ts';
import { readWhole } from './streams.ts';
import { verified } from './verify.ts';

/**
 * blockstore-fs writes to `.<name>.tmp` beside the block and renames. That leaves three holes, closed here:
 * the bytes are not flushed, so a power cut can leave an empty block under a good name; two writers of the same block
 * share one temporary file, so a kill between them can leave half a block; and Helia never writes a block that exists,
 * so a damaged one would stay damaged for ever. The file layout is blockstore-fs's own.
 */
export class DurableBlockstore extends FsBlockstore {
  private readonly incoming: string;
  private readonly layout: NextToLast;

  /** `folder` gets `blocks/` and `incoming/`; both must be on one file system, as a rename cannot cross. */
  constructor(folder: string) {
    const layout = new NextToLast();
    super(join(folder, 'blocks'), { shardingStrategy: layout });
    this.layout = layout;
    this.incoming = join(folder, 'incoming');
  }

  override async open(): Promise<void> {
    await super.open();
    // What an earlier run left half-written was never acknowledged.
    await rm(this.incoming, { recursive: true, force: true });
    await mkdir(this.incoming, { recursive: true });
  }

  /** Bytes as they lie on disk, unchecked. */
  async read(cid: CID): Promise<Uint8Array> {
    try {
      const { buffer, byteOffset, byteLength } = await readFile(this.fileOf(cid));
      return new Uint8Array(buffer, byteOffset, byteLength);
    } catch (error) {
      throw isMissing(error) ? problems.blockNotFound(cid, error) : error;
    }
  }

  /** Writes one block that is not there yet, or is damaged. Returns the folders whose entries must still be flushed. */
  async write({ cid, bytes }: Block): Promise<readonly string[]> {
    const file = this.fileOf(cid);
    const folder = dirname(file);
    // Another writer may have renamed it a moment ago without having flushed the folder: flush it all the same.
    if (await holds(file, bytes)) return [folder];
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
    return created === undefined ? [folder] : [folder, dirname(folder)];
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

  override async put(cid: CID, content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
    const bytes = content instanceof Uint8Array ? content : await readWhole(content);
    await this.flush(await this.write({ cid, bytes: verified(cid, bytes) }));
    return cid;
  }

  /** Helia's own readers (pinning walks DAGs) get checked bytes too. */
  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    yield verified(cid, await this.read(cid));
  }

  private fileOf(cid: CID): string {
    const { dir, file } = this.layout.encode(cid);
    return join(this.path, dir, file);
  }
}

async function holds(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return Buffer.compare(await readFile(file), bytes) === 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
