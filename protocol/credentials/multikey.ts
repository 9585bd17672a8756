import { base58btc } from 'multiformats/bases/base58';

/** Multicodec `ed25519-pub` (0xed) as a varint. */
const ED25519_PUB = [0xed, 0x01] as const;
const KEY_BYTES = 32;

/** `did:key:z6Mk…` of an Ed25519 public key (32 bytes): the key is its own address, nobody has to be asked for it. */
export function didOfKey(publicKey: Uint8Array): string {
  return `did:key:${base58btc.encode(Uint8Array.from([...ED25519_PUB, ...publicKey]))}`;
}

/** The verification method of a did:key: the key named by itself. */
export const methodOf = (did: string): string => `${did}#${did.slice('did:key:'.length)}`;

/** The 32 bytes behind `did:key:z…`; null for another method, another kind of key, or a damaged one. */
export function keyOfDid(did: string): Uint8Array | null {
  if (!/^did:key:z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(did)) return null;
  const bytes = base58btc.decode(did.slice('did:key:'.length));
  if (bytes.length !== KEY_BYTES + 2 || bytes[0] !== ED25519_PUB[0] || bytes[1] !== ED25519_PUB[1]) return null;
  return bytes.subarray(2);
}
