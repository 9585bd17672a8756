import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { contractsDir } from '../../contracts/compiler/compile.ts';

/** Where the registry has forge for this machine; elsewhere `revisions.spec.ts` covers the behaviour alone. */
function findForge(): string | undefined {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  try {
    return createRequire(import.meta.url).resolve(`@foundry-rs/forge-${platform}/bin/forge`);
  } catch {
    return undefined;
  }
}

const forge = findForge();

test.skipIf(!forge)('fuzz tests and invariants hold in forge', { timeout: 180_000 }, () => {
  const run = spawnSync(forge!, ['test', '--root', '.', '--offline'], { cwd: contractsDir, encoding: 'utf8' });
  const summary = /(\d+) tests passed, (\d+) failed/.exec(run.stdout);
  expect(summary, `${run.stdout}\n${run.stderr}`).not.toBeNull();
  expect(Number(summary![2]), run.stdout).toBe(0);
  // A floor: a run that finds no tests would pass as well.
  expect(Number(summary![1])).toBeGreaterThanOrEqual(21);
});
