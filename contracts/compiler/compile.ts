/** Compiles the contracts with the JavaScript build of solc; used by the ABI generator and by the freshness test. */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const require = createRequire(import.meta.url);
export const contractsDir = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Must equal foundry.toml: forge and the deployed bytes are the same program. */
export const SETTINGS = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 200 },
  // No metadata hash: the bytes depend on the code alone, not on comments or paths.
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
} as const;

const Output = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).optional(),
  contracts: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        abi: z.array(z.record(z.string(), z.unknown())),
        evm: z.object({
          bytecode: z.object({ object: z.string() }),
          deployedBytecode: z.object({ object: z.string() }),
        }),
      }),
    ),
  ),
});

export interface CompiledContract {
  name: string;
  abi: Record<string, unknown>[];
  bytecode: `0x${string}`;
  /** Bytes of run-time code; EIP-170 allows 24576. */
  deployedSize: number;
}

interface Solc {
  compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string;
}

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'forge' ? [] : solidityFiles(join(folder, entry.name));
    return entry.name.endsWith('.sol') ? [join(folder, entry.name)] : [];
  });
}

/** Throws with the compiler's own messages; warnings count, so that the sources stay clean. */
export function compileContracts(extra: readonly string[] = []): Map<string, CompiledContract> {
  const solc = require('solc') as Solc;
  const paths = [...solidityFiles(contractsDir), ...extra.map((file) => join(contractsDir, file))];
  const sources = Object.fromEntries(
    paths.map((path) => [relative(contractsDir, path), { content: readFileSync(path, 'utf8') }]),
  );
  const input = JSON.stringify({ language: 'Solidity', sources, settings: SETTINGS });
  const raw = solc.compile(input, {
    import: (path) => {
      if (!path.startsWith('@openzeppelin/')) return { error: `${path} is outside contracts/ and OpenZeppelin` };
      return { contents: readFileSync(require.resolve(path), 'utf8') };
    },
  });
  const output = Output.parse(JSON.parse(raw));
  const problems = (output.errors ?? []).filter((entry) => entry.severity !== 'info');
  if (problems.length > 0) throw new Error(problems.map((entry) => entry.formattedMessage).join('\n'));
  const compiled = new Map<string, CompiledContract>();
  for (const [file, contracts] of Object.entries(output.contracts)) {
    if (file.startsWith('@')) continue;
    for (const [name, contract] of Object.entries(contracts)) {
      compiled.set(name, {
        name,
        abi: contract.abi,
        bytecode: `0x${contract.evm.bytecode.object}`,
        deployedSize: contract.evm.deployedBytecode.object.length / 2,
      });
    }
  }
  return compiled;
}
