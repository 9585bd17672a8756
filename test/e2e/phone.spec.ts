import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { openProject, signIn, until } from '../support/people.ts';
import { ROOM_ENTRY_LIMIT_KB, roomEntryOf } from '../support/room-entry.ts';
import { startHall, type Hall } from '../support/server.ts';
import { signedInPage } from '../support/signed-in-page.ts';
import { Finger } from './support/finger.ts';
import { Room } from './support/room.ts';
import { Visitor } from './support/visitor.ts';

/** The demo room on a phone: fingers only, no mouse, no keys but those of the screen. */
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let hall: Hall;
let browser: Browser;
let mia: Visitor;

beforeAll(async () => {
  hall = await startHall({ env: { DEMO: '1' }, timeoutMs: 120_000 });
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  mia = await Visitor.arrive(browser, hall.url, 'Mia', 'phone', PHONE);
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
});

it(`a room comes over a thin line: less than ${ROOM_ENTRY_LIMIT_KB} kB of code until its first picture`, async () => {
  const ann = await signIn(hall.url, 'Ann');
  const { room } = await openProject(ann);
  const page = await signedInPage(hall, browser, ann);
  const { kB, files } = await roomEntryOf(page, hall.url, `/room/${room}`);
  expect(files).toBeGreaterThan(20);
  expect(kB).toBeLessThan(ROOM_ENTRY_LIMIT_KB);
  await page.context().close();
});

it(
  'lets a person on a phone enter the demo, turn it with a finger, tap a part and comment on it',
  { timeout: 420_000 },
  async () => {
    const { page } = mia;
    const watcher = await signIn(hall.url, 'Watcher');
    await until(
      'the demo has its parts',
      async () => {
        const { projects } = await watcher.ask<{ projects: { partCount: number }[] }>('GET', '/api/projects');
        return (projects[0]?.partCount ?? 0) > 100;
      },
      60_000,
    );
    await mia.open('/');
    await mia.giveName();
    const enter = page.getByRole('link', { name: 'Enter the room of Planetary gearbox' });
    await enter.waitFor();
    await mia.picture('1-hall');
    const room = new Room(mia);
    await room.enter((await enter.getAttribute('href'))!);
    await room.showsModels();
    await mia.picture('2-room');

    const finger = await Finger.on(page);
    const eye = () => page.evaluate(() => window.__workhall.bench.camera.eye.position);
    const before = await eye();
    await finger.swipe({ x: 300, y: 330 }, { x: 160, y: 350 });
    await room.isStill();
    const after = await eye();
    expect(Math.hypot(...after.map((value, axis) => value - before[axis]!))).toBeGreaterThan(0.05);

    const plug = (await room.part('Output cover')).id;
    const face = await room.faceOf(plug);
    await page.touchscreen.tap(face.x, face.y);
    await page.waitForFunction((id) => window.__workhall.bench.selection.get().has(id), plug);
    await page.getByRole('button', { name: 'Values' }).tap();
    await page.getByRole('region', { name: 'Properties' }).getByText('Aluminium').first().waitFor();
    await mia.picture('3-values');
    await page.getByRole('button', { name: 'Values' }).tap();

    await page.getByRole('radio', { name: 'Comment' }).tap();
    await room.isStill();
    const spot = await room.faceOf(plug);
    await page.touchscreen.tap(spot.x, spot.y);
    await page.getByRole('textbox', { name: 'New comment' }).fill('Is this face machined?');
    await mia.picture('4-comment');
    await page.getByRole('button', { name: 'Pin it' }).tap();
    await page.getByRole('button', { name: /1\. Mia: Is this face machined/ }).waitFor();
    await page.getByRole('region', { name: 'Comments' }).getByText('Is this face machined?').waitFor();
    await room.everythingIsSaved();
    await mia.picture('5-pinned');
    mia.expectNoProblems();
  },
);
