import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fileOf, jobPicture } from './job-pictures.ts';

it('the picture of the carrier is what its generator draws today', async () => {
  const { png } = await jobPicture('carrier-done');
  expect(Buffer.compare(png, await readFile(fileOf('carrier-done'))), 'run npm run generate:demo').toBe(0);
}, 30_000);
