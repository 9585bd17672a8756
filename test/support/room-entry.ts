import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import './headset.ts';

/** What the code of the room may weigh until the first picture, kB of gzip: about a second at 8 Mbit/s. */
export const ROOM_ENTRY_LIMIT_KB = 900;

/**
 * What the browser loads to enter a room: every script and style sheet up to the first picture of an empty room, kB of
 * gzip. The page is signed in; `path` leads to a room.
 */
export async function roomEntryOf(page: Page, hallUrl: string, path: string): Promise<{ kB: number; files: number }> {
  const loaded = new Set<string>();
  const note = (request: { url(): string }) => void loaded.add(request.url());
  page.on('request', note);
  await page.goto(`${hallUrl}${path}?test`);
  await page.waitForFunction(() => (window.__workhall?.bench.stage.framesDrawn ?? 0) > 0);
  page.off('request', note);
  const code = [...loaded].filter((url) => /\.(js|css)$/.test(new URL(url).pathname));
  // The same measure whatever the server sends: it prefers brotli, which is smaller still.
  const sizes = await Promise.all(
    code.map(async (url) => gzipSync(await fetch(url).then((answer) => answer.bytes()), { level: 9 }).length),
  );
  return { kB: sizes.reduce((sum, size) => sum + size, 0) / 1000, files: sizes.length };
}
