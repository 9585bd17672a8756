import { randomBytes } from 'node:crypto';
import { cidOf } from '#protocol/journal/block';
import type { PartState } from '../platform/health/index.ts';
import type { AssetStore } from './asset.store.ts';

const RAW = 0x55;

/** Writes one small block and reads it back: says that the store keeps and returns bytes, and how long both took. */
export function checkAssets(assets: AssetStore): () => Promise<PartState> {
  // The same 32 bytes for the life of the process: a probe every second must not fill the disk.
  const bytes = new Uint8Array(randomBytes(32));
  const cid = cidOf(bytes, RAW);
  return async () => {
    const start = performance.now();
    await assets.putBlock(cid, bytes);
    const put = performance.now();
    await assets.getBlock(cid);
    const got = performance.now();
    return {
      ok: true,
      detail: `${assets.engine}: put ${(put - start).toFixed(1)} ms, get ${(got - put).toFixed(1)} ms`,
    };
  };
}
