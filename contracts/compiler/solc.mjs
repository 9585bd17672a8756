#!/usr/bin/env node
/**
 * The `solc` that forge calls (foundry.toml), on the JavaScript build of the compiler: forge runs with no download.
 * It understands only what forge asks for: `--version`, and standard JSON on standard input.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(import.meta.url);
const solc = require('solc');

/** forge passes the files it found itself; what they import in turn is read from here. */
function importFile(path) {
  try {
    const file = path.startsWith('@openzeppelin/') ? require.resolve(path) : resolve(import.meta.dirname, '..', path);
    return { contents: readFileSync(file, 'utf8') };
  } catch (error) {
    return { error: String(error) };
  }
}

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8'), { import: importFile }));
}
