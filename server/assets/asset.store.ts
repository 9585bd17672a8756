import type { Block, CID } from '#protocol/journal/block';

/** A CID, or its text as people, URLs and JSON carry it. */
export type CidLike = CID | string;

export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>;

export interface StoredFile {
  readonly cid: CID;
  /** Bytes of the file itself, without the blocks that hold its tree together. */
  readonly size: number;
}

export interface ByteRange {
  /** First byte, from 0. */
  readonly offset: number;
  /** Number of bytes; what lies beyond the end is not an error, it is left out. */
  readonly length: number;
}

export interface CarOptions {
  /** 0: the roots alone. Default: everything below them. */
  readonly depth?: 0;
}

export interface PutOptions {
  /** Keep the whole DAG until it is unpinned. Default true: what nobody pins, a Kubo node may collect. */
  readonly pin?: boolean;
}

/** The half of the store that a verifier needs; a public gateway offers no more than this. */
export interface AssetReader {
  /** One block, its hash checked. Throws `assets.block_not_found` (404) or `assets.block_corrupt` (500). */
  getBlock(cid: CidLike): Promise<Uint8Array>;
  /** The whole file in memory; every block on the way is checked. Throws `assets.not_a_file` for a DAG of other things. */
  getFile(cid: CidLike): Promise<Uint8Array>;
  streamFile(cid: CidLike, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Size in bytes, from the root block alone. */
  fileSize(cid: CidLike): Promise<number>;
  /** Every block of a DAG once, root first, depth first; follows links of dag-pb and dag-cbor. */
  walk(root: CidLike): AsyncIterable<CID>;
  /** CARv1 with all blocks under `roots`, in the order of `walk`. */
  exportCar(roots: readonly CidLike[], options?: CarOptions): AsyncIterable<Uint8Array>;
}

/**
 * Files and blocks by content. Nothing comes out whose hash was not checked on the way, and nothing goes in whose hash
 * is wrong, whichever node keeps the blocks. When a write returns, its bytes are durable.
 *
 * Files are UnixFS of the profile `unixfs-v1-2025` (CIDv1, raw leaves, chunks of 1 MiB, at most 1024 links), so any IPFS
 * tool that is told this profile computes the same CID. Journal entries and manifests are single dag-cbor blocks.
 */
export abstract class AssetStore implements AssetReader {
  abstract putFile(content: ByteSource, options?: PutOptions): Promise<StoredFile>;
  /** Not pinned: pin the root that links to it. Throws `assets.block_corrupt` or `assets.block_too_large` (over 2 MiB). */
  abstract putBlock(cid: CidLike, bytes: Uint8Array): Promise<void>;
  /** Many blocks (a journal) in few writes. Returns how many were given. */
  abstract putBlocks(blocks: Iterable<Block> | AsyncIterable<Block>): Promise<number>;
  /** Whether the block is on this node; asks no network and does not vouch for its bytes. */
  abstract has(cid: CidLike): Promise<boolean>;

  abstract getBlock(cid: CidLike): Promise<Uint8Array>;
  abstract getFile(cid: CidLike): Promise<Uint8Array>;
  abstract streamFile(cid: CidLike, range?: ByteRange): AsyncIterable<Uint8Array>;
  abstract fileSize(cid: CidLike): Promise<number>;
  abstract walk(root: CidLike): AsyncIterable<CID>;
  abstract exportCar(roots: readonly CidLike[], options?: CarOptions): AsyncIterable<Uint8Array>;

  /** Stores all blocks of a CARv1 and returns its roots. Throws `assets.car_malformed`, `assets.block_corrupt`. */
  abstract importCar(car: ByteSource, options?: PutOptions): Promise<readonly CID[]>;

  /** Keeps a whole DAG; all of it must be here. Pinning twice is once. */
  abstract pin(root: CidLike): Promise<void>;
  /** Lets go of a root; unpinning what is not pinned does nothing. */
  abstract unpin(root: CidLike): Promise<void>;
  abstract listPins(): Promise<readonly CID[]>;
  /**
   * Unpins a root and deletes every block below it from this node, for good; again, or what is not here, does nothing. Only for what
   * shares no block with anything else, such as content under a key of its own: equal blocks are stored once.
   */
  abstract erase(root: CidLike): Promise<void>;

  /** Name of the engine for health and doctor: `embedded Helia`, `Kubo at http://…`. */
  abstract readonly engine: string;
  abstract open(): Promise<void>;
  abstract close(): Promise<void>;
}
