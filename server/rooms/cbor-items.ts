/** Major types whose length is in bytes. */
const BYTES = 2;
const TEXT = 3;

/**
 * Whether CBOR bytes (RFC 8949) hold at most this many items, found without building any of them: a megabyte of empty
 * lists takes a decoder a tenth of a second, and this a thousandth. Says nothing about bytes that are no CBOR.
 */
export function hasAtMostItems(bytes: Uint8Array, most: number): boolean {
  let items = 0;
  for (let at = 0; at < bytes.length; items++) {
    if (items > most) return false;
    const major = bytes[at]! >> 5;
    const info = bytes[at]! & 31;
    const extra = info < 24 ? 0 : info < 28 ? 1 << (info - 24) : 0;
    if (major !== BYTES && major !== TEXT) {
      at += 1 + extra;
      continue;
    }
    // A string: its content is no items.
    let length = info < 24 ? info : 0;
    for (let i = 1; i <= extra; i++) length = length * 256 + (bytes[at + i] ?? 0);
    at += 1 + extra + length;
  }
  return true;
}
