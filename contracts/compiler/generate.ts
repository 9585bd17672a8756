/** `node contracts/compiler/generate.ts` writes `contracts/abi/*.ts` from the Solidity sources. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { abiSources } from './abi-source.ts';
import { contractsDir } from './compile.ts';

for (const [file, text] of await abiSources()) {
  writeFileSync(join(contractsDir, 'abi', file), text);
  process.stdout.write(`contracts/abi/${file}\n`);
}
