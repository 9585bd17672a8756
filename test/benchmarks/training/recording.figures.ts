import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeBody } from '#protocol/presence/index';
import { packMotion, unpackMotion, type MotionSample } from '#protocol/training/index';
import { percentile, type Figure, type Part } from '../figures.ts';
import { Wanderer } from '../rooms/wanderer.ts';

const PEOPLE = 8;
const MINUTES = 60;
const STEP_MS = 50;
const CHUNK_MS = 10_000;
const SEEKS = 200;

export const recording: Part = { name: 'recording', measure: () => Promise.resolve(measure()) };

/** An hour of eight people with headset and two controllers, in the chunks in which the hall keeps it. */
function measure(): Figure[] {
  const input = createHash('sha256');
  const output = createHash('sha256');
  const chunks: Uint8Array[][] = [];
  let bytes = 0;
  for (let n = 0; n < PEOPLE; n++) {
    const person = new Wanderer(n + 1);
    const own: Uint8Array[] = [];
    for (let fromMs = 0; fromMs < MINUTES * 60_000; fromMs += CHUNK_MS) {
      const samples: MotionSample[] = [];
      for (let atMs = fromMs; atMs < fromMs + CHUNK_MS; atMs += STEP_MS)
        samples.push({ atMs, body: encodeBody(person.bodyAt(atMs), atMs & 0xffff) });
      for (const { atMs, body } of samples) input.update(`${atMs}`).update(body);
      own.push(deflateRawSync(packMotion(samples)));
    }
    bytes += own.reduce((sum, { length }) => sum + length, 0);
    chunks.push(own);
  }
  for (const own of chunks)
    for (const chunk of own)
      for (const { atMs, body } of unpackMotion(inflateRawSync(chunk))!) output.update(`${atMs}`).update(body);
  if (input.digest('hex') !== output.digest('hex')) throw new Error('what came out is not what went in');
  const seeks = Array.from({ length: SEEKS }, (_, n) => {
    const startMs = performance.now();
    const at = (n * 97) % chunks[0]!.length;
    for (const own of chunks) unpackMotion(inflateRawSync(own[at]!));
    return performance.now() - startMs;
  });
  const note = `${PEOPLE} people, ${MINUTES} min, head and two hands at 20 Hz; every byte came out as it went in`;
  return [
    { name: 'recording of an hour', measured: bytes / 1e6, unit: 'MB', note },
    {
      name: 'jump to a moment, all eight read and unpacked, p99',
      measured: percentile(seeks, 0.99),
      unit: 'ms',
      target: 300,
      note: `${note}; without the way from the database`,
    },
  ];
}
