import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeliaAssetStore } from '../../server/assets/helia.store.ipfs.ts';
import { pseudoRandomBytes } from '../integration/assets-bytes.ts';

const SIZE_BYTES = 100_000_000;

export interface AssetFigures {
  readonly sizeBytes: number;
  readonly rounds: number;
  /** Medians, milliseconds. `plain` is one file written with fsync and hashed once: the least any durable store does. */
  readonly plainPutMs: number;
  readonly putMs: number;
  readonly plainGetMs: number;
  readonly getMs: number;
  /** Median of the rounds' own ratios, so that a slow moment of the machine falls on both sides. */
  readonly putRatio: number;
  readonly getRatio: number;
}

/** 100 MB through the port against a plain file and SHA-256, interleaved; other content in every round. */
export async function measureAssets({ rounds = 5, folder = tmpdir() } = {}): Promise<AssetFigures> {
  const place = await mkdtemp(join(folder, 'workhall-figures-'));
  const store = new HeliaAssetStore(join(place, 'ipfs'));
  await store.open();
  const all = { plainPut: [] as number[], put: [] as number[], plainGet: [] as number[], get: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      const content = pseudoRandomBytes(SIZE_BYTES, round + 1);
      const file = join(place, `plain-${round}`);
      all.plainPut.push(await time(() => writePlain(file, content)));
      let cid = '';
      all.put.push(await time(async () => void (cid = `${(await store.putFile(content)).cid}`)));
      all.plainGet.push(await time(async () => void sha256(await readFile(file))));
      all.get.push(await time(async () => void (await store.getFile(cid))));
    }
  } finally {
    await store.close();
    await rm(place, { recursive: true, force: true });
  }
  return {
    sizeBytes: SIZE_BYTES,
    rounds,
    plainPutMs: median(all.plainPut),
    putMs: median(all.put),
    plainGetMs: median(all.plainGet),
    getMs: median(all.get),
    putRatio: median(all.put.map((ms, round) => ms / all.plainPut[round]!)),
    getRatio: median(all.get.map((ms, round) => ms / all.plainGet[round]!)),
  };
}

async function writePlain(file: string, content: Uint8Array): Promise<void> {
  sha256(content);
  const handle = await open(file, 'w');
  await handle.writeFile(content);
  await handle.datasync();
  await handle.close();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
