/** Bytes that no compressor or deduplication makes smaller, the same on every run. */
export function pseudoRandomBytes(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let x = seed;
  for (let i = 0; i < words.length; i++) words[i] = x = (Math.imul(x, 1664525) + 1013904223 + (x >>> 13)) | 0;
  return new Uint8Array(words.buffer, 0, size);
}
