import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { sheetFor, usedComponents } from './used-styles.vite.ts';

const require = createRequire(import.meta.url);
const whole = readFileSync(require.resolve('@mantine/core/styles.css'), 'utf8');
const index = readFileSync(require.resolve('@mantine/core').replace(/cjs.index\.cjs$/, 'esm/index.mjs'), 'utf8');

it('put together for all components, it is the style sheet that Mantine ships, to the letter', () => {
  const all = [...index.matchAll(/import \{([^}]*)\} from/g)].flatMap(([, names]) => names!.split(','));
  expect(sheetFor(new Set(all.map((name) => name.trim().split(' as ').at(-1)!))).replaceAll(/\s/g, '')).toBe(
    whole.replaceAll(/\s/g, ''),
  );
});

it('a component brings along what it is made of, and nothing else', () => {
  const sheet = sheetFor(new Set(['Button']));
  const rootOf = (name: string) => {
    const path = require.resolve('@mantine/core').replace(/cjs.index\.cjs$/, `esm/components/${name}.module.mjs`);
    return readFileSync(path, 'utf8').match(/"(m_\w+)"/)![1]!;
  };
  for (const part of ['Button/Button', 'UnstyledButton/UnstyledButton', 'Loader/Loader'])
    expect(sheet).toContain(rootOf(part));
  expect(sheet).not.toContain(rootOf('AppShell/AppShell'));
  expect(sheet).toContain('--mantine-z-index-modal');
});

it('the pages of this house need a part of it', () => {
  const used = usedComponents(import.meta.dirname);
  expect(used).toContain('Button');
  // Imported by Mantine's notices, by no page of ours alone.
  expect(used).toContain('OptionalPortal');
  expect(sheetFor(used).length).toBeLessThan(0.8 * whole.length);
});
