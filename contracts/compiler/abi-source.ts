/** Turns compiled contracts into the typed modules of `contracts/abi/`. */
import { compileContracts } from './compile.ts';

/** What the server and the client speak to, and which of them are deployed by us (bytecode included). */
const PUBLISHED = [
  { contract: 'WorkhallRevisions', file: 'workhall-revisions.ts', constant: 'workhallRevisions' },
  { contract: 'RoyaltySplitter', file: 'royalty-splitter.ts', constant: 'royaltySplitter' },
] as const;

/** File name → file text. Pure over the Solidity sources: the freshness test compares it with the committed files. */
export function abiSources(): Map<string, string> {
  const compiled = compileContracts();
  return new Map(
    PUBLISHED.map(({ contract, file, constant }) => {
      const found = compiled.get(contract);
      if (!found) throw new Error(`${contract} is not among the compiled contracts`);
      const entries = found.abi.map((entry) => `  ${JSON.stringify(entry)},`).join('\n');
      return [
        file,
        [
          `// Generated from contracts/${contract}.sol by \`node contracts/compiler/generate.ts\`; do not edit.`,
          `export const ${constant}Abi = [`,
          entries,
          `] as const;`,
          ``,
          `export const ${constant}Bytecode =\n  '${found.bytecode}';`,
          ``,
        ].join('\n'),
      ];
    }),
  );
}
