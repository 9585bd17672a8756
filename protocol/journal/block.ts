import * as dagCbor from '@ipld/dag-cbor';
import { sha256 } from '@noble/hashes/sha2.js';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';

/**
 * Content-addressed blocks. Hashing is synchronous (@noble/hashes) because reducers, replicas and verification run the
 * same code in browsers, where WebCrypto is asynchronous only.
 */
const SHA2_256 = 0x12;

export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** Encodes a value as one dag-cbor block. Throws on `undefined`, NaN and infinities: they have no place in a journal. */
export function encodeBlock(value: unknown): Block {
  const bytes = dagCbor.encode(value);
  return { cid: cidOf(bytes, dagCbor.code), bytes };
}

export function decodeBlock(bytes: Uint8Array): unknown {
  return dagCbor.decode(bytes);
}

/** CIDv1, sha2-256, of bytes under a multicodec (dag-cbor 0x71, raw 0x55). */
export function cidOf(bytes: Uint8Array, codec: number): CID {
  return CID.createV1(codec, Digest.create(SHA2_256, sha256(bytes)));
}

/** True when `bytes` are what `cid` names. Only sha2-256 is accepted: nothing in Workhall is stored under another hash. */
export function isBlock(cid: CID, bytes: Uint8Array): boolean {
  return cid.multihash.code === SHA2_256 && sameBytes(cid.multihash.digest, sha256(bytes));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export { CID };
