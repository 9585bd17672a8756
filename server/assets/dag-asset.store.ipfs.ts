import type { Block, CID } from '#protocol/journal/block';
import {
  AssetStore,
  type ByteRange,
  type ByteSource,
  type CarOptions,
  type CidLike,
  type PutOptions,
  type StoredFile,
} from './asset.store.ts';
import * as dag from './dag.ipfs.ts';
import { problems } from './problems.ts';
import { readWhole } from './streams.ts';
import { inlineBytes, MAX_BLOCK_BYTES, parseCid, verified } from './verify.ts';

/**
 * What every node has in common: files, CARs and walks are made here from blocks, so both adapters compute the same
 * CIDs and check the same hashes. An adapter says how blocks are read, written and pinned.
 */
export abstract class DagAssetStore extends AssetStore {
  protected abstract readonly source: dag.BlockSource;
  protected abstract openWriter(): dag.BlockWriter;
  /** Deletes blocks from this node, in this order. */
  protected abstract remove(blocks: readonly CID[]): Promise<void>;

  async putFile(content: ByteSource, { pin = true }: PutOptions = {}): Promise<StoredFile> {
    return this.writing(async (writer) => {
      const file = await dag.writeFile(content, writer);
      return { result: file, pinned: pin ? [file.cid] : [], isComplete: true };
    });
  }

  async putBlock(cid: CidLike, bytes: Uint8Array): Promise<void> {
    await this.putBlocks([{ cid: parseCid(cid), bytes }]);
  }

  async putBlocks(blocks: Iterable<Block> | AsyncIterable<Block>): Promise<number> {
    return this.writing(async (writer) => ({ result: await writeAll(blocks, writer), pinned: [] }));
  }

  async importCar(car: ByteSource, { pin = true }: PutOptions = {}): Promise<readonly CID[]> {
    const { roots, blocks } = await dag.readCar(car);
    return this.writing(async (writer) => {
      await writeAll(blocks, writer);
      return { result: roots, pinned: pin ? roots : [] };
    });
  }

  async getBlock(cid: CidLike): Promise<Uint8Array> {
    return dag.readBlock(this.source, parseCid(cid));
  }

  async getFile(cid: CidLike): Promise<Uint8Array> {
    return readWhole(this.streamFile(cid));
  }

  streamFile(cid: CidLike, range?: ByteRange): AsyncIterable<Uint8Array> {
    return dag.streamFile(this.source, parseCid(cid), range);
  }

  async fileSize(cid: CidLike): Promise<number> {
    return dag.fileSize(this.source, parseCid(cid));
  }

  async *walk(root: CidLike): AsyncIterable<CID> {
    for await (const { cid } of dag.walkBlocks(this.source, [parseCid(root)])) yield cid;
  }

  async erase(root: CidLike): Promise<void> {
    const blocks: CID[] = [];
    const ahead = [parseCid(root)];
    for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
      // Some may be gone already: an erasing that was cut off is done again.
      if (inlineBytes(cid) !== undefined || !(await this.has(cid))) continue;
      blocks.push(cid);
      ahead.push(...dag.linksOf({ cid, bytes: await this.getBlock(cid) }));
    }
    await this.unpin(root);
    // From the leaves up: while the root is here, the way to the rest is known.
    await this.remove(blocks.toReversed());
  }

  exportCar(roots: readonly CidLike[], { depth }: CarOptions = {}): AsyncIterable<Uint8Array> {
    const cids = roots.map(parseCid);
    return dag.carOf(cids, depth === 0 ? dag.blocksAt(this.source, cids) : dag.walkBlocks(this.source, cids));
  }

  private async writing<T>(work: (writer: dag.BlockWriter) => Promise<Written<T>>): Promise<T> {
    const writer = this.openWriter();
    try {
      const { result, pinned, isComplete = false } = await work(writer);
      await writer.finish(pinned, isComplete);
      return result;
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }
}

interface Written<T> {
  readonly result: T;
  readonly pinned: readonly CID[];
  readonly isComplete?: boolean;
}

async function writeAll(blocks: Iterable<Block> | AsyncIterable<Block>, writer: dag.BlockWriter): Promise<number> {
  let count = 0;
  for await (const { cid, bytes } of blocks) {
    count += 1;
    parseCid(cid);
    if (bytes.byteLength > MAX_BLOCK_BYTES) throw problems.blockTooLarge(cid, bytes.byteLength, MAX_BLOCK_BYTES);
    verified(cid, bytes);
    if (inlineBytes(cid) === undefined) await writer.write({ cid, bytes });
  }
  return count;
}
