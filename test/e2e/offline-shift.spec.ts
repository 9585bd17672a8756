import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuidanceSession } from '#net/index';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import '../support/headset.ts';
import { idsInJournal, openShop, type Shop } from '../support/offline-shift.ts';
import { expectReadable } from '../support/pages.ts';
import { until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const PICTURES = fileURLToPath(new URL('../../test-output/offline-shift/', import.meta.url));

/** A browser on disk that is killed, a hall that goes away: the page itself, a job, what was done, and a picture. */
describe('a job taken along in a browser', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'workhall-shift-hall-'));
  const profile = mkdtempSync(join(tmpdir(), 'workhall-shift-browser-'));
  let hall: Hall;
  let shop: Shop;
  let room: string;
  let browser: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    hall = await startHall({ dataDir });
    shop = await openShop(hall, 1);
    room = shop.rooms[0]!;
    await open();
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.stop();
    for (const folder of [dataDir, profile]) rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<void> {
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium()!,
      args: CHROMIUM_ARGS,
      locale: 'en-GB',
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
    });
    const { ann } = shop;
    const me = { id: ann.id, name: ann.name, badge: 'guest', address: null, addressKind: null };
    await browser.addInitScript(
      (kept) => localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: ann.token, me }),
    );
    page = browser.pages()[0] ?? (await browser.newPage());
  }
  const enterJob = async () => {
    await page.goto(`${hall.url}/room/${room}?test`);
    await page.waitForFunction(() => window.__workhall?.session !== undefined, null, { timeout: 60_000 });
  };
  const scans = () => page.evaluate(() => window.__workhall.session.document.get().tables.get('scans')?.size ?? 0);
  const scan = (count: number) =>
    page.evaluate((times) => {
      const session = window.__workhall.session as unknown as GuidanceSession;
      const code = { part: '6208-2RS', serial: 'B-1', lot: null };
      for (let n = 0; n < times; n++) {
        const made = session.submitJob('part.scan', { thing: 'bearing' as never, code });
        if ('problem' in made) throw new Error(made.problem.message);
      }
    }, count);
  /** So many ops wait in the browser's database. */
  const isKept = (count: number) =>
    until(`the device keeps ${count} ops`, () =>
      page.evaluate(
        (wanted) =>
          new Promise<boolean>((resolve) => {
            const opening = indexedDB.open('workhall.outbox');
            opening.onsuccess = () => {
              const counting = opening.result.transaction('waiting').objectStore('waiting').count();
              counting.onsuccess = () => {
                opening.result.close();
                resolve(counting.result === wanted);
              };
            };
          }),
        count,
      ),
    );

  it('opens, works and is killed without a hall; with one again, everything is there once', async () => {
    await page.goto(`${hall.url}/shift`);
    await page.getByRole('checkbox', { name: /VALVE|Valve/ }).check();
    await page.getByRole('button', { name: 'Take 1 job along' }).click();
    await page.getByText(/^Ready until/).waitFor({ timeout: 60_000 });
    await page.getByText('This page opens without a network.').waitFor({ timeout: 90_000 });
    await expectReadable(page);
    await page.screenshot({ path: `${PICTURES}taken.png` });

    await hall.kill9();
    await enterJob();
    expect(await page.evaluate(() => window.__workhall.session.connection.get().state)).toBe('reconnecting');
    await scan(3);
    await isKept(3);
    await kill(profile);
    await open();
    await enterJob();
    expect(await scans()).toBe(3);
    await scan(2);
    await isKept(5);
    await page.screenshot({ path: `${PICTURES}without-hall.png` });
    await page.goto(`${hall.url}/shift`);
    await page.getByText('5 edits wait here').waitFor();
    expect(await page.getByRole('button', { name: /^Let go of/ }).isDisabled()).toBe(true);

    hall = await startHall({ dataDir, env: { PORT: String(hall.port) } });
    await page.goto(`${hall.url}/`);
    await page.getByText('5 edits of yours are not sent yet.').waitFor();
    await enterJob();
    await page.waitForFunction(() => window.__workhall.session.pendingCount.get() === 0, null, { timeout: 60_000 });
    await page.getByText('5 edits from your time away were sent.').waitFor();
    const ids = await idsInJournal(shop.ann, room, shop.ann.id);
    expect([ids.length, new Set(ids).size]).toEqual([5, 5]);

    await page.goto(`${hall.url}/shift`);
    await page.getByRole('button', { name: /^Let go of/ }).click();
    await page.getByText('No job is on this device yet.').waitFor();
    expect(await page.evaluate(async () => (await (await caches.open('workhall.pages')).keys()).length)).toBe(0);
  });
});

/** As a battery that is empty: every process of the browser with this profile ends at once. Linux only. */
async function kill(profile: string): Promise<void> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(profile));
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
  await until('the browser is gone', () => pids.every((pid) => !existsSync(`/proc/${pid}`) || commandOf(pid) === ''));
  // What a living browser takes away itself; without it the next one would think that it still runs.
  for (const name of ['SingletonLock', 'SingletonSocket', 'SingletonCookie'])
    rmSync(join(profile, name), { force: true });
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
