import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FsBlockstore } from 'blockstore-fs';
import { NextToLast } from 'blockstore-fs/sharding';
import type { Block, CID } from '#protocol/journal/block';
import type { DurableFiles } from './durable-file.ts';
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
  private readonly layout: NextToLast;

  constructor(
    folder: string,
    private readonly files: DurableFiles,
  ) {
    const layout = new NextToLast();
    super(folder, { shardingStrategy: layout });
    this.layout = layout;
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
    // Another writer may have renamed it a moment ago without having flushed the folder: flush it all the same.
    if (await holds(file, bytes)) return [dirname(file)];
    return this.files.write(file, bytes);
  }

  override async put(cid: CID, content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
    const bytes = content instanceof Uint8Array ? content : await readWhole(content);
    await this.files.flush(await this.write({ cid, bytes: verified(cid, bytes) }));
    return cid;
  }

  /** Helia's own readers get checked bytes too. */
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
