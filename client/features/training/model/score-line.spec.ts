import { Command } from 'commander';
import { expect, it } from 'vitest';
import { scoreLine } from './score-line.ts';

it.each(['-begins-with-a-dash-0', 'begins-with-a-letter0'])('the printed line names the run %s', (run) => {
  let heard: unknown;
  const program = new Command('workhall').exitOverride();
  program
    .command('score <run>')
    .option('--journal <file>')
    .action((id, options) => (heard = { id, ...options }));
  program.parse(scoreLine('-room', run).split(' ').slice(2), { from: 'user' });
  expect(heard).toEqual({ id: run, journal: 'journal--room.cbor' });
});
