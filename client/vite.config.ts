import react from '@vitejs/plugin-react';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { shellWorker } from './offline/shell.vite.ts';
import { usedStyles } from './used-styles.vite.ts';
import { controllerProfiles } from './xr/profile-files.vite.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const outDir = join(here, '../dist/web');
/** Where `npm run dev` finds the server. */
const SERVER = `http://127.0.0.1:${process.env['PORT'] ?? '2567'}`;
const COMPRESSED = /\.(js|css|svg|wasm|json|webmanifest)$/;
const WORTH_COMPRESSING_BYTES = 1024;

/**
 * Leaves a `.br` and a `.gz` twin beside each text file, which the server hands out (platform/http/static-page.ts).
 * Brotli 9 instead of 11: 3 % larger, ten times faster to build.
 */
function compressedTwins(): Plugin {
  return {
    name: 'workhall:compressed-twins',
    apply: 'build',
    async writeBundle() {
      const names = await readdir(outDir, { recursive: true });
      for (const name of names.filter((file) => COMPRESSED.test(file))) {
        const path = join(outDir, name);
        if ((await stat(path)).size < WORTH_COMPRESSING_BYTES) continue;
        const brotli = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
        await Promise.all([
          pipeline(createReadStream(path), brotli, createWriteStream(`${path}.br`)),
          pipeline(createReadStream(path), createGzip({ level: 9 }), createWriteStream(`${path}.gz`)),
        ]);
      }
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [
    react(),
    usedStyles(here),
    controllerProfiles(),
    compressedTwins(),
    shellWorker({ outDir, define: { 'process.env.NODE_ENV': '"production"' } }),
  ],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: SERVER },
      '/matchmake': { target: SERVER },
      // Colyseus opens its sockets at /<process id>/<room id>; Vite's own socket is left alone.
      '^/[\\w-]{6,}/[\\w-]{6,}\\?': { target: SERVER, ws: true },
    },
  },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 2048,
  },
  worker: { format: 'es' },
});
