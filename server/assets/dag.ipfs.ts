import { unixfs } from '@helia/unixfs';
import { CarBlockIterator } from '@ipld/car/iterator';
import { CarWriter } from '@ipld/car/writer';
import * as dagCbor from '@ipld/dag-cbor';
import * as dagPb from '@ipld/dag-pb';
import { createUnsafe } from 'multiformats/block';
import * as raw from 'multiformats/codecs/raw';
import type { Block, CID } from '#protocol/journal/block';
import { WorkhallError } from '#protocol/errors';
import type { ByteRange, ByteSource } from './asset.store.ts';
import { problems } from './problems.ts';
import { inlineBytes, verified } from './verify.ts';

/** Files, walks and CARs over anything that can hand out a block: the same code reads from disk, Kubo or a gateway. */
export interface BlockSource {
  /** Bytes as they are stored; checking them is done here. Throws `assets.block_not_found`. */
  read(cid: CID): Promise<Uint8Array>;
}

/** Takes the blocks of one file, CAR or journal; `finish` returns when all of them are durable. */
export interface BlockWriter {
  write(block: Block): Promise<void>;
  /** `pinned`: the roots that are to stay. `isComplete`: all below them went through this writer, no need to look. */
  finish(pinned: readonly CID[], isComplete: boolean): Promise<void>;
  /** Lets go of what is in flight after an error. Blocks that were written may stay; they are whole. */
  abandon(): Promise<void>;
}

/** Leaves of 1 MiB in flight at once: bounds the memory of one upload to about 8 MiB, of one download to 4. */
const WRITES_IN_FLIGHT = 8;
/** The exporter knows this option and passes it down; the types of @helia/unixfs `cat` leave it out. */
const READS_IN_FLIGHT = { blockReadConcurrency: 4 };

export async function readBlock(source: BlockSource, cid: CID): Promise<Uint8Array> {
  return inlineBytes(cid) ?? verified(cid, await source.read(cid));
}

/** Cuts a file into blocks of the profile `unixfs-v1-2025` (the defaults of @helia/unixfs 8, said again on purpose). */
export async function writeFile(content: ByteSource, writer: BlockWriter): Promise<{ cid: CID; size: number }> {
  let size = 0;
  const counted = async function* () {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      size += chunk.byteLength;
      yield chunk;
    }
  };
  const put = async (cid: CID, bytes: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<CID> => {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('the UnixFS importer hands over whole blocks');
    await writer.write({ cid, bytes });
    return cid;
  };
  const files = unixfs({ blockstore: { put, get: unreachable, has: () => false } });
  const cid = await files.addByteStream(counted(), {
    profile: 'unixfs-v1-2025',
    blockWriteConcurrency: WRITES_IN_FLIGHT,
  });
  return { cid, size };
}

function unreachable(): never {
  throw new Error('writing a file reads no blocks');
}

export async function* streamFile(source: BlockSource, cid: CID, range?: ByteRange): AsyncIterable<Uint8Array> {
  yield* asFile(cid, () =>
    filesOf(source).cat(cid, { offset: range?.offset, length: range?.length, ...READS_IN_FLIGHT }),
  );
}

export async function fileSize(source: BlockSource, cid: CID): Promise<number> {
  try {
    const stat = await filesOf(source).stat(cid);
    if (stat.type === 'directory') throw problems.notAFile(cid);
    return Number(stat.size);
  } catch (error) {
    throw asAssetProblem(cid, error);
  }
}

/** Depth first, root first, each block once. Iterative: a journal is a chain of many thousand links. */
export async function* walkBlocks(source: BlockSource, roots: readonly CID[]): AsyncIterable<Block> {
  const seen = new Set<string>();
  const ahead = [...roots].reverse();
  for (let cid = ahead.pop(); cid !== undefined; cid = ahead.pop()) {
    const key = cid.toString();
    if (seen.has(key)) continue;
    seen.add(key);
    const block = { cid, bytes: await readBlock(source, cid) };
    yield block;
    ahead.push(...linksOf(block).reverse());
  }
}

export async function* blocksAt(source: BlockSource, cids: readonly CID[]): AsyncIterable<Block> {
  for (const cid of cids) yield { cid, bytes: await readBlock(source, cid) };
}

export function linksOf({ cid, bytes }: Block): CID[] {
  if (cid.code === raw.code) return [];
  const codec = cid.code === dagCbor.code ? dagCbor : cid.code === dagPb.code ? dagPb : undefined;
  if (codec === undefined) throw problems.codecUnsupported(cid);
  // The hash is right, so unreadable bytes were already unreadable when someone gave them this address.
  try {
    return [...createUnsafe({ bytes, cid, codec }).links()].map(([, link]) => link);
  } catch (error) {
    throw problems.blockCorrupt(cid, error);
  }
}

export async function* carOf(roots: readonly CID[], blocks: AsyncIterable<Block>): AsyncIterable<Uint8Array> {
  const { writer, out } = CarWriter.create([...roots]);
  let failure: unknown;
  const pump = async () => {
    for await (const block of blocks) await writer.put(block);
  };
  // `put` waits until its bytes are taken from `out`, so memory holds one block however slow the reader is.
  const pumped = pump()
    .catch((error: unknown) => (failure = error))
    .finally(() => writer.close());
  yield* out;
  await pumped;
  if (failure !== undefined) throw failure;
}

/** Opens a CARv1. Blocks come as they are in the archive: the writer checks them. Throws `assets.car_malformed`. */
export async function readCar(car: ByteSource): Promise<{ roots: CID[]; blocks: AsyncIterable<Block> }> {
  try {
    const bytes = car instanceof Uint8Array ? CarBlockIterator.fromBytes(car) : CarBlockIterator.fromIterable(car);
    const archive = await bytes;
    return { roots: await archive.getRoots(), blocks: blocksOf(archive) };
  } catch (error) {
    throw problems.carMalformed(error);
  }
}

async function* blocksOf(archive: AsyncIterable<Block>): AsyncIterable<Block> {
  try {
    yield* archive;
  } catch (error) {
    throw problems.carMalformed(error);
  }
}

function filesOf(source: BlockSource) {
  const get = async function* (cid: CID) {
    yield await readBlock(source, cid);
  };
  return unixfs({ blockstore: { get, put: unreachable, has: unreachable } });
}

async function* asFile(cid: CID, open: () => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* open();
  } catch (error) {
    throw asAssetProblem(cid, error);
  }
}

/** The exporter wraps or passes on what a read threw; what it throws by itself means the DAG is no file. */
function asAssetProblem(cid: CID, error: unknown): unknown {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if (at instanceof WorkhallError) return at;
  return problems.notAFile(cid, error);
}
