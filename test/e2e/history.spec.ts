import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import type { DesignPayload } from '#protocol/design/index';
import { rebuildDocument, stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { shoot } from '../support/drawing.ts';
import { beforeRelease } from '../support/full.ts';
import { Headset } from '../support/headset.ts';
import { expectReadable } from '../support/pages.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { Room } from './support/room.ts';
import { PATIENCE_MS, Visitor } from './support/visitor.ts';

/** Ann looks at what happened, in a browser; Ben works on from elsewhere, on a real server. */
const SHAFT = PartId.parse('shaft');
const COVER = PartId.parse('cover');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let hall: Hall;
let browser: Browser;
let ann: Person;
let ben: Person;
const sessions: RoomSession[] = [];
const visitors: Visitor[] = [];

beforeAll(async () => {
  hall = await startHall();
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  [ann, ben] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Ben')]);
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) visitor.expectNoProblems();
  await Promise.all(browser.contexts().map((context) => context.close()));
  await Promise.all(sessions.splice(0).map((session) => session.leave()));
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
});

/** A room with a shaft and a cover, and Ben in it. */
async function roomOf(owner: Person, guest: Person): Promise<{ room: string; session: RoomSession }> {
  const { room } = await openProject(owner, [guest]);
  const session = await guest.enter(room, 'desktop');
  sessions.push(session);
  const cover = solid('cover', 'plate', { name: 'Cover', poseInParent: at(0, 0.2), material: BRASS });
  await done(session, 'parts.add', {
    parts: [solid('shaft', 'cylinder', { name: 'Shaft', poseInParent: at(0) }), cover],
  });
  return { room, session };
}

const BRASS = { preset: 'brass', color: '#c9a24b' } as const;
const at = (x: number, z = 0) => ({
  position: [x, 0.05, z] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
});
const shaftTo = (x: number): DesignPayload<'part.move'> => ({ moves: [{ id: SHAFT, poseInParent: at(x) }] });

async function done(session: RoomSession, type: Parameters<RoomSession['submit']>[0], payload: unknown): Promise<void> {
  const sent = session.submit(type, payload as never);
  if ('problem' in sent) throw new Error(sent.problem.message);
  await session.confirmed(sent.id);
}

/** Ann's page in the room, with the history open. */
async function look(room: string, options: BrowserContextOptions = {}) {
  const visitor = await Visitor.arrive(browser, hall.url, 'Ann', 'history', options);
  visitors.push(visitor);
  const me = { id: ann.id, name: ann.name, badge: 'guest', address: null, addressKind: null };
  await visitor.page.addInitScript(
    (kept) => localStorage.setItem('workhall.session', kept),
    JSON.stringify({ token: ann.token, me }),
  );
  const view = new Room(visitor);
  await view.enter(`/room/${room}`);
  if (options.isMobile)
    await visitor.page
      .getByRole('navigation')
      .getByRole('button', { name: /History|历史/ })
      .tap();
  else await visitor.page.keyboard.press('5');
  const slider = visitor.page.getByRole('slider');
  await slider.waitFor();
  return { visitor, page: visitor.page, view, slider };
}

type Looked = Awaited<ReturnType<typeof look>>;
/** Where the shaft is drawn, metres along X. */
const shaftX = ({ page }: Looked) =>
  page.evaluate((id) => window.__workhall.bench.world.poseInRoom(id).position[0], SHAFT);
const isAt = (looked: Looked, x: number, what: string) =>
  until(what, async () => Math.abs((await shaftX(looked)) - x) < 1e-6, PATIENCE_MS);
const stepShown = ({ slider }: Looked) => slider.inputValue().then(Number);

