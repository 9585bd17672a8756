import 'reflect-metadata';
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APP_ROOT } from '../platform/config/index.ts';
import { explain } from '../platform/explain.ts';
import { commands } from './commands/index.ts';

const { version } = JSON.parse(readFileSync(join(APP_ROOT, 'package.json'), 'utf8')) as Record<string, string>;
/** In the words of the README. */
const SUMMARY =
  'An open-source industrial metaverse collaboration server: shared XR rooms in which people design a product together, and own what they made.';
const program = new Command('workhall').version(version!).description(SUMMARY);
for (const command of commands) command.register(program);

try {
  await program.parseAsync();
} catch (thrown) {
  console.error(`\n${explain(thrown)}\n`);
  process.exit(1);
}
