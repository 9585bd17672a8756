import { sha256 } from '@noble/hashes/sha2.js';

/** 32 bits of an id, evenly spread: randomness comes from the port for ids, so a test can tell it. */
export function wordOf(id: string): number {
  return new DataView(sha256(new TextEncoder().encode(id)).buffer).getUint32(0);
}
