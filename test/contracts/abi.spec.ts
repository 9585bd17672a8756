import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { abiSources } from '../../contracts/compiler/abi-source.ts';
import { compileContracts, contractsDir, SETTINGS } from '../../contracts/compiler/compile.ts';

test('the committed ABI and bytecode are what the sources compile to', async () => {
  for (const [file, text] of await abiSources()) {
    const committed = readFileSync(join(contractsDir, 'abi', file), 'utf8');
    expect(committed === text, `contracts/abi/${file} is stale: run node contracts/compiler/generate.ts`).toBe(true);
  }
});

test('every contract fits the limit of EIP-170', () => {
  const sizes = [...compileContracts().values()].map(({ name, deployedSize }) => [name, deployedSize] as const);
  expect(sizes.length).toBeGreaterThanOrEqual(4);
  for (const [name, size] of sizes) expect(size, name).toBeLessThan(24_576);
});

test('forge compiles with the same settings as the deployed bytes', () => {
  const toml = readFileSync(join(contractsDir, 'foundry.toml'), 'utf8');
  expect(toml).toContain(`evm_version = "${SETTINGS.evmVersion}"`);
  expect(toml).toContain(`optimizer_runs = ${SETTINGS.optimizer.runs}`);
});
