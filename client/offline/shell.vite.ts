import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const WORKER = fileURLToPath(new URL('./service-worker.ts', import.meta.url));
/** What opens without a network. Controllers of headsets, and fonts that few need, are kept when they are first used. */
const IN_SHELL = /\.(html|js|css|wasm|svg|png|webmanifest|glb)$|[\\/]inter-[^\\/]+\.woff2$/;
const NOT_IN_SHELL = /^xr[\\/]|service-worker\.js$|^assets[\\/]emulator-/;
const HASHED = /^assets[\\/].+-[\w-]{8,}\.\w+$/;

/**
 * The service worker, built after the page because it names every file of it. Only files that changed are fetched again:
 * those with a hash in their name are known by it, the others by their content.
 */
export function shellWorker({ outDir, define }: { outDir: string; define: Record<string, string> }): Plugin {
  return {
    name: 'workhall:shell-worker',
    apply: 'build',
    async closeBundle(failed) {
      // Called after a build that failed, too: then there is no page, and what failed is what people must read.
      if (failed) return;
      const names = (await readdir(outDir, { recursive: true })).filter(
        (name) => IN_SHELL.test(name) && !NOT_IN_SHELL.test(name),
      );
      const files = await Promise.all(
        names.toSorted().map(async (name) => ({
          url: `/${name.replaceAll('\\', '/')}`,
          revision: HASHED.test(name) ? null : await contentOf(join(outDir, name)),
        })),
      );
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { __SHELL__: JSON.stringify(files), ...define },
        resolve: { conditions: ['source'] },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'es2023',
          lib: { entry: WORKER, formats: ['iife'], name: 'workhallShell', fileName: () => 'service-worker.js' },
        },
      });
    },
  };
}

const contentOf = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16);
