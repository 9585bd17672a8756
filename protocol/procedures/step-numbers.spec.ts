import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { aChapter, aProcedure, aStep } from '../../test/support/procedures.ts';
import { Procedure } from './procedure.ts';
import { stepNumbers } from './step-numbers.ts';

it('counts the steps of the main chapters from 1', async () => {
  const file = new URL('../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
  const numbers = stepNumbers(Procedure.parse(JSON.parse(await readFile(file, 'utf8'))));
  expect([numbers.get('protect'), numbers.get('input-key'), numbers.get('release')]).toEqual(['1', '8', '30']);
});

it('counts what runs inside a step behind it, and goes on with the next whole number', () => {
  const group = aStep('both', { body: { kind: 'parallel', branches: ['left', 'right'], needed: 2 } } as never);
  const subchapters = [aChapter('left', [aStep('l-1'), aStep('l-2')]), aChapter('right', [aStep('r-1')])];
  const numbers = stepNumbers(aProcedure([aStep('first'), group, aStep('last')], { subchapters } as never));
  expect([...numbers]).toEqual([
    ['first', '1'],
    ['both', '2'],
    ['last', '3'],
    ['l-1', '2.1'],
    ['l-2', '2.2'],
    ['r-1', '2.3'],
  ]);
});
