import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ImportStatus } from '#protocol/assets/import-status';
import { largeAssembly } from '../../support/large-assembly.ts';
import { signIn, type Person } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';

const AS1 = join(
  dirname(createRequire(import.meta.url).resolve('occt-import-js/package.json')),
  'test/testfiles/cax-if/as1-oc-214.stp',
);
const GEARBOX = new URL('../../../assets/demo/planetary-gearbox.step', import.meta.url);

/** From the first byte of the upload to the last shape stored and the structure in hand: what is left is to draw it. */
export const importing: Part = {
  name: 'import',
  async measure(): Promise<Figure[]> {
    const large = await largeAssembly();
    const hall = await startHall();
    try {
      const person = await signIn(hall.url, 'Importer');
      const figures: Figure[] = [];
      // The first import of a fresh server pays for compiling the CAD kernel; it is the one that counts.
      const as1 = await bring(hall.url, person, await readFile(AS1), 'as1-oc-214.stp');
      figures.push({
        name: 'as1 (STEP, 442 kB) ready to view',
        measured: as1.seconds,
        unit: 's',
        target: 3,
        note: `first import after the start; ${as1.note}`,
      });
      figures.push({
        name: 'as1: distinct parts stored',
        measured: as1.shapes,
        unit: 'count',
        target: 6,
        note: 'five, for eighteen placed',
      });
      const gearbox = await bring(hall.url, person, await readFile(GEARBOX), 'planetary-gearbox.step');
      figures.push({
        name: 'demo gearbox (STEP) ready to view',
        measured: gearbox.seconds,
        unit: 's',
        note: gearbox.note,
      });
      const rack = await bring(hall.url, person, large, 'rack.step');
      figures.push({
        name: 'assembly of 2 000 parts (STEP) ready to view',
        measured: rack.seconds,
        unit: 's',
        note: rack.note,
      });
      return figures;
    } finally {
      await hall.stop();
    }
  },
};

async function bring(
  hallUrl: string,
  person: Person,
  bytes: Uint8Array,
  name: string,
): Promise<{ seconds: number; shapes: number; note: string }> {
  const startMs = performance.now();
  const authorization = `Bearer ${person.token}`;
  const answer = await fetch(`${hallUrl}/api/imports?name=${name}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/octet-stream' },
    body: Buffer.from(bytes),
  });
  const { id } = (await answer.json()) as { id: string };
  // The event stream ends with the import: nothing is polled, so nothing is rounded up.
  await (await fetch(`${hallUrl}/api/imports/${id}/events`, { headers: { authorization } })).text();
  const seconds = (performance.now() - startMs) / 1000;
  const status = ImportStatus.parse(await person.ask('GET', `/api/imports/${id}`));
  if (!status.result) throw new Error(`${name}: ${status.state} ${status.problem?.message ?? ''}`);
  const { counts, figures } = status.result;
  const stages = Object.entries(figures).map(([stage, ms]) => `${stage} ${ms} ms`);
  return {
    seconds,
    shapes: counts.shapes,
    note: `${counts.placed} parts from ${counts.shapes} shapes, ${counts.triangles} triangles; ${stages.join(', ')}`,
  };
}
