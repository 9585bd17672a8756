import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';

const ALL = createRequire(import.meta.url).resolve('@mantine/core/styles.css');
const core = dirname(ALL);
const CLASS = /\bm_[0-9a-f]{5,8}\b/g;

/**
 * Leaves out of Mantine's style sheet the components that no page uses: a third of it, and every page waits for it. The
 * sheet is put together again from Mantine's own sheet per component, in the order of the whole one. While developing
 * the whole one is served.
 */
export function usedStyles(pages: string): Plugin {
  return {
    name: 'workhall:used-styles',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (id.split('?')[0] === ALL ? sheetFor(usedComponents(pages)) : null),
  };
}

/** Names that our pages and Mantine's other packages import from its core. */
export function usedComponents(pages: string): Set<string> {
  const others = ['notifications', 'dropzone'].map((name) => join(core, '..', name, 'esm'));
  const names = new Set<string>();
  for (const folder of [pages, ...others])
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(tsx?|mjs)$/.test(file)) continue;
      const source = readFileSync(join(folder, file), 'utf8');
      for (const [, list] of source.matchAll(/import \{([^}]*)\} from ['"]@mantine\/core['"]/g))
        for (const word of list!.split(',')) names.add(word.trim().split(' ')[0]!);
    }
  return names;
}

/** Mantine's style sheet for these components and all that they are made of. */
export function sheetFor(components: ReadonlySet<string>): string {
  const classes = classesOf(components);
  const all = readFileSync(ALL, 'utf8');
  const place = (sheet: string) => all.indexOf(sheet.trim());
  return readdirSync(join(core, 'styles'))
    .filter((name) => name.endsWith('.css') && !name.endsWith('.layer.css'))
    .map((name) => readFileSync(join(core, 'styles', name), 'utf8'))
    .filter((sheet) => (sheet.match(CLASS) ?? [null]).some((one) => one === null || classes.has(one)))
    .toSorted((a, b) => place(a) - place(b))
    .join('\n');
}

/** The classes that these components put on their elements. */
function classesOf(components: ReadonlySet<string>): Set<string> {
  const index = readFileSync(join(core, 'esm', 'index.mjs'), 'utf8');
  const wanted: string[] = [];
  for (const [, names, path] of index.matchAll(/import \{([^}]*)\} from "(\.[^"]+)"/g))
    if (names!.split(',').some((name) => components.has(name.trim().split(' as ').at(-1)!)))
      wanted.push(join(core, 'esm', path!));
  const classes = new Set<string>();
  const seen = new Set<string>();
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    if (seen.has(path) || !existsSync(path)) continue;
    seen.add(path);
    const source = readFileSync(path, 'utf8');
    if (path.endsWith('.module.mjs')) for (const one of source.match(CLASS) ?? []) classes.add(one);
    for (const [, next] of source.matchAll(/from "(\.[^"]+)"/g)) wanted.push(join(dirname(path), next!));
  }
  if (classes.size === 0) throw new Error(`${relative(process.cwd(), core)} is not laid out as it was`);
  return classes;
}
