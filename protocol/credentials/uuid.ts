import { sha256 } from '@noble/hashes/sha2.js';

/** `urn:uuid:` of a text, the same for the same text (UUID version 8 of RFC 9562, from sha-256). */
export function uuidUrnOf(text: string): string {
  const bytes = sha256(new TextEncoder().encode(text)).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
}
