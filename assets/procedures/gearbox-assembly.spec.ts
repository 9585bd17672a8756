import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { check, Procedure, score, start, type Participant } from '#protocol/procedures/index';
import { Dice } from '../../test/support/design-arbitraries.ts';
import { Driver } from '../../test/support/procedure-driver.ts';
import { gearboxAssembly, textOfProcedure } from './gearbox-assembly.ts';

const file = await readFile(new URL('./gearbox-assembly.procedure.json', import.meta.url), 'utf8');
const procedure = Procedure.parse(JSON.parse(file));

describe('the sample procedure', () => {
  it('is what its generator writes today', async () => {
    expect(textOfProcedure(await gearboxAssembly()) === file, 'run npm run generate:demo').toBe(true);
  });

  it('has no finding, in either language', () => {
    expect(check(procedure)).toEqual([]);
  });

  it.each(['guided', 'practice', 'exam'] as const)('can be done from the gloves to the release in a %s run', (mode) => {
    const participants = [
      { id: 'ann', roles: ['fitter'], station: null },
      { id: 'ben', roles: ['inspector'], station: null },
    ] as unknown as Participant[];
    const options = { mode, seed: 1, participants, startedAtMs: 0 };
    const driver = new Driver(procedure, start(procedure, options).state, new Dice(1));
    const steps: string[] = [];
    for (let moves = 0; moves < 40 && driver.state.status === 'running'; moves++) {
      const { step } = driver.state.active[0]!;
      steps.push(step);
      // The outer bearing goes in first: who does it the other way round has to take one out again.
      if (step === 'bearings')
        for (const thing of ['bearing-6208-2', 'spacer', 'bearing-6208-1']) expect(driver.put(thing)).toBe(true);
      else expect(driver.attempt(step, 0), step).toBe(true);
    }
    expect(driver.state.status).toBe('completed');
    expect(steps).toHaveLength(30);
    expect(score(procedure, { ...options, events: driver.events })).toMatchObject({ points: 1000, isPassed: true });
  });
});
