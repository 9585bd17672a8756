/** Turns compiled contracts into the typed modules of `contracts/abi/`. */
import { format, resolveConfig } from 'prettier';
import { compileContracts, contractsDir } from './compile.ts';

/** What the server and the client speak to, and which of them are deployed by us (bytecode included). */
const PUBLISHED = [
  { contract: 'WorkhallRevisions', file: 'workhall-revisions.ts', constant: 'workhallRevisions' },
  { contract: 'RoyaltySplitter', file: 'royalty-splitter.ts', constant: 'royaltySplitter' },
] as const;

/**
 * File name → file text, formatted as everything in the repository. The result depends on the Solidity sources alone: the
 * freshness test compares it with the committed files.
 */
export async function abiSources(): Promise<Map<string, string>> {
  const compiled = compileContracts();
  const style = await resolveConfig(contractsDir);
  const sources = new Map<string, string>();
  for (const { contract, file, constant } of PUBLISHED) {
    const found = compiled.get(contract);
    if (!found) throw new Error(`${contract} is not among the compiled contracts`);
    const text = [
      `/** Generated from contracts/${contract}.sol by \`node contracts/compiler/generate.ts\`; do not edit. */`,
      `export const ${constant}Abi = ${JSON.stringify(found.abi)} as const;`,
      ``,
      `export const ${constant}Bytecode = '${found.bytecode}';`,
    ].join('\n');
    sources.set(file, await format(text, { ...style, parser: 'typescript' }));
  }
  return sources;
}
