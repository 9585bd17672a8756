import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base32upper } from 'multiformats/bases/base32';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CID, cidOf, encodeBlock, type Block } from '#protocol/journal/block';
import type { AssetStore } from '../../server/assets/asset.store.ts';
import { collect, readWhole } from '../../server/assets/streams.ts';
import { pseudoRandomBytes } from './assets-bytes.ts';

export interface RunningStore {
  readonly store: AssetStore;
  /** Folder of the blockstore-fs that holds the blocks, to damage them as a bad disk would. */
  readonly blocks: string;
  stop(): Promise<void>;
}

export type StartStore = (folder: string) => Promise<RunningStore>;

const RAW = 0x55;
const MIB = 1024 * 1024;

export function blockFile(blocks: string, cid: CID): string {
  const name = base32upper.encode(cid.multihash.bytes);
  return join(blocks, name.slice(-2), `${name}.data`);
}

async function flipOneByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 0x01;
  await writeFile(file, bytes);
}

/** A journal in small: entries that link to the one before. Returns them with the head last. */
export function chainOf(length: number): Block[] {
  const chain: Block[] = [];
  for (let seq = 0; seq < length; seq++) chain.push(encodeBlock({ seq, prev: chain.at(-1)?.cid ?? null }));
  return chain;
}

