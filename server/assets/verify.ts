import { hash } from 'node:crypto';
import { CID } from '#protocol/journal/block';
import type { CidLike } from './asset.store.ts';
import { problems } from './problems.ts';

const SHA2_256 = 0x12;
/** The identity "hash" carries a few bytes in the CID itself; gateways are probed with the empty one, `bafkqaaa`. */
const IDENTITY = 0x00;
const MAX_IDENTITY_BYTES = 128;

/** What Bitswap and Kubo move; a larger block could never leave the node it was made on. */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024;

/** Throws `assets.bad_cid` or `assets.hash_unsupported`. */
export function parseCid(like: CidLike): CID {
  const cid = typeof like === 'string' ? parseText(like) : like;
  const { code, size } = cid.multihash;
  const supported = code === SHA2_256 ? size === 32 : code === IDENTITY && size <= MAX_IDENTITY_BYTES;
  if (!supported) throw problems.hashUnsupported(cid);
  return cid;
}

function parseText(text: string): CID {
  try {
    return CID.parse(text);
  } catch {
    throw problems.badCid(text);
  }
}

/** Bytes that need no storage because the CID holds them, or undefined. */
export function inlineBytes(cid: CID): Uint8Array | undefined {
  return cid.multihash.code === IDENTITY ? cid.multihash.digest : undefined;
}

/** Same answer as `isBlock` of the protocol, by OpenSSL: 100 MiB in 60 ms instead of 400. */
export function matches(cid: CID, bytes: Uint8Array): boolean {
  const digest = cid.multihash.code === IDENTITY ? bytes : hash('sha256', bytes, 'buffer');
  return Buffer.compare(cid.multihash.digest, digest) === 0;
}

/** Returns the bytes, or throws `assets.block_corrupt`. */
export function verified(cid: CID, bytes: Uint8Array): Uint8Array {
  if (!matches(cid, bytes)) throw problems.blockCorrupt(cid);
  return bytes;
}
