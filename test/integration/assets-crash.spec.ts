import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { base32upper } from 'multiformats/bases/base32';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeliaAssetStore } from '../../server/assets/helia.store.ipfs.ts';
import { collect } from '../../server/assets/streams.ts';

const WRITER = join(import.meta.dirname, 'assets-crash-writer.ts');
const KILLS = 8;

/** Starts the writer, kills it with SIGKILL some time after its store is open, returns what it had acknowledged. */
async function writeAndKill(folder: string, seed: number, afterMs: number): Promise<string[]> {
  const flags = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, WRITER, folder, `${seed}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the writer ended by itself')));
    child.stdout.on('data', (text) => {
      output += text;
      if (output.startsWith('open\n')) resolve();
    });
  });
  await delay(afterMs);
  child.kill('SIGKILL');
  await exited;
  // Only whole lines: an address that was cut off by the kill was not acknowledged.
  return output.split('\n').slice(1, -1);
}

describe('a store that is killed while it writes', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'workhall-crash-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('has every acknowledged file whole and pinned, and no block whose bytes are not its name', async () => {
    const acknowledged: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      acknowledged.push(...(await writeAndKill(folder, 1 + kill * 1000, 20 + ((kill * 37) % 160))));
    }
    const store = new HeliaAssetStore(folder);
    await store.open();
    try {
      expect(await readdir(join(folder, 'incoming'))).toEqual([]);
      const files = await readdir(join(folder, 'blocks'), { recursive: true, withFileTypes: true });
      const blocks = files.filter((entry) => entry.isFile());
      for (const { name, parentPath } of blocks) {
        expect(name).toMatch(/\.data$/);
        const digest = base32upper.decode(basename(name, '.data')).subarray(2);
        expect(Buffer.compare(hash('sha256', await readFile(join(parentPath, name)), 'buffer'), digest), name).toBe(0);
      }
      expect(blocks.length).toBeGreaterThan(KILLS);
      expect(acknowledged.length).toBeGreaterThan(0);
      const pins = new Set((await store.listPins()).map(String));
      for (const cid of acknowledged) {
        expect(pins).toContain(cid);
        expect((await store.getFile(cid)).length).toBe(3_000_000);
      }
      await collect(store.exportCar(acknowledged));
    } finally {
      await store.close();
    }
  });

  it('throws away what an earlier run left half-written', async () => {
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await writeFile(join(folder, 'incoming', 'half'), 'half a blo');
    const store = new HeliaAssetStore(folder);
    await store.open();
    expect(await readdir(join(folder, 'incoming'))).toEqual([]);
    await store.close();
  });
});
