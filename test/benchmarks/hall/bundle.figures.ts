import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../support/chromium.ts';
import { openProject, signIn } from '../../support/people.ts';
import { ROOM_ENTRY_LIMIT_KB, roomEntryOf } from '../../support/room-entry.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';
import { signedInPage } from '../../support/signed-in-page.ts';

/** What the browser loads to enter a room. */
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
      const { kB, files } = await roomEntryOf(await signedInPage(hall, browser, ann), hall.url, `/room/${room}`);
      return [
        {
          name: 'room entry before the model, gzip',
          measured: kB,
          unit: 'kB',
          target: ROOM_ENTRY_LIMIT_KB,
          note: `${files} scripts and style sheets`,
        },
      ];
    } finally {
      await browser.close();
      await hall.stop();
    }
  },
};
