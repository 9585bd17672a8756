import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium } from '../../support/chromium.ts';
import { openProject, signIn, solid, until, type Person } from '../../support/people.ts';
import { startHall, type Hall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';
import { signedInPage } from '../../support/signed-in-page.ts';

const PARTS = 2_000;
/** Times the room is entered; the figure is the median, the note tells the worst. */
const JOINS = 5;

/** A room of two thousand parts: how long until somebody who enters can work, and what the others feel of it. */
export const join: Part = {
  name: 'join',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    const executablePath = findChromium();
    const browser = executablePath ? await chromium.launch({ executablePath, args: CHROMIUM_ARGS }) : null;
    try {
      const ann = await signIn(hall.url, 'Ann');
      const room = await roomOf(ann);
      const figures = [await headless(ann, room)];
      if (browser) figures.push(...(await inBrowser(hall, browser, ann, room)));
      return figures;
    } finally {
      await browser?.close();
      await hall.stop();
    }
  },
};

async function roomOf(ann: Person): Promise<string> {
  const { room } = await openProject(ann);
  const session = await ann.enter(room);
  for (let from = 0; from < PARTS; from += 500) {
    const kinds = ['box', 'cylinder', 'plate'] as const;
    const parts = Array.from({ length: 500 }, (_, i) => {
      const n = from + i;
      return solid(`part-${n}`, kinds[n % 3], {
        order: `a${String(n).padStart(5, '0')}`,
        poseInParent: { position: [(n % 50) * 0.25 - 6, 0.1, Math.floor(n / 50) * 0.25 - 5], rotation: [0, 0, 0, 1] },
      });
    });
    session.submit('parts.add', { parts });
  }
  await until('the parts are saved', () => session.pendingCount.get() === 0);
  await session.leave();
  return room;
}

async function headless(ann: Person, room: string): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < JOINS; i++) {
    const startMs = performance.now();
    const session = await ann.enter(room);
    times.push(performance.now() - startMs);
    await session.leave();
  }
  return {
    name: `bot has all ${PARTS} parts`,
    measured: percentile(times, 0.5),
    unit: 'ms',
    note: `${JOINS} joins, median`,
  };
}

async function inBrowser(hall: Hall, browser: Browser, ann: Person, room: string): Promise<Figure[]> {
  const machine = 'headless Chromium, WebGL in software, same two cores as the server';
  const entries: number[] = [];
  for (let i = 0; i < JOINS; i++) {
    const page = await signedInPage(hall, browser, ann);
    entries.push(await enter(page, hall, room));
    await page.context().close();
  }
  const witness = await signedInPage(hall, browser, ann);
  await enter(witness, hall, room);
  await watchFrames(witness);
  const quiet: number[] = [];
  const joined: number[] = [];
  // A and B interleaved: seconds with nobody coming in, and seconds in which somebody does. Who comes in is a bot,
  // because a person's own picture is drawn on their own machine.
  for (let i = 0; i < JOINS; i++) {
    quiet.push(await longestFrame(witness, () => sleep(1_000)));
    const longest = await longestFrame(witness, async () => {
      const session = await ann.enter(room);
      session.sendBody({ headInRoom: { position: [i, 1.7, 2], rotation: [0, 0, 0, 1] } });
      await sleep(1_000);
      await session.leave();
    });
    joined.push(longest);
  }
  return [
    {
      name: `first interactive frame with ${PARTS} parts`,
      measured: percentile(entries, 0.5) / 1000,
      unit: 's',
      target: 3,
      note: `${JOINS} joins, median; worst ${(Math.max(...entries) / 1000).toFixed(2)} s; ${machine}`,
    },
    {
      name: 'longest frame of somebody in the room while another joins',
      measured: percentile(joined, 0.5),
      unit: 'ms',
      target: 100,
      note: `${JOINS} joins, median; worst ${Math.max(...joined).toFixed(0)} ms; with nobody joining ${percentile(quiet, 0.5).toFixed(0)} ms; ${machine}`,
    },
  ];
}

/** Milliseconds from the click to the first frame that shows all parts and answers. */
async function enter(page: Page, hall: Hall, room: string): Promise<number> {
  const startMs = performance.now();
  await page.goto(`${hall.url}/room/${room}?test`);
  await page.waitForFunction(
    (parts) => {
      const hook = (
        globalThis as {
          __workhall?: {
            view: { loading: { get(): { total: number; loaded: number } } };
            session: { document: { get(): { tables: { get(name: string): { size: number } | undefined } } } };
          };
        }
      ).__workhall;
      if (!hook || hook.session.document.get().tables.get('parts')?.size !== parts) return false;
      const { total, loaded } = hook.view.loading.get();
      return loaded >= total;
    },
    PARTS,
    { timeout: 60_000, polling: 'raf' },
  );
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  return performance.now() - startMs;
}

async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const scope = globalThis as unknown as { longestFrameMs: number };
    let lastMs = performance.now();
    const onFrame = (nowMs: number) => {
      scope.longestFrameMs = Math.max(scope.longestFrameMs ?? 0, nowMs - lastMs);
      lastMs = nowMs;
      requestAnimationFrame(onFrame);
    };
    requestAnimationFrame(onFrame);
  });
}

async function longestFrame(page: Page, during: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => void ((globalThis as unknown as { longestFrameMs: number }).longestFrameMs = 0));
  await during();
  return page.evaluate(() => (globalThis as unknown as { longestFrameMs: number }).longestFrameMs);
}
