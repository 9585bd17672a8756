/** Damaged files: whatever comes in, the answer is a shape or a problem of scope `import`, and the process lives on. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import { ImportLimits } from '../../server/assets/import/index.ts';
import { runInThread } from '../../server/assets/import/import-thread.ts';
import { IS_FULL } from '../support/full.ts';
import { cubeStl, pyramidGlb } from '../support/import-samples.ts';

const SAMPLES = join(dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')), 'test/testfiles');
/** Change it to try other damage; the name of the test says which one ran. */
const SEED = 20261121;
const ROUNDS = IS_FULL ? 14 : 4;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workhall-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** mulberry32: the seed is printed with a failure, so that it can be run again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const how = random();
  if (how < 0.3) return bytes.slice(0, Math.floor(random() * bytes.length));
  const harmed = bytes.slice();
  if (how < 0.45) return harmed.fill(Math.floor(random() * 256), Math.floor(random() * bytes.length));
  if (how < 0.6) {
    const from = Math.floor(random() * bytes.length);
    harmed.copyWithin(from, Math.floor(random() * bytes.length), bytes.length);
    return harmed;
  }
  for (let i = 0; i < 1 + random() * 200; i++)
    harmed[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
  return harmed;
}

describe.each<[string, () => Promise<Uint8Array>]>([
  ['STEP', () => readFile(join(SAMPLES, 'cax-if/dm1-id-214.stp'))],
  ['IGES', () => readFile(join(SAMPLES, 'cube-10x10mm/Cube 10x10.igs'))],
  ['GLB', pyramidGlb],
  ['STL', () => Promise.resolve(cubeStl(10))],
])('damaged %s files', (name, original) => {
  it(`end in a shape or a problem (seed ${SEED}, ${ROUNDS} rounds)`, { timeout: 180_000 }, async () => {
    const bytes = new Uint8Array(await original());
    const random = seeded(SEED);
    const outcomes: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const filePath = join(folder, `${name}-${round}`);
      await writeFile(filePath, damage(bytes, random));
      const limits = { ...new ImportLimits(), timeoutMs: 10_000, heapMiB: 512, wasmBytes: 400_000_000 };
      outcomes.push(
        await runInThread({ fileName: name, filePath }, limits, AbortSignal.timeout(60_000), () => undefined).then(
          (output) => (output.shapes.length > 0 ? 'shape' : 'nothing'),
          (thrown: unknown) =>
            thrown instanceof WorkhallError
              ? `${thrown.problem.scope}.${thrown.problem.key} ${String(thrown.problem.facts['reason'] ?? '')}`
              : String(thrown),
        ),
      );
    }
    expect(outcomes.filter((outcome) => !/^(shape$|import\.(?!importer_failed))/.test(outcome))).toEqual([]);
    expect(outcomes.some((outcome) => outcome.startsWith('import.'))).toBe(true);
  });
});