export function describeAssetStore(name: string, start: StartStore, startOther: StartStore): void {
  describe(`asset store: ${name}`, () => {
    let folder: string;
    let running: RunningStore;
    let store: AssetStore;

    const restart = async () => {
      await running.stop();
      running = await start(join(folder, 'this'));
      store = running.store;
    };

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'workhall-assets-'));
      running = await start(join(folder, 'this'));
      store = running.store;
    });

    afterEach(async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('gives back the bytes of a file of 20 MB, whole, as a stream and as a range', async () => {
      const content = pseudoRandomBytes(20_000_000);
      const { cid, size } = await store.putFile(content);
      expect(size).toBe(20_000_000);
      expect(await store.fileSize(cid)).toBe(20_000_000);
      expect(sha256(await store.getFile(cid))).toBe(sha256(content));
      expect(sha256(await readWhole(store.streamFile(`${cid}`)))).toBe(sha256(content));
      const range = await readWhole(store.streamFile(cid, { offset: MIB - 3, length: 10 }));
      expect([...range]).toEqual([...content.subarray(MIB - 3, MIB + 7)]);
    });

    it('computes the address that every IPFS tool computes under the profile unixfs-v1-2025', async () => {
      // Golden values from another implementation: ipfs-core 0.18 `add` with cidVersion 1, rawLeaves, chunker size-1048576.
      expect(`${(await store.putFile(new Uint8Array())).cid}`).toBe(
        'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
      );
      expect(`${(await store.putFile(new TextEncoder().encode('hello world'))).cid}`).toBe(
        'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e',
      );
      const large = await store.putFile(new Uint8Array(3 * MIB));
      expect(`${large.cid}`).toBe('bafybeigdsjup7aizxrrjn7yqtcmqg6ffksaugwr7is2ind3cf7esaqrz4m');
      expect((await collect(store.walk(large.cid))).map((cid) => cid.code)).toEqual([0x70, RAW]);
    });

    it('takes a file as a stream and finds the same address as from one buffer, whatever the chunks', async () => {
      const content = pseudoRandomBytes(3 * MIB + 17);
      const chunks = async function* () {
        for (let at = 0; at < content.length; at += 65_521) yield content.subarray(at, at + 65_521);
      };
      expect(`${(await store.putFile(chunks())).cid}`).toBe(`${(await store.putFile(content)).cid}`);
    });

    it('stores nothing as pinned when the stream of an upload breaks', async () => {
      const broken = async function* () {
        yield pseudoRandomBytes(2 * MIB);
        throw new Error('connection lost');
      };
      await expect(store.putFile(broken())).rejects.toThrow('connection lost');
      expect(await store.listPins()).toEqual([]);
    });

    it('refuses a block on disk with one flipped byte, names it, and heals when good bytes are put again', async () => {
      const content = pseudoRandomBytes(3 * MIB, 7);
      const { cid } = await store.putFile(content);
      const leaf = (await collect(store.walk(cid)))[2]!;
      await flipOneByte(blockFile(running.blocks, leaf));
      const corrupt = { problem: { scope: 'assets', key: 'block_corrupt', facts: { cid: `${leaf}` } } };
      await expect(store.getBlock(leaf)).rejects.toMatchObject(corrupt);
      await expect(store.getFile(cid)).rejects.toMatchObject(corrupt);
      await expect(collect(store.walk(cid))).rejects.toMatchObject(corrupt);
      await expect(collect(store.exportCar([cid]))).rejects.toMatchObject(corrupt);
      if (store.engine.startsWith('embedded')) {
        await store.putFile(content);
        expect(sha256(await store.getFile(cid))).toBe(sha256(content));
      }
    });

    it('refuses half a block under a good name', async () => {
      const bytes = pseudoRandomBytes(1000);
      const cid = cidOf(bytes, RAW);
      await store.putBlock(cid, bytes);
      await writeFile(blockFile(running.blocks, cid), bytes.subarray(0, 500));
      await expect(store.getBlock(cid)).rejects.toMatchObject({ problem: { key: 'block_corrupt' } });
    });

    it('refuses to store bytes under an address that is not theirs, or a block too large to exchange', async () => {
      const cid = cidOf(new Uint8Array([1]), RAW);
      await expect(store.putBlock(cid, new Uint8Array([2]))).rejects.toMatchObject({
        problem: { key: 'block_corrupt', facts: { cid: `${cid}` } },
      });
      expect(await store.has(cid)).toBe(false);
      const large = new Uint8Array(2 * MIB + 1);
      await expect(store.putBlock(cidOf(large, RAW), large)).rejects.toMatchObject({
        problem: { key: 'block_too_large' },
      });
    });

    it('says which block is missing, and which text is no address', async () => {
      const absent = cidOf(new Uint8Array([9, 9, 9]), RAW);
      expect(await store.has(absent)).toBe(false);
      const missing = { status: 404, problem: { key: 'block_not_found', facts: { cid: `${absent}` } } };
      await expect(store.getBlock(absent)).rejects.toMatchObject(missing);
      await expect(store.pin(absent)).rejects.toMatchObject(missing);
      await expect(store.getBlock('bafy-nonsense')).rejects.toMatchObject({ problem: { key: 'bad_cid' } });
      await expect(store.getBlock(`${absent}`.slice(0, -9))).rejects.toMatchObject({ problem: { key: 'bad_cid' } });
      await expect(store.getFile(chainOf(1)[0]!.cid)).rejects.toMatchObject({ problem: { scope: 'assets' } });
    });

    it('keeps a journal of linked entries and walks it from its head', async () => {
      const chain = chainOf(600);
      expect(await store.putBlocks(chain)).toBe(600);
      const walked = await collect(store.walk(chain.at(-1)!.cid));
      expect(walked.map(String)).toEqual(chain.map(({ cid }) => `${cid}`).reverse());
      expect(await store.getBlock(chain[3]!.cid)).toEqual(chain[3]!.bytes);
    });

    it('walks through a manifest into the files it links to', async () => {
      const file = await store.putFile(pseudoRandomBytes(2 * MIB));
      const manifest = encodeBlock({ files: [{ name: 'pump.step', content: file.cid }] });
      await store.putBlock(manifest.cid, manifest.bytes);
      const walked = (await collect(store.walk(manifest.cid))).map(String);
      expect(walked.slice(0, 2)).toEqual([`${manifest.cid}`, `${file.cid}`]);
      expect(walked).toHaveLength(4);
    });

    it('keeps pins over a restart, once each, and lets go of them', async () => {
      const pinned = await store.putFile(pseudoRandomBytes(100));
      const loose = await store.putFile(pseudoRandomBytes(101), { pin: false });
      const chain = chainOf(5);
      await store.putBlocks(chain);
      await store.pin(chain.at(-1)!.cid);
      await store.pin(`${chain.at(-1)!.cid}`);
      await restart();
      const pins = async () => (await store.listPins()).map(String).sort();
      expect(await pins()).toEqual([`${pinned.cid}`, `${chain.at(-1)!.cid}`].sort());
      expect(await store.has(loose.cid)).toBe(true);
      await store.unpin(pinned.cid);
      await store.unpin(pinned.cid);
      await restart();
      expect(await pins()).toEqual([`${chain.at(-1)!.cid}`]);
      expect(await store.getBlock(chain[0]!.cid)).toEqual(chain[0]!.bytes);
    });

    it('erases a file with all its blocks, for good; again does nothing, and the rest stays', async () => {
      const kept = await store.putFile(pseudoRandomBytes(2 * MIB, 8));
      const erased = await store.putFile(pseudoRandomBytes(3 * MIB, 9));
      const blocks = await collect(store.walk(erased.cid));
      expect(blocks.length).toBeGreaterThan(3);
      await store.erase(erased.cid);
      await store.erase(erased.cid);
      for (const cid of blocks) expect(await store.has(cid)).toBe(false);
      await expect(store.getFile(erased.cid)).rejects.toMatchObject({ problem: { key: 'block_not_found' } });
      await restart();
      expect((await store.listPins()).map(String)).toEqual([`${kept.cid}`]);
      expect((await store.getFile(kept.cid)).length).toBe(2 * MIB);
    });

    it('hands a CAR to the other kind of store, which finds identical addresses and the same file', async () => {
      const content = pseudoRandomBytes(5 * MIB, 3);
      const file = await store.putFile(content);
      const manifest = encodeBlock({ model: file.cid });
      await store.putBlock(manifest.cid, manifest.bytes);
      const other = await startOther(join(folder, 'other'));
      try {
        const roots = await other.store.importCar(store.exportCar([manifest.cid]));
        expect(roots.map(String)).toEqual([`${manifest.cid}`]);
        expect((await collect(other.store.walk(manifest.cid))).map(String)).toEqual(
          (await collect(store.walk(manifest.cid))).map(String),
        );
        expect(sha256(await other.store.getFile(file.cid))).toBe(sha256(content));
        expect((await other.store.listPins()).map(String)).toEqual([`${manifest.cid}`]);
        expect(`${(await other.store.putFile(content)).cid}`).toBe(`${file.cid}`);
        expect(sha256(await readWhole(other.store.exportCar([manifest.cid])))).toBe(
          sha256(await readWhole(store.exportCar([manifest.cid]))),
        );
      } finally {
        await other.stop();
      }
    });

    it('refuses a CAR with a forged block, a CAR that was cut off, and one that lacks a block', async () => {
      const file = await store.putFile(pseudoRandomBytes(2 * MIB, 5), { pin: false });
      const car = await readWhole(store.exportCar([file.cid]));
      const other = await startOther(join(folder, 'other'));
      try {
        const forged = car.slice();
        forged[forged.length - 9]! ^= 1;
        await expect(other.store.importCar(forged)).rejects.toMatchObject({ problem: { key: 'block_corrupt' } });
        await expect(other.store.importCar(car.subarray(0, car.length - 9))).rejects.toMatchObject({
          problem: { key: 'car_malformed' },
        });
        await expect(other.store.importCar(new TextEncoder().encode('not a CAR'))).rejects.toMatchObject({
          problem: { key: 'car_malformed' },
        });
        expect(await other.store.listPins()).toEqual([]);
      } finally {
        await other.stop();
      }
    });

    it('serves many writers of the same content at once', async () => {
      const content = pseudoRandomBytes(2 * MIB, 11);
      const files = await Promise.all(Array.from({ length: 8 }, () => store.putFile(content)));
      expect(new Set(files.map(({ cid }) => `${cid}`)).size).toBe(1);
      expect(sha256(await store.getFile(files[0]!.cid))).toBe(sha256(content));
    });
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