describe('the past of a room', () => {
  it('shows the product as it was at any step while the work goes on, and is exactly now again afterwards', async () => {
    const { room, session } = await roomOf(ann, ben);
    for (let n = 1; n <= 40; n++) await done(session, 'part.move', shaftTo(n / 100));
    const looked = await look(room);
    const { page, slider, visitor } = looked;
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[type=range]')?.max === '41');
    expect(await stepShown(looked)).toBe(41);
    await visitor.picture('now');

    // By hand, then by key: steps 1 is the parts, step n + 1 is the shaft at n centimetres.
    await slider.fill('11');
    await isAt(looked, 0.1, 'the shaft stands where it stood at step 11');
    await slider.press('ArrowLeft');
    await isAt(looked, 0.09, 'one step back');
    await slider.press('ArrowRight');
    await slider.press('ArrowRight');
    await isAt(looked, 0.11, 'two steps on');
    await page.getByText('Ben moved Shaft').first().waitFor();
    await page.getByText(/You look at the past:/).waitFor();
    await slider.press('Home');
    await until('nothing was there at first', async () => (await looked.view.parts()).length === 0, PATIENCE_MS);
    expect(await page.evaluate((id) => window.__workhall.bench.world.has(id), SHAFT)).toBe(false);
    await slider.fill('21');
    await isAt(looked, 0.2, 'and it is there again');

    // Everything that edits is off, with the reason.
    await page.evaluate((id) => window.__workhall.bench.selection.set(new Set([id])), SHAFT);
    await page.locator('canvas').focus();
    await page.keyboard.press('Delete');
    await page.getByText('You look at the room as it was; nothing can be changed there.').first().waitFor();
    expect(await page.getByRole('radio', { name: 'Move' }).getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByRole('button', { name: 'Publish' }).getAttribute('aria-disabled')).toBe('true');
    expect((await looked.view.parts()).length).toBe(2);

    // Ben works on underneath: counted, not shown.
    for (let n = 1; n <= 3; n++) await done(session, 'part.move', shaftTo(1 + n / 100));
    await page.getByText('3 new steps').waitFor();
    expect(await shaftX(looked)).toBeCloseTo(0.2, 6);
    await visitor.picture('past');
    await expectReadable(page);

    await page.getByRole('button', { name: 'Back to now' }).click();
    await isAt(looked, 1.03, 'everything that Ben did is there');
    const hash = await page.evaluate(() => {
      const { session: mine } = window.__workhall.bench;
      const { replica } = mine as unknown as { replica: { confirmed: { document: unknown } } };
      return mine.document.get() === replica.confirmed.document;
    });
    expect(hash).toBe(true);
    const theirs = (session as unknown as { replica: { confirmed: { document: Parameters<typeof stateHash>[0] } } })
      .replica;
    const tables = await page.evaluate(() => JSON.stringify(window.__workhall.bench.session.document.get().tables));
    const here = rebuildDocument(JSON.parse(tables) as Parameters<typeof rebuildDocument>[0]);
    expect(stateHash(here)).toBe(stateHash(theirs.confirmed.document));
    // And I can work again.
    await page.evaluate((id) => window.__workhall.bench.selection.set(new Set([id])), COVER);
    await page.locator('canvas').focus();
    await page.keyboard.press('Delete');
    await until('the cover is gone for Ben too', () => !session.document.get().tables.get('parts')!.has(COVER));
  });

  it('jumps where a line of the history is pressed, plays on from there, and ends at now', async () => {
    const { room, session } = await roomOf(ann, ben);
    for (let n = 1; n <= 6; n++) {
      await done(session, 'part.move', shaftTo(n / 10));
      await done(session, 'part.rename', { id: COVER, name: `Cover ${n}` });
    }
    const looked = await look(room);
    const { page } = looked;
    const line = page.getByRole('button', { name: /renamed a part to Cover 3/ });
    await line.click();
    await isAt(looked, 0.3, 'the room after Cover 3 got its name');
    expect(await line.getAttribute('aria-current')).toBe('step');
    expect((await looked.view.parts()).find(({ id }) => id === COVER)?.name).toBe('Cover 3');
    await page.getByRole('button', { name: /^Speed/ }).click();
    await page.getByRole('menuitem', { name: '20 steps a second' }).click();
    await page.getByRole('button', { name: 'Play the history' }).click();
    await isAt(looked, 0.6, 'it has come to the end');
    await until('it is now', async () => (await page.getByText(/You look at the past:/).count()) === 0, PATIENCE_MS);
    // Keys over the 3D view: back, and out.
    await page.evaluate(() => window.__workhall.bench.selection.set(new Set()));
    await page.locator('canvas').focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowLeft');
    await isAt(looked, 0.5, 'three steps back');
    await page.keyboard.press('Escape');
    await isAt(looked, 0.6, 'now again');
  });

  it('reads well in Chinese, in the dark and on a phone', async () => {
    const { room, session } = await roomOf(ann, ben);
    for (let n = 1; n <= 30; n++) await done(session, 'part.move', shaftTo(n / 100));
    const looks: [string, BrowserContextOptions][] = [
      ['past-dark-zh', { colorScheme: 'dark', locale: 'zh-CN' }],
      ['past-phone', PHONE],
    ];
    for (const [name, options] of looks) {
      const looked = await look(room, options);
      await looked.page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('input[type=range]')?.max === '31',
      );
      await looked.slider.fill('9');
      await isAt(looked, 0.08, 'the shaft stands where it stood');
      await looked.page.getByText(/You look at the past:|您正在查看过去：/).waitFor();
      await looked.page.waitForTimeout(400); // a colour that is on its way to another one is neither
      await expectReadable(looked.page);
      await looked.visitor.picture(name);
    }
  });

  it('is walked at the wrist in a headset, where nothing can be taken, and leads back to now', async () => {
    const { room, session } = await roomOf(ann, ben);
    for (let n = 1; n <= 6; n++) await done(session, 'part.move', shaftTo(n / 50));
    const visitor = await Visitor.arrive(browser, hall.url, 'Ann', 'history', {
      viewport: { width: 800, height: 600 },
    });
    visitors.push(visitor);
    const me = { id: ann.id, name: ann.name, badge: 'guest', address: null, addressKind: null };
    await visitor.page.addInitScript(
      (kept) => localStorage.setItem('workhall.session', kept),
      JSON.stringify({ token: ann.token, me }),
    );
    const { page } = visitor;
    await page.goto(`${hall.url}/room/${room}?xr=emulate&test`);
    await page.getByRole('button', { name: /VR/ }).first().waitFor({ timeout: 90_000 });
    await page.keyboard.press('5');
    const slider = page.getByRole('slider');
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('input[type=range]')?.max === '7');
    await slider.fill('4');
    const looked: Looked = { visitor, page, view: new Room(visitor), slider };
    await isAt(looked, 0.06, 'the shaft stands where it stood at step 4');
    await page.getByRole('button', { name: /VR/ }).first().click();
    const headset = new Headset(page);
    await headset.isOn();
    await headset.moveHand('left', [-0.17, 0.14, 0.42]);
    await headset.until('the palette is there', (stay) => stay.palette.isShown && stay.palette.page === 'past');
    await headset.pressTarget('right', (act) => act.kind === 'stepBack');
    await isAt(looked, 0.04, 'one step back');
    await headset.pressTarget('right', (act) => act.kind === 'stepOn');
    await isAt(looked, 0.06, 'and on');
    await shoot(visitor.page, { path: `${visitor.pictures}past-vr.png` });
    await headset.reachFor('right', SHAFT);
    await headset.until('the shaft is under the hand', (stay) => stay.grabbing.aimOf('right').isNear);
    await headset.press('right', 'squeeze');
    await headset.until('it says why not', (stay) => stay.notice.text.includes('the past'));
    await headset.release('right', 'squeeze');
    expect(session.held.get().size).toBe(0);
    await headset.pressTarget('right', (act) => act.kind === 'toNow');
    await isAt(looked, 0.12, 'now');
    await headset.until('the tools are back', (stay) => stay.palette.page === 'tools');
  });

  beforeRelease('goes through 10 000 steps without a pause that one would see', async () => {
    const { room, session } = await roomOf(ann, ben);
    const STEPS = 10_000;
    for (let n = 1; n <= STEPS; n++) session.submit('part.move', shaftTo(n / 1000));
    await until('all of it is saved', () => session.pendingCount.get() === 0, PATIENCE_MS);
    const looked = await look(room);
    const { page } = looked;
    const startMs = performance.now();
    await page.waitForFunction(
      () => {
        const { past } = window.__workhall.bench.session as unknown as {
          past: { state: { get(): { replayed: number; total: number } } };
        };
        return past.state.get().replayed === past.state.get().total;
      },
      null,
      { polling: 50 },
    );
    const readMs = performance.now() - startMs;
    const measured = await page.evaluate(async (steps) => {
      const { session: shown, world } = window.__workhall.bench;
      const { past } = shown as unknown as {
        past: { seek(seq: number): void; state: { get(): { seq: number | null } } };
      };
      let longestMs = 0;
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
      });
      observer.observe({ entryTypes: ['longtask'] });
      const turns: number[] = [];
      // Forth, back and across, as a hand drags: each stop is shown before the next.
      for (let n = 0; n < 120; n++) {
        const seq = Math.floor(((n * 7919) % steps) + 1);
        const before = performance.now();
        past.seek(seq);
        while (past.state.get().seq !== seq) await new Promise((next) => setTimeout(next));
        turns.push(performance.now() - before);
      }
      const x = world.poseInRoom('shaft' as never).position[0];
      await new Promise((next) => setTimeout(next, 200));
      observer.disconnect();
      turns.sort((a, b) => a - b);
      return { longestMs, medianMs: turns[60]!, worstMs: turns.at(-1)!, x, last: past.state.get().seq! };
    }, STEPS);
    console.log(
      `10 000 steps: read in ${Math.round(readMs)} ms, seek median ${measured.medianMs.toFixed(1)} ms, worst ${measured.worstMs.toFixed(1)} ms, longest task ${Math.round(measured.longestMs)} ms`,
    );
    expect(measured.x).toBeCloseTo((measured.last - 1) / 1000, 6);
    expect(measured.medianMs).toBeLessThan(300);
    expect(measured.longestMs).toBeLessThan(1_500); // drawing in software, on a machine that others use too
  });
});
