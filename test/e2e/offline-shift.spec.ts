import { createServer, request as ask } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuidanceSession } from '#net/index';
import type { JobPage } from '../../client/features/guidance-room/job-context.tsx';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { shoot } from '../support/drawing.ts';
import '../support/headset.ts';
import { A_PHOTO } from '../support/jobs.ts';
import { idsInJournal, openShop, type Shop } from '../support/offline-shift.ts';
import { expectReadable } from '../support/pages.ts';
import { until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const PICTURES = fileURLToPath(new URL('../../test-output/offline-shift/', import.meta.url));

const PIN = '270354';
const SHIFT_MS = 8 * 3_600_000;

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
    shop = await openShop(hall, 1, { tools: [{ tool: 'wrench', device: 'W-1', typedOffline: true }] });
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
      (kept) => sessionStorage.getItem('test.other') ?? localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: ann.token, me }),
    );
    page = browser.pages()[0] ?? (await browser.newPage());
  }
  const enterJob = async () => {
    await page.goto(`${hall.url}/room/${room}?test&camera=none`);
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
    await shoot(page, { path: `${PICTURES}taken.png` });
    // A supervisor who may be needed leaves a key, with their own sign-in on this device.
    const hers = await pageOf(shop.owner);
    await hers.goto(`${hall.url}/shift`);
    await hers.getByLabel('PIN', { exact: true }).fill(PIN);
    await hers.getByRole('button', { name: 'Leave my key' }).click();
    await hers.getByText('Keys here: Olga').waitFor();
    await hers.close();

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
    await shoot(page, { path: `${PICTURES}without-hall.png` });
    const waiting = 5 + (await workAtTheBench());
    await isKept(waiting);
    await page.goto(`${hall.url}/shift`);
    await page.getByText(`${waiting} edits wait here`).waitFor();
    // A whole shift later it still opens: nothing on the device has run out.
    const later = await browser.newPage();
    await later.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, SHIFT_MS);
    await later.goto(`${hall.url}/room/${room}?test&camera=none`);
    await later.waitForFunction(() => window.__workhall?.session.document.get().tables.get('results')?.size === 3);
    await later.close();
    expect(await page.getByRole('button', { name: /^Let go of/ }).isDisabled()).toBe(true);

    hall = await startHall({ dataDir, env: { PORT: String(hall.port) } });
    await page.goto(`${hall.url}/`);
    await page.getByText(`${waiting} edits of yours are not sent yet.`).waitFor();
    await enterJob();
    await page.waitForFunction(() => window.__workhall.session.pendingCount.get() === 0, null, { timeout: 60_000 });
    await page.getByText(`${waiting} edits from your time away were sent.`).waitFor();
    // Release and measured value are named otherwise than what this counts.
    const ids = await idsInJournal(shop.ann, room, shop.ann.id);
    expect([ids.length, new Set(ids).size]).toEqual([waiting - 2, waiting - 2]);

    await page.goto(`${hall.url}/shift`);
    await page.getByRole('button', { name: /^Let go of/ }).click();
    await page.getByText('No job is on this device yet.').waitFor();
    expect(await page.evaluate(async () => (await (await caches.open('workhall.pages')).keys()).length)).toBe(0);
  });

  it('loads a new version of the page when somebody says so, and not under the hands of who is in a room', async () => {
    const { port } = hall;
    await hall.stop();
    hall = await startHall({ dataDir });
    const newer = await newerPageOf(hall, port);
    try {
      const other = await browser.newPage();
      await other.goto(`http://localhost:${port}/`);
      await other.evaluate(
        () =>
          new Promise<void>((resolve) => {
            const held = new Promise<void>((leave) => Object.assign(window, { leave }));
            void navigator.locks.request('workhall.in-room', { mode: 'shared' }, () => (resolve(), held));
          }),
      );
      await page.goto(`http://localhost:${port}/shift`);
      await page.getByText('A new version of Workhall is ready.').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Load it' }).click();
      await page.getByText('A room is open in another tab: close it first.').waitFor();
      await other.evaluate(() => (window as unknown as { leave(): void }).leave());
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Load it' }).click()]);
      await page.waitForFunction(async () => {
        const registration = await navigator.serviceWorker.getRegistration();
        return registration?.waiting === null && registration.active?.state === 'activated';
      });
      await page.getByText('This page opens without a network.').waitFor();
      expect(await page.getByText('A new version of Workhall is ready.').count()).toBe(0);
    } finally {
      await newer();
    }
  });

  /** From the first step to the last, away from the hall; how many acts that were. */
  async function workAtTheBench(): Promise<number> {
    await page.evaluate(
      ({ cid, by }) => {
        const session = window.__workhall.session as unknown as GuidanceSession;
        const kept = [
          session.submitJob('photo.add', { gate: 'bearing-photo', cid: cid as never, kind: 'picture' }),
          session.submitJob('job.act', { act: { type: 'mounted', by, thing: 'bearing' } as never }),
        ];
        for (const made of kept) if ('problem' in made) throw new Error(made.problem.message);
      },
      { cid: A_PHOTO, by: shop.ann.id },
    );
    // Her certificate is missing: Olga releases the step here, by her PIN and with a reason.
    await page.getByRole('button', { name: /^A skill is missing/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Shown how, under my eyes');
    await dialog.getByLabel('PIN', { exact: true }).fill('000000');
    await dialog.getByRole('button', { name: 'Release', exact: true }).click();
    await dialog.getByText('This is not the supervisor’s PIN.').waitFor();
    await dialog.getByLabel('PIN', { exact: true }).fill(PIN);
    await dialog.getByRole('button', { name: 'Release', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    // The tool that reports has no line here, the other one never had: both are read off and typed.
    const enter = async (value: string) => {
      await page
        .getByLabel(/^(Torque|Length), /)
        .first()
        .fill(value);
      await page.getByRole('button', { name: 'Enter', exact: true }).first().click();
    };
    const isAt = (step: string) =>
      page.waitForFunction((wanted) => {
        const { job } = window.__workhall as unknown as { job: { page: JobPage } };
        return job.page.steps.at(-1)?.active.step === wanted;
      }, step);
    await page
      .getByText(/type what it shows/)
      .first()
      .waitFor();
    await enter('25');
    await page.waitForFunction(() => window.__workhall.session.document.get().tables.get('results')?.size === 1);
    await enter('25.5');
    await isAt('gap');
    await enter('0.2');
    await isAt('clean');
    await page.locator('body').press('PageDown');
    await isAt('press');
    await enter('24');
    await isAt('inspect');
    await shoot(page, { path: `${PICTURES}at-the-bench.png` });
    return 8;
  }

  /** Somebody else's sign-in in a tab of this browser. */
  async function pageOf({ id, name, token }: Person): Promise<Page> {
    const opened = await browser.newPage();
    await opened.goto(`${hall.url}/`);
    const me = { id, name, badge: 'guest', address: null, addressKind: null };
    await opened.evaluate((kept) => {
      sessionStorage.setItem('test.other', 'yes');
      localStorage.setItem('workhall.session', kept);
    }, JSON.stringify({ token, me }));
    return opened;
  }
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

/** The same hall at another port, with a page that is newer by a word. Returns what ends it. */
async function newerPageOf({ port: hallPort }: Hall, port: number): Promise<() => Promise<void>> {
  const proxy = createServer((asked, answer) => {
    const { url = '/', method, headers } = asked;
    const isWorker = url === '/service-worker.js';
    const options = { host: '127.0.0.1', port: hallPort, path: url, method, headers };
    const onward = ask({ ...options, headers: isWorker ? {} : headers }, (came) => {
      if (!isWorker) return void came.pipe(answer.writeHead(came.statusCode!, came.headers));
      const parts: Buffer[] = [];
      came.on('data', (part: Buffer) => parts.push(part));
      came.on('end', () =>
        answer
          .writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' })
          .end(Buffer.concat([...parts, Buffer.from('\n// newer')])),
      );
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  return async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  };
}
