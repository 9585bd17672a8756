import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { IS_FULL } from '../support/full.ts';
import type { LocalSession } from '../support/local-session.ts';
import type { BlankView } from '../support/blank-view.ts';
import { newContext, shoot } from '../support/drawing.ts';
import { serveRoomHarness } from '../support/room-harness/serve.ts';

/** The room's panels on the real reducer and rights, without server and 3D engine. */
declare global {
  interface Window {
    room: { session: LocalSession; view: BlankView };
    axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
  }
}

const PICTURES = fileURLToPath(new URL('../../test-output/room-panels/', import.meta.url));
const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const DESKTOP = { width: 1280, height: 800 };

let server: Awaited<ReturnType<typeof serveRoomHarness>>;
let browser: Browser;
const problems: string[] = [];

beforeAll(async () => {
  server = await serveRoomHarness();
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: CHROMIUM_ARGS,
  });
  await mkdir(PICTURES, { recursive: true });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(problems.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function enter(query = '', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await newContext(browser, {
    serviceWorkers: 'block',
    viewport: DESKTOP,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(`${server.url}?${query}`);
  await page.getByRole('toolbar').waitFor({ timeout: 120_000 });
  return page;
}

const row = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name });
const picture = (page: Page, name: string) => shoot(page, { path: `${PICTURES}${name}.png` });

async function expectAccessible(page: Page): Promise<void> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => window.axe.run());
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`,
    ),
  ).toEqual([]);
}

describe('the room around the 3D view', () => {
  it('leaves at least 60 % of the width to the product, and all of it with one key', async () => {
    const page = await enter();
    const canvas = page.locator('canvas');
    expect((await canvas.boundingBox())!.width).toBeGreaterThanOrEqual(0.6 * DESKTOP.width);
    await canvas.focus();
    await page.keyboard.press('Tab');
    expect((await canvas.boundingBox())!.width).toBe(DESKTOP.width);
    await page.keyboard.press('Tab');
    await page.getByRole('tree').waitFor();
    await page.keyboard.press('1');
    expect(await page.getByRole('tree').count()).toBe(0);
  });

  it('says that edits are kept while the line is cut, and that everything is saved when it is back', async () => {
    const page = await enter();
    await page.evaluate(() => {
      const { session } = window.room;
      session.isPaused = true;
      session.connection.set({ state: 'reconnecting', attempt: 1 });
    });
    await row(page, 'Mounting foot').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('Left foot');
    await page.keyboard.press('Enter');
    await page.getByText('Your edits are kept and sent when the connection is back. 1 edit is waiting.').waitFor();
    await page.getByText('1 edit waits for the connection').waitFor();
    await picture(page, 'reconnecting');
    await page.evaluate(() => window.room.session.resume());
    await page.getByText('Everything is saved').waitFor();
    await row(page, 'Left foot').waitFor();
  });

  it('tells in plain words why the server took an edit back', async () => {
    const page = await enter();
    await page.evaluate(() => {
      const { session } = window.room;
      session.submit('part.rename', { id: 'foot' as never, name: 'Foot 2' });
      const facts = { part: 'foot' };
      session.rejectLast({
        scope: 'design',
        key: 'x',
        message: 'Somebody else is holding this part.',
        next: 'Wait a moment.',
        facts,
      });
    });
    await page.getByText('Somebody else is holding this part.').waitFor();
    await row(page, 'Mounting foot').waitFor();
  });

  it('shows nothing that a screen reader or a weak eye cannot use: a phone in the dark; at a desk, light and in Chinese, before a release', async () => {
    const looks: [string, BrowserContextOptions][] = [
      ['light', {}],
      ['dark-zh', { colorScheme: 'dark', locale: 'zh-CN', viewport: { width: 1920, height: 1080 } }],
      ['phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }],
    ];
    for (const [name, options] of IS_FULL ? looks : looks.slice(-1)) {
      const page = await enter('', options);
      if (name === 'phone') await page.getByRole('button', { name: 'Parts', exact: true }).click();
      await row(page, 'Volute casing').click();
      await expectAccessible(page);
      await picture(page, `parts-${name}`);
      const panels = name === 'phone' ? page.getByRole('navigation').getByRole('button') : page.getByRole('tab');
      for (let index = 0; index < (await panels.count()); index++) {
        await panels.nth(index).click();
        await page.waitForTimeout(250);
        await expectAccessible(page);
        await picture(page, `panel-${index}-${name}`);
      }
    }
  });
});

describe('the product tree', () => {
  it('is walked, opened, selected and renamed by keyboard alone', async () => {
    const page = await enter();
    await page.getByRole('tree').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await row(page, 'Volute casing').count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await row(page, 'Volute casing').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await page.evaluate(() => window.room.view.selection.get().size)).toBe(2);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('F2');
    await page.keyboard.type('Housing');
    await page.keyboard.press('Enter');
    await row(page, 'Housing').waitFor();
  });

  it('moves a part to another group where it was dropped, and the part stays where it stands', async () => {
    const page = await enter();
    await row(page, 'Mounting foot').dragTo(row(page, /^Rotor$/));
    const placed = await page.evaluate(() => window.room.session.part('foot' as never));
    expect(placed?.parent).toBe('rotor');
    expect(placed?.poseInParent.position[0]).toBeCloseTo(0.14, 9);
    await page.getByRole('button', { name: 'Undo: change of group' }).click();
    expect(await page.evaluate(() => window.room.session.part('foot' as never)?.parent)).toBeNull();
  });

  it('finds a part in a closed group, and scrolls to what was selected in 3D', async () => {
    const page = await enter('parts=10000');
    await page.getByRole('textbox', { name: 'Find a part' }).fill('screw 97.42');
    await row(page, 'Screw 97.42').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.evaluate(() => window.room.view.selection.set(new Set(['g80p50' as never])));
    await row(page, 'Screw 81.51').waitFor();
  });

  it('scrolls through 10 000 parts at once: only those in sight are made', async () => {
    const page = await enter('parts=10000');
    await page.getByRole('tree').focus();
    const pausesMs = await page.evaluate(async () => {
      const tree = document.querySelector<HTMLElement>('[role=tree]')!;
      const pauses: number[] = [];
      for (let at = 0; at < 40; at++) {
        const before = performance.now();
        tree.scrollTop = (at % 10) * 60;
        await new Promise(requestAnimationFrame);
        pauses.push(performance.now() - before);
      }
      return pauses.toSorted((a, b) => a - b);
    });
    // The middle one: the longest is what else the machine did.
    expect(pausesMs[20]).toBeLessThan(100);
    expect(await page.getByRole('treeitem').count()).toBeLessThan(80);
  });

  it('deletes with the key and brings back with Undo', async () => {
    const page = await enter();
    await row(page, 'Mounting foot').click();
    await page.keyboard.press('Delete');
    await page.getByText('Part deleted.').waitFor();
    await row(page, 'Mounting foot').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await row(page, 'Mounting foot').waitFor();
  });
});

describe('the values of a part', () => {
  it('takes a sum, steps with the arrow keys, and undoes the whole series at once', async () => {
    const page = await enter();
    await row(page, 'Mounting foot').click();
    const x = page.getByRole('textbox', { name: 'Position X, millimetres' });
    await x.fill('140+12.5');
    await x.press('Enter');
    await x.press('ArrowUp');
    await x.press('Shift+ArrowUp');
    expect(await x.inputValue()).toBe('163.5');
    expect(await page.evaluate(() => window.room.session.part('foot' as never)?.poseInParent.position[0])).toBeCloseTo(
      0.1635,
      9,
    );
    await page.getByRole('button', { name: 'Undo: move' }).click();
    expect(await x.inputValue()).toBe('140');
  });

  it('refuses a dimension that cannot be made, and says which other one is in the way', async () => {
    const page = await enter();
    await row(page, 'Base plate').click();
    const radius = page.getByRole('textbox', { name: 'Hole radius' });
    await radius.fill('30');
    await radius.press('Enter');
    await page.getByText('Does not fit with: Edge to hole').waitFor();
    await page.getByRole('textbox', { name: 'Thickness' }).fill('1in');
    await page.getByRole('textbox', { name: 'Thickness' }).press('Enter');
    const plate = await page.evaluate(() => window.room.session.part('base' as never)?.shape);
    expect(plate).toMatchObject({ dimensions: { thicknessM: 0.0254, holeRadiusM: 0.005 } });
  });

  it('cannot be changed while another person holds the part, and says who', async () => {
    const page = await enter();
    await row(page, /^Impeller/).click();
    await page.getByText('Jonas Weber is holding this.').waitFor();
    expect(
      await page.getByRole('textbox', { name: 'Position X, millimetres' }).getAttribute('readonly'),
    ).not.toBeNull();
    await page.evaluate(() => window.room.session.release(['impeller' as never]));
    await page.getByRole('radio', { name: 'Steel' }).click();
    expect(await page.evaluate(() => window.room.session.part('impeller' as never)?.material.preset)).toBe('steel');
  });

  it('tells an observer why nothing can be changed', async () => {
    const page = await enter('role=observer');
    await row(page, 'Base plate').click();
    await page.getByText('You are looking as Observer.').waitFor();
    expect(await page.getByRole('radio', { name: 'Move' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Delete');
    await page.getByText(/cannot do this/).waitFor();
    await row(page, 'Base plate').waitFor();
  });
});

describe('an empty room', () => {
  it('leads a newcomer to a first part: a shaft is one press away, in the tree and in the toolbar', async () => {
    const page = await enter('parts=none');
    await page.getByText('Add a first part, such as a shaft, or drop a STEP file here.').waitFor();
    const add = page.getByRole('button', { name: 'Add', exact: true });
    expect(await add.getAttribute('data-first')).toBe('true');
    await picture(page, 'empty-room');
    await add.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Shaft (cylinder)' }).waitFor();
    await picture(page, 'empty-room-add');
    await page.keyboard.press('Escape');
    const tree = page.getByRole('complementary', { name: 'Parts' });
    await tree.getByRole('button', { name: 'Shaft (cylinder)' }).click();
    await row(page, 'Shaft 1').waitFor();
    expect(await add.getAttribute('data-first')).toBeNull();
    expect(await page.getByText('Add a first part').count()).toBe(0);
    await expectAccessible(page);
  });

  it('says to somebody who may not add anything what will be here, and offers nothing', async () => {
    const page = await enter('parts=none&role=observer');
    await page.getByText('The designers have not added anything so far.').waitFor();
    expect(await page.getByRole('button', { name: 'Shaft (cylinder)' }).count()).toBe(0);
  });
});

describe('a part that is picked', () => {
  it('shows its values where the brief stood, and leaves the brief where somebody turned back to it', async () => {
    const page = await enter('submission');
    await page.getByRole('tab', { name: 'Brief', selected: true }).waitFor();
    await row(page, 'Mounting foot').click();
    await page.getByRole('tab', { name: 'Properties', selected: true }).waitFor();
    await page.getByRole('textbox', { name: 'Position X, millimetres' }).waitFor();
    await page.getByRole('tab', { name: 'Brief' }).click();
    await page.getByRole('tab', { name: 'Brief', selected: true }).waitFor();
  });

  it('has colours with names', async () => {
    const page = await enter();
    await row(page, 'Mounting foot').click();
    await page.getByRole('button', { name: 'Red', exact: true }).click();
    expect(await page.evaluate(() => window.room.session.part('foot' as never)?.material.color)).toBe('#c22a2a');
  });
});

describe('on a phone', () => {
  it('says tap, names its file inputs, fades tools that go on, and draws no ring round the view after a tap', async () => {
    const page = await enter('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const bar = page.getByRole('toolbar', { name: 'Tools' });
    expect(await bar.getAttribute('data-cut-end')).not.toBeNull();
    expect(await bar.getAttribute('data-cut-start')).toBeNull();
    await page.getByRole('button', { name: 'Values' }).tap();
    await page.getByText('Tap a part in the view').waitFor();
    await page.getByRole('button', { name: 'Values' }).tap();
    for (const [tool, text] of [
      ['Comment', 'Tap the face your comment is about.'],
      ['Measure', 'Tap two points to measure between them.'],
    ] as const) {
      await page.getByRole('radio', { name: tool }).tap();
      await page.getByText(text).waitFor();
    }
    await page.locator('canvas').tap({ position: { x: 100, y: 100 } });
    await page.locator('canvas').focus();
    expect(await page.locator('canvas').evaluate((canvas) => getComputedStyle(canvas).outlineStyle)).toBe('none');
    await bar.evaluate((node) => node.scrollTo({ left: node.scrollWidth }));
    await page.locator('[role=toolbar][data-cut-start]:not([data-cut-end])').waitFor();
    await picture(page, 'phone-toolbar');
    await bar.evaluate((node) => node.scrollTo({ left: 0 }));
    await page.getByRole('button', { name: 'Add', exact: true }).tap();
    await page
      .getByRole('dialog')
      .locator('input[type=file][aria-label="Import a file"]')
      .waitFor({ state: 'attached' });
  });
});

describe('other people', () => {
  it('goes to one of them from the panel and from their dot, and back with one key', async () => {
    const page = await enter();
    const journal = await page.evaluate(() => window.room.session.entries.length);
    await page.keyboard.press('4');
    await page.getByRole('button', { name: 'Go to Jonas Weber' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Back to my place' }).waitFor();
    await picture(page, 'beside-somebody');
    await page.keyboard.press('b');
    expect(await page.getByRole('button', { name: 'Back to my place' }).count()).toBe(0);
    await page.getByRole('banner').getByRole('button', { name: 'Look at Amira Haddad' }).click();
    const asked = await page.evaluate(() => window.room.view.asked.filter((one) => !one.startsWith('language')));
    const numbers = await page.evaluate(() =>
      Object.fromEntries(window.room.session.participants.get().map((one) => [one.name, one.participant])),
    );
    expect(asked.slice(-3)).toEqual([`go to ${numbers['Jonas Weber']}`, 'back', `person ${numbers['Amira Haddad']}`]);
    expect(await page.evaluate(() => window.room.session.entries.length)).toBe(journal);
  });
});

describe('talking about the design', () => {
  it('pins, answers, resolves and takes back', async () => {
    const page = await enter();
    await page.evaluate(() =>
      window.room.view.newComment.set({
        part: 'cover' as never,
        face: 2,
        pointInPart: [0, 0, 0],
        normalInPart: [0, 0, 1],
      }),
    );
    await page.getByRole('textbox', { name: 'New comment' }).fill('Add a gasket groove');
    await page.keyboard.press('Enter');
    const thread = page.getByRole('listitem').filter({ hasText: 'Add a gasket groove' });
    await thread.waitFor();
    expect(await thread.getByRole('button').first().textContent()).toContain('3');
    await thread.getByRole('textbox', { name: 'Reply' }).fill('2 mm deep');
    await page.keyboard.press('Enter');
    await thread.getByText('2 mm deep').waitFor();
    await thread.getByRole('button', { name: 'Resolve' }).click();
    await page.getByText('Comment 3 resolved.').waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await thread.waitFor();
  });

  it('tells what happened in plain words and by whom', async () => {
    const page = await enter();
    await page.keyboard.press('5');
    await page.getByText('changed dimensions of Shaft').waitFor();
    await page.getByRole('combobox', { name: 'Show what was done by' }).selectOption({ label: 'Amira Haddad' });
    await page.getByText('commented on Volute casing').waitFor();
    expect(await page.getByText('changed dimensions of Shaft').count()).toBe(0);
  });

  it('shows who has which share before publishing, worked out from the journal', async () => {
    const page = await enter();
    await page.getByRole('button', { name: 'Publish' }).click();
    const shares = page.getByRole('region', { name: 'Contributors and their shares' });
    await shares.getByText('Jonas Weber').waitFor();
    expect(await shares.getByText(/%/).count()).toBe(3);
    await page.getByRole('img', { name: 'Picture of the revision' }).waitFor();
    await picture(page, 'publish');
  });

  it('waits for the picture before it can be taken again, and says when there is nothing to publish', async () => {
    const page = await enter();
    await page.evaluate(() => {
      const { view } = window.room;
      view.drawn = new Promise((draw) => Object.assign(window, { draw }));
    });
    await page.getByRole('button', { name: 'Publish' }).click();
    const again = page.getByRole('button', { name: 'Take again' });
    await page.getByText('Taking the picture…').waitFor();
    expect(await again.isDisabled()).toBe(true);
    await picture(page, 'publish-waits');
    await page.evaluate(() => (window as unknown as { draw: () => void }).draw());
    await page.getByRole('img', { name: 'Picture of the revision' }).waitFor();
    expect(await again.isEnabled()).toBe(true);

    const empty = await enter('parts=none');
    await empty.getByRole('button', { name: 'Publish' }).click();
    await empty.getByText('There is nothing to publish yet. Add a part first.').waitFor();
    await empty.getByRole('textbox', { name: 'Title' }).fill('Nothing');
    const publish = empty.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true });
    expect(await publish.isDisabled()).toBe(true);
  });
});
