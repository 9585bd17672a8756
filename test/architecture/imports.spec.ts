import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import rules from '../../.dependency-cruiser.mjs';
import { readSources } from './sources.ts';

/**
 * A reader that quietly finds nothing would pass every rule: with the wrong parser dependency-cruiser reads 0 modules
 * and reports success. The floor is raised as the code grows.
 */
const LEAST_MODULES = 200;

async function violations(folders: string[], baseDir = process.cwd()): Promise<{ modules: number; found: string[] }> {
  const ruleSet = { forbidden: rules.forbidden };
  const { output } = await cruise(folders, { ...rules.options, baseDir, validate: true, ruleSet } as never);
  const { totalCruised, violations: broken } = (output as ICruiseResult).summary;
  return { modules: totalCruised, found: broken.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`) };
}

test('every import keeps to the allowed edges of .dependency-cruiser.mjs', async () => {
  const { modules, found } = await violations(['protocol', 'server', 'client']);
  expect(found).toEqual([]);
  expect(modules).toBeGreaterThan(LEAST_MODULES);
}, 120_000);

test('a planted violation of each kind is found, so the rules really look', async () => {
  const files = {
    'server/design/bad.ts': `
      import { Client } from 'pg';
      import { ethers } from 'ethers';
      import { Server } from '@colyseus/core';
      import { inner } from '../assets/inner.ts';
      import type { Page } from '../../client/page.ts';
      import { gone } from './gone.ts';
      export const bad = [Client, ethers, Server, inner, gone] as unknown as Page;`,
    'server/assets/inner.ts': `import { bad } from '../design/bad.ts'; export const inner = () => bad;`,
    'server/platform/knowing.ts': `export { inner } from '../assets/inner.ts';`,
    'protocol/impure.ts': `import { readFileSync } from 'node:fs'; import '../server/assets/inner.ts'; readFileSync('x');`,
    'client/net/heavy.ts': `export { Scene } from '@babylonjs/core/scene.js'; export * from '../scene/view.ts';`,
    'client/scene/view.ts': `export const view = 1;`,
    'client/page.ts': `export interface Page { name: string } export * from '../server/assets/inner.ts';`,
  };
  const checkout = mkdtempSync(join(tmpdir(), 'workhall-planted-'));
  try {
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(checkout, path)), { recursive: true });
      writeFileSync(join(checkout, path), text);
    }
    const { found } = await violations(['protocol', 'server', 'client'], checkout);
    const broken = new Set(found.map((line) => line.split(':')[0]!));
    expect([...broken].sort()).toEqual(
      [
        ...['client-through-protocol', 'door-babylon', 'door-colyseus', 'door-database-driver', 'door-ethers'],
        ...['edges-of-assets', 'layer-net', 'net-is-headless', 'no-cycles', 'no-unknown', 'one-door'],
        ...['platform-knows-no-domain', 'protocol-alone', 'protocol-pure', 'server-without-client'],
      ].sort(),
    );
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});

test('the environment is read in server/platform/config alone', () => {
  const readers = readSources(['server', 'protocol', 'client', 'contracts'])
    .filter(
      ({ path }) => !path.startsWith('server/platform/config/') && !/\.(spec|bench)\.tsx?$|\.config\.ts$/.test(path),
    )
    .filter(({ text }) =>
      /\bprocess\.env\b|from 'node:process'|import\.meta\.env\.(?!DEV|PROD|BASE_URL|MODE|VITE_)/.test(text),
    )
    .map(({ path }) => path);
  expect(readers).toEqual([]);
});

test('rules and reducers ask no clock and no dice: time and ids come in the op', () => {
  const impure = readSources(['protocol'])
    .filter(({ path }) => !/\.(spec|fixtures?)\.ts$/.test(path))
    .filter(({ text }) =>
      /\bDate\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|crypto\.getRandomValues/.test(
        withoutComments(text),
      ),
    )
    .map(({ path }) => path);
  expect(impure).toEqual([]);
});

test('no file hides behind a name that says nothing', () => {
  const nameless = readSources(['server', 'protocol', 'client', 'contracts', 'test', 'scripts'])
    .map(({ path }) => path)
    .filter((path) => /(^|\/)(utils?|helpers?|common|misc|manager)(\/|\.|-)|-(utils?|helpers?|manager)\./.test(path));
  expect(nameless).toEqual([]);
});

test('a file past 400 lines opens with why it is one thing', () => {
  const long = readSources(['server', 'protocol', 'client', 'contracts', 'test', 'scripts'])
    .filter(({ path, text }) => text.split('\n').length > 400 && !/strings|generated|fixtures?/.test(path))
    .filter(({ text }) => !text.slice(0, text.search(/^(export|const|class|function) /m)).includes('/**'))
    .map(({ path }) => path);
  expect(long).toEqual([]);
});

test('the server reads its edges for every domain folder it has', () => {
  const domains = new Set(
    readSources(['server'])
      .map(({ path }) => path.split('/')[1]!)
      .filter((name) => !name.includes('.')),
  );
  for (const technical of ['platform', 'rooms', 'cli']) domains.delete(technical);
  const config = readFileSync('.dependency-cruiser.mjs', 'utf8');
  for (const domain of domains) expect(config, `edges of ${domain}`).toMatch(new RegExp(`^  ${domain}: \\[`, 'm'));
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
}
