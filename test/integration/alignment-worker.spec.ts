import { createServer, type Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import QRCode from 'qrcode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, defaultClientConditions } from 'vite';
import { exactCamera, tagModules, type Camera } from '#protocol/alignment/index';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { shoot, type PrintedMarker } from '../support/rendered-camera.ts';
import type { MarkerEye, Seen } from '../../client/align/index.ts';

/** The worker as people have it: bundled, in a real browser, with nothing to be had from anywhere but its own origin. */
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const executablePath = findChromium();
let folder: string;
let server: Server;
let browser: Browser;
let origin: string;
const asked: string[] = [];

beforeAll(async () => {
  if (!executablePath) return;
  folder = mkdtempSync(join(tmpdir(), 'workhall-align-'));
  await build({
    root: resolve('client'),
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      outDir: folder,
      copyPublicDir: false,
      target: 'es2023',
      rollupOptions: { input: resolve('client/align/index.ts'), preserveEntrySignatures: 'strict' },
    },
  });
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(pageOf(folder));
    else if (path.startsWith('/assets/')) {
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
      response.end(readFileSync(join(folder, path)));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}, 180_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A page that offers the bundle to the test (the test's own imports are rewritten by its runner). */
function pageOf(built: string): string {
  const entry = readdirSync(join(built, 'assets')).find((name) => /^index-.*\.js$/.test(name))!;
  return `<!doctype html><script type="module">import { MarkerEye } from '/assets/${entry}'; globalThis.MarkerEye = MarkerEye;</script>`;
}

const camera: Camera = exactCamera({
  widthPx: 640,
  heightPx: 480,
  focalPx: [700, 700],
  centrePx: [320, 240],
  radial: [0, 0],
});

test.skipIf(!executablePath)(
  'in a browser, tags and codes are found beside the page; the reader of codes comes only when asked for, from our origin',
  async () => {
    const modules = tagModules(7);
    const code = QRCode.create('order 4711').modules;
    const at = (x: number): PrintedMarker['poseInCamera'] => ({
      position: [x, 0, -0.6],
      rotation: [0.1, 0.05, 0, 0.9937],
    });
    const picture = shoot(
      camera,
      [
        { modules: 8, margin: 2, sizeM: 0.12, poseInCamera: at(-0.12), inkAt: (c, r) => !modules[r * 8 + c] },
        { modules: code.size, margin: 4, sizeM: 0.12, poseInCamera: at(0.12), inkAt: (c, r) => code.get(r, c) === 1 },
      ],
      { seed: 5, clutter: 10 },
    );
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(origin);
    await page.waitForFunction(() => 'MarkerEye' in globalThis);
    const look = (withCodes: boolean): Promise<Seen | null> =>
      page.evaluate(
        async ({ base64, widthPx, heightPx, codes }) => {
          const { MarkerEye: Eye } = globalThis as unknown as { MarkerEye: new () => MarkerEye };
          const eye = new Eye();
          const grey = () => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
          const first = eye.look({ widthPx, heightPx, pixels: grey(), isGray: true }, { withCodes: codes });
          // A second frame while the first is looked at is left out.
          if ((await eye.look({ widthPx, heightPx, pixels: grey(), isGray: true })) !== null) throw new Error('queued');
          const seen = await first;
          eye.dispose();
          return seen;
        },
        {
          base64: Buffer.from(picture.data).toString('base64'),
          widthPx: 640,
          heightPx: 480,
          codes: withCodes,
        },
      );
    const tagsOnly = await look(false);
    expect(tagsOnly!.tags.map((one) => one.code)).toEqual(['36h11/7']);
    expect(asked.filter((path) => path.endsWith('.wasm'))).toEqual([]);
    const both = await look(true);
    expect(both!.codes.map(({ format, text }) => [format, text])).toEqual([['qr', 'order 4711']]);
    expect(both!.codes[0]!.sighting?.code).toBe('qr/order 4711');
    expect(asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
    await page.close();
  },
  120_000,
);
