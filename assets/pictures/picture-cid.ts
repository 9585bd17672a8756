import { readFile } from 'node:fs/promises';
import { sha256 } from 'multiformats/hashes/sha2';
import { CID } from '#protocol/journal/index';

const RAW = 0x55;
/** One chunk of the profile unixfs-v1-2025: up to here a file is one raw block. */
const CHUNK_BYTES = 1024 * 1024;

/** The address that a picture of this folder has in every hall. */
export async function cidOfPicture(id: string): Promise<string> {
  const bytes = await readFile(new URL(`./${id}.png`, import.meta.url));
  if (bytes.byteLength > CHUNK_BYTES) throw new Error(`${id}.png is larger than one block`);
  return CID.createV1(RAW, await sha256.digest(new Uint8Array(bytes))).toString();
}

/** As the workplace of a procedure names it. */
export const pictureOf = async (id: string, en: string, zh: string) => ({
  ...{ id, kind: 'picture', cid: await cidOfPicture(id) },
  description: { en, zh },
});

export const showing = (media: string) =>
  ({ kind: 'picture', media, at: null, stage: 'enter', isBlocking: false, durationMs: 0, modes: null }) as const;
