import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import type { PartId } from '#protocol/ids';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { newContext, shoot } from '../support/drawing.ts';
import '../support/headset.ts';
import { expectReadable } from '../support/pages.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const PICTURES = fileURLToPath(new URL('../../test-output/offline/', import.meta.url));

/** A page in a browser, the server as a process of its own that is killed and comes back: what the device keeps. */
describe('a page whose server goes away', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'workhall-offline-'));
  let hall: Hall;
  let browser: Browser;
  let ann: Person;
  let ben: Person;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    hall = await startHall({ dataDir });
    browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
    [ann, ben] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Ben')]);
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const comeBack = async () => {
    hall = await startHall({ dataDir, env: { PORT: String(hall.port) } });
  };

  async function windowOf(person: Person, language = 'en-GB') {
    const context = await newContext(browser, {
      serviceWorkers: 'block',
      locale: language,
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
    });
    const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
    await context.addInitScript(
      (kept) => localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: person.token, me }),
    );
    return context;
  }

  async function enter(page: Page, room: string): Promise<void> {
    await page.goto(`${hall.url}/room/${room}?test`);
    await isIn(page);
  }

  const isIn = (page: Page) =>
    page.waitForFunction(() => window.__workhall?.bench?.session.connection.get().state === 'live', null, {
      timeout: 60_000,
    });
  const isAway = (page: Page) =>
    page.waitForFunction(() => window.__workhall.bench.session.connection.get().state === 'reconnecting');
  const isSaved = (page: Page) =>
    page.waitForFunction(() => window.__workhall.bench.session.pendingCount.get() === 0, null, { timeout: 60_000 });

  /** No refusal is left in the page's database: a test reloads sooner than any person. */
  const isForgotten = (page: Page) =>
    until('the device forgot the refusals', () =>
      page.evaluate(
        () =>
          new Promise<boolean>((resolve) => {
            const opening = indexedDB.open('workhall.outbox');
            opening.onsuccess = () => {
              const counting = opening.result.transaction('refused').objectStore('refused').count();
              counting.onsuccess = () => {
                opening.result.close();
                resolve(counting.result === 0);
              };
            };
          }),
      ),
    );

  /** So many ops wait in this browser's database: only then may a page be closed without losing one. */
  const isKept = (page: Page, count: number) =>
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

  const add = (page: Page, ...names: string[]) =>
    page.evaluate(
      (parts) => {
        for (const part of parts) {
          const made = window.__workhall.bench.session.submit('parts.add', { parts: [part] });
          if ('problem' in made) throw new Error(made.problem.message);
        }
      },
      names.map((name) => solid(name)),
    );
  const has = (page: Page, ...names: string[]) =>
    page.evaluate((ids) => {
      const parts = window.__workhall.bench.session.document.get().tables.get('parts');
      return ids.every((id) => parts?.has(id));
    }, names);
  const length = async (room: string) => (await ann.ask<{ length: number }>('GET', `/api/rooms/${room}`)).length;

  it('keeps what I did meanwhile over a reload, and saves each step once', async () => {
    const { room } = await openProject(ann);
    const page = await (await windowOf(ann)).newPage();
    await enter(page, room);
    await add(page, 'before');
    await isSaved(page);
    await hall.kill9();
    await isAway(page);
    await add(page, 'one', 'two', 'three');
    // The page is gone as well; nothing of it was ever sent.
    await isKept(page, 3);
    // The page itself may still come, from the browser's own store or a proxy, when the hall does not answer.
    await page.context().route(/\/(api|matchmake)\//, (route) => route.abort());
    await page.goto('about:blank');
    await comeBack();
    await page.goto(`${hall.url}/room/${room}?test`);
    await page.getByText('3 edits of yours are on this device, and are sent when the hall is back.').waitFor();
    await expectReadable(page);
    await shoot(page, { path: `${PICTURES}loaded-while-away.png` });
    // Nobody presses anything: it goes in by itself.
    await page.context().unroute(/\/(api|matchmake)\//);
    await isIn(page);
    expect(await has(page, 'before', 'one', 'two', 'three')).toBe(true);
    await isSaved(page);
    expect(await length(room)).toBe(1 + 4);
    await page.reload();
    await isIn(page);
    expect(await has(page, 'one', 'two', 'three')).toBe(true);
    expect(await length(room)).toBe(1 + 4);
  });

  it('keeps two tabs apart, and takes up what a closed one left', async () => {
    const { room } = await openProject(ann);
    const context = await windowOf(ann);
    const [left, right] = [await context.newPage(), await context.newPage()];
    await enter(left, room);
    await enter(right, room);
    await hall.kill9();
    await Promise.all([isAway(left), isAway(right)]);
    await add(left, 'left1', 'left2');
    await add(right, 'right1', 'right2');
    await isKept(left, 4);
    await right.close();
    await comeBack();
    await isIn(left);
    await isSaved(left);
    expect(await length(room)).toBe(1 + 2);
    await left.reload();
    await isIn(left);
    await isSaved(left);
    expect(await has(left, 'left1', 'left2', 'right1', 'right2')).toBe(true);
    expect(await length(room)).toBe(1 + 4);
  });

  it('shows what could not be applied with the reason, over a reload, until I have seen it', async () => {
    const { room } = await openProject(ann, [ben]);
    const page = await (await windowOf(ann)).newPage();
    await enter(page, room);
    await add(page, 'doomed', 'kept');
    await isSaved(page);
    // Only this page is cut off: others go on.
    await page.context().setOffline(true);
    await page.evaluate(() =>
      (window.__workhall.bench.session as RoomSession & { dropConnection(): void }).dropConnection(),
    );
    await isAway(page);
    await page.evaluate(() => {
      const { session } = window.__workhall.bench;
      session.submit('part.rename', { id: 'doomed' as PartId, name: 'Mine' });
      session.submit('part.rename', { id: 'kept' as PartId, name: 'Stays' });
    });
    const other = await ben.enter(room);
    other.submit('parts.delete', { ids: ['doomed' as PartId] });
    await until('Ben deleted it', () => other.pendingCount.get() === 0);
    await page.context().setOffline(false);
    await isIn(page);
    await isSaved(page);
    const notice = page.getByText('1 change could not be applied.');
    await notice.waitFor();
    await page.reload();
    await isIn(page);
    await notice.waitFor();
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This part is not there any more.').waitFor();
    expect(await dialog.innerText()).toMatch(/It may have been deleted/);
    await expectReadable(page);
    await shoot(page, { path: `${PICTURES}not-applied.png` });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export as JSON' }).click(),
    ]);
    const rows = JSON.parse(readFileSync(await download.path(), 'utf8')) as { op: { type: string } }[];
    expect(rows.map(({ op }) => op.type)).toEqual(['part.rename']);
    await dialog.getByRole('button', { name: 'Dismiss all' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await isForgotten(page);
    await page.reload();
    await isIn(page);
    expect(await page.evaluate(() => window.__workhall.bench.session.refused.get().length)).toBe(0);
    expect(await page.getByText('could not be applied').count()).toBe(0);
    await other.leave();
  });

  it('says, in the person’s language, that what is not sent yet is kept when the sign-in has ended meanwhile', async () => {
    const cat = await signIn(hall.url, 'Cat');
    const { room } = await openProject(cat);
    const page = await (await windowOf(cat, 'zh-CN')).newPage();
    await enter(page, room);
    await page.context().setOffline(true);
    await page.evaluate(() =>
      (window.__workhall.bench.session as RoomSession & { dropConnection(): void }).dropConnection(),
    );
    await isAway(page);
    await add(page, 'one', 'two');
    await cat.ask('DELETE', '/api/session');
    await page.context().setOffline(false);
    await page.getByText('您有 2 处修改尚未送达服务器。它们保存在此浏览器中').waitFor();
    await shoot(page, { path: `${PICTURES}sign-in-ended-zh.png` });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出为 JSON' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject([
      { payload: { parts: [{ id: 'one' }] } },
      { payload: { parts: [{ id: 'two' }] } },
    ]);
    await expectReadable(page);
  });
});
