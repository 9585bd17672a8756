import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../support/chromium.ts';
import { openProject, signIn } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';
import { signedInPage } from './signed-in-page.ts';

/** What the browser loads to enter a room: every script and style sheet up to the first picture of an empty room. */
export const bundle: Part = {
  name: 'bundle',
  async measure(): Promise<Figure[]> {
    const executablePath = findChromium();
    if (!executablePath) return [];
    const hall = await startHall();
    const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
    try {
      const ann = await signIn(hall.url, 'Ann');
      const { room } = await openProject(ann);
      const page = await signedInPage(hall, browser, ann);
      const loaded = new Set<string>();
      page.on('request', (request) => void loaded.add(request.url()));
      await page.goto(`${hall.url}/room/${room}?test`);
      await page.waitForFunction(
        () =>
          ((globalThis as { __workhall?: { bench: { stage: { framesDrawn: number } } } }).__workhall?.bench.stage
            .framesDrawn ?? 0) > 0,
      );
      const code = [...loaded].filter((url) => /\.(js|css)$/.test(new URL(url).pathname));
      // The same measure whatever the server sends: it prefers brotli, which is smaller still.
      const sizes = await Promise.all(
        code.map(async (url) => gzipSync(await fetch(url).then((answer) => answer.bytes()), { level: 9 }).length),
      );
      return [
        {
          name: 'room entry before the model, gzip',
          measured: sizes.reduce((sum, size) => sum + size, 0) / 1000,
          unit: 'kB',
          target: 900,
          note: `${sizes.length} scripts and style sheets`,
        },
      ];
    } finally {
      await browser.close();
      await hall.stop();
    }
  },
};
