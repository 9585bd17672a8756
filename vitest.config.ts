import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { defaultServerConditions } from 'vite';

/** `unit` runs in seconds beside the code; `integration` starts real servers; `e2e` drives a browser. */
const project = (name: string, include: string[], extra: object = {}) => ({
  resolve: { conditions: ['source', ...defaultServerConditions] },
  ssr: { resolve: { conditions: ['source', ...defaultServerConditions] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: { name, include, exclude: ['node_modules', 'dist'], environment: 'node', ...extra },
});

export default defineConfig({
  test: {
    // Most tests wait for servers and disks: two at once even where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project(
        'unit',
        ['{protocol,server,client,contracts,assets}/**/*.spec.ts', 'test/{architecture,protocol}/**/*.spec.ts'],
        { testTimeout: 30_000 },
      ),
      project('integration', ['test/{rooms,integration,contracts,conformance,simulation,network}/**/*.spec.ts'], {
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      project('e2e', ['test/e2e/**/*.spec.ts'], {
        testTimeout: 180_000,
        hookTimeout: 180_000,
        // Without it a browser gives no file a name that is not plain ASCII.
        env: { LC_ALL: 'C.UTF-8' },
      }),
    ],
  },
});
