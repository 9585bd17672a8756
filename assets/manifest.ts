/**
 * Writes assets/manifest.json: every shipped file with its licence, its generator, its hash and the CID it has in the hall.
 *
 *   node --experimental-transform-types --conditions=source assets/manifest.ts
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ManifestEntry {
  readonly file: string;
  readonly title: string;
  readonly licence: string;
  readonly generator: string;
  readonly size: number;
  readonly sha256: string;
  /** UnixFS, profile unixfs-v1-2025: the address the hall stores the file under. */
  readonly cid: string;
}

const FILES: readonly Pick<ManifestEntry, 'file' | 'title' | 'generator'>[] = [
  {
    file: 'demo/planetary-gearbox.step',
    title: 'Planetary gearbox on a foot, 143 parts',
    generator: 'demo/planetary-gearbox.ts',
  },
  {
    file: 'demo/planetary-gearbox.car',
    title: 'The same gearbox, imported: what an empty hall starts with',
    generator: '../server/cli/commands/seed.command.ts',
  },
  {
    file: 'demo/planetary-gearbox.webp',
    title: 'Picture of the demo project',
    generator: '../server/cli/commands/seed.command.ts',
  },
  {
    file: 'procedures/gearbox-assembly.procedure.json',
    title: 'Assemble the gearbox, 30 steps in English and Chinese',
    generator: 'procedures/gearbox-assembly.ts',
  },
  {
    file: 'procedures/pump-skid.procedure.json',
    title: 'Start up and shut down a pump skid, 30 steps in English and Chinese',
    generator: 'procedures/pump-skid.ts',
  },
  {
    file: 'procedures/lockout.procedure.json',
    title: 'Lock-out and tag-out of a press, 24 steps in English and Chinese',
    generator: 'procedures/lockout.ts',
  },
  {
    file: 'procedures/pump-seal.procedure.json',
    title: 'Replace the shaft seal of a pump, 22 steps in English and Chinese',
    generator: 'procedures/pump-seal.ts',
  },
  ...['carrier-done', 'gearbox-done', 'breaker-locked', 'guard-on'].map((id) => ({
    file: `pictures/${id}.png`,
    title: 'Picture of how it should look, for a sample job',
    generator: 'pictures/job-pictures.ts',
  })),
  {
    file: 'equipment/pump-skid.glb',
    title: 'Pump skid with tank, valves and panel, controls as nodes of their own',
    generator: 'equipment/pump-skid.ts',
  },
  {
    file: 'equipment/lockout-station.glb',
    title: 'Press with lock-out points, and hazards around it',
    generator: 'equipment/lockout-station.ts',
  },
];

export async function hashOf(file: string): Promise<{ size: number; sha256: string }> {
  const bytes = await readFile(new URL(`./${file}`, import.meta.url));
  return { size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

if (import.meta.main) {
  const { HeliaAssetStore } = await import('../server/assets/helia.store.ipfs.ts');
  const folder = await mkdtemp(join(tmpdir(), 'workhall-manifest-'));
  const store = new HeliaAssetStore(folder);
  await store.open();
  const entries: ManifestEntry[] = [];
  for (const entry of FILES) {
    const { cid } = await store.putFile(new Uint8Array(await readFile(new URL(`./${entry.file}`, import.meta.url))));
    entries.push({ ...entry, licence: 'Apache-2.0', ...(await hashOf(entry.file)), cid: cid.toString() });
  }
  await store.close();
  await rm(folder, { recursive: true, force: true });
  await writeFile(new URL('./manifest.json', import.meta.url), `${JSON.stringify(entries, null, 2)}\n`);
}
