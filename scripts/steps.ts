import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** One thing that must hold: a program of the checkout that exits with 0. */
export interface Step {
  readonly name: string;
  /** Path of a script below the checkout, and its arguments; run by this Node. */
  readonly command: readonly [string, ...string[]];
  /** Shows the output while it runs; otherwise only when the step fails. */
  readonly isLive?: boolean;
}

const SOURCES = ['protocol', 'server', 'client', 'contracts', 'test', 'scripts', 'bin'];
const VITEST = 'node_modules/vitest/vitest.mjs';

export const types: Step = { name: 'types', command: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json'] };
export const lint: Step = {
  name: 'lint',
  // Folders by name: without them oxlint walks node_modules wherever git does not tell it to stop.
  command: ['node_modules/oxlint/bin/oxlint', '--deny-warnings', ...SOURCES],
};
export const format: Step = {
  name: 'format',
  command: [
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '--log-level',
    'warn',
    ...SOURCES.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`),
  ],
};
export const lockfile: Step = { name: 'lockfile', command: ['scripts/complete-lockfile.ts', '--check'] };
export const unused: Step = {
  name: 'unused files and dependencies',
  // The build's tsconfig tells knip that dist/protocol, where #protocol leads, is made from protocol/.
  command: [
    'node_modules/knip/bin/knip.js',
    '--tsConfig',
    'tsconfig.build.json',
    '--include',
    'files,dependencies,unlisted,unresolved',
  ],
};
export const unit: Step = {
  name: 'architecture and unit',
  command: [VITEST, 'run', '--project', 'unit', '--reporter', 'dot'],
};

/** True when it holds. */
export async function run(step: Step): Promise<boolean> {
  const startMs = performance.now();
  const child = spawn(process.execPath, step.command, {
    cwd: ROOT,
    stdio: ['ignore', step.isLive ? 'inherit' : 'pipe', step.isLive ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once('exit', (exitCode) => resolve(exitCode ?? 1)));
  if (code !== 0) console.log(output);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok  ' : 'NOT '} ${step.name} (${seconds} s)`);
  return code === 0;
}

/** True when this file is the program, not an import. */
export function isProgram(meta: ImportMeta): boolean {
  return process.argv[1] !== undefined && meta.filename === join(process.argv[1]);
}
