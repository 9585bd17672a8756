import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { equipmentFor } from '#protocol/equipment/index';
import { check } from '#protocol/procedures/index';
import { cidOfPicture } from '../pictures/picture-cid.ts';
import { fileOf, readProcedure, textOfProcedure } from './equipment-procedure.ts';
import { pumpSealProcedure } from './pump-seal.ts';

describe('the sample of a pump’s seal', () => {
  it('is what its generator writes today, with no finding in either language', async () => {
    const today = textOfProcedure(await pumpSealProcedure());
    expect(today === (await readFile(fileOf('pump-seal'), 'utf8')), 'run npm run generate:demo').toBe(true);
    expect(check(await readProcedure('pump-seal'))).toEqual([]);
  });

  it('can be trained on the simulated skid as well, and names its pictures by what is in them', async () => {
    const procedure = await readProcedure('pump-seal');
    expect(equipmentFor(procedure)?.about.id).toBe('pump-skid');
    for (const { id, cid } of procedure.workplace.media) expect(cid).toBe(await cidOfPicture(id));
  });
});
