import { unixfs } from '@helia/unixfs';
import type { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import { fileCidOf } from './file-cid.ts';

const MIB = 1024 * 1024;

/** As a hall's store does it (server/assets/dag.ipfs.ts). */
async function hallsCid(bytes: Uint8Array): Promise<string> {
  const put = async (cid: CID): Promise<CID> => cid;
  const get = (): never => {
    throw new Error('nothing is read');
  };
  const files = unixfs({ blockstore: { put, get, has: () => false } as never });
  return `${await files.addByteStream([bytes], { profile: 'unixfs-v1-2025' })}`;
}

it.each([0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 77])(
  'gives a file of %i bytes the address that a hall gives it',
  async (size) => {
    const bytes = new Uint8Array(size).map((_, n) => (n * 31 + (n >> 8)) & 255);
    expect(await fileCidOf(new Blob([bytes]))).toBe(await hallsCid(bytes));
  },
);
