import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CID } from 'multiformats/cid';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { colorOfUser, colorsOfUsers } from '#protocol/room/index';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { bearingStandStep } from './support/bearing-stand.ts';
import { Room } from './support/room.ts';
import { PATIENCE_MS, Visitor } from './support/visitor.ts';

/**
 * What the hall is for, from the name on the door to the proof of a token, with people at real browsers. Each step
 * goes on where the one before ended; after a step that failed the rest is skipped.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'bin', 'workhall.mjs');
const STEP_MS = 420_000;

let dataDir: string;
let stepFile: string;
let hall: Hall;
let browser: Browser;
let ann: Visitor;
let ben: Visitor;
let cara: Visitor;
let annsRoom: Room;
let bensRoom: Room;
/** Paths of pages that later steps come back to. */
let projectPath = '';
let roomPath = '';
let revisionPath = '';
let tokenId = '';
let briefPath = '';
let colorsBefore: ReadonlyMap<string, number> = new Map();
let hasFailed = false;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'workhall-story-'));
  stepFile = join(dataDir, 'bearing-stand.step');
  writeFileSync(stepFile, await bearingStandStep());
  hall = await startHall({ dataDir: join(dataDir, 'hall'), env: { DEMO: '1' }, timeoutMs: 120_000 });
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  ann = await Visitor.arrive(browser, hall.url, 'Ann', 'story');
  ben = await Visitor.arrive(browser, hall.url, 'Ben', 'story');
  cara = await Visitor.arrive(browser, hall.url, 'Cara', 'story');
  annsRoom = new Room(ann);
  bensRoom = new Room(ben);
});
beforeEach((context) => {
  if (hasFailed) context.skip('an earlier step of the story failed');
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail' && !hasFailed) {
    hasFailed = true;
    for (const { page, name } of [ann, ben, cara])
      await page.screenshot({ path: join(ROOT, 'test-output', 'story', `failed-${name}.png`) }).catch(() => undefined);
    return;
  }
  for (const visitor of [ann, ben, cara]) visitor.expectNoProblems();
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the hall', { timeout: STEP_MS }, () => {
  it('1 lets Ann in with her name alone and shows a demo project ready to enter', async () => {
    const { page } = ann;
    await ann.open('/');
    await page.getByRole('button', { name: 'Enter as guest' }).waitFor();
    await ann.picture('01a-door');
    await ann.giveName();
    const demo = page.getByRole('article').filter({ hasText: 'Planetary gearbox' });
    await demo.getByText('Demo', { exact: true }).waitFor();
    await demo.getByRole('link', { name: 'Enter the room of Planetary gearbox' }).waitFor();
    await ann.picture('01b-hall');
  });

  it('2 makes a project of a STEP file: progress, tree with names and repeated parts, the model in the view', async () => {
    const { page } = ann;
    await page.getByRole('button', { name: 'New project' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Bearing stand S-24');
    await dialog.locator('input[type=file]').setInputFiles(stepFile);
    await dialog.getByText('comes in right after.').waitFor();
    await ann.picture('02a-new-project');
    await dialog.getByRole('button', { name: 'Create project' }).click();
    await page.getByRole('progressbar').first().waitFor();
    await ann.picture('02b-import');
    await page.getByText(/parts came in from bearing-stand\.step/).waitFor();
    await page.getByText(/repeated parts are instances/).waitFor();
    await ann.picture('02c-imported');
    projectPath = new URL(page.url()).pathname;
    const enter = page.getByRole('link', { name: 'Enter room' });
    roomPath = (await enter.getAttribute('href'))!;
    await enter.click();
    await page.getByRole('treeitem', { name: 'Bearing stand' }).first().waitFor();

    await annsRoom.enter(roomPath);
    await annsRoom.showsModels();
    const parts = await annsRoom.parts();
    const screws = parts.filter(({ name }) => name === 'Screw M8');
    expect(screws).toHaveLength(6);
    expect(new Set(screws.map(({ shape }) => shape?.kind === 'asset' && shape.cid)).size).toBe(1);
    for (const name of ['Bearing stand', 'Base', 'Bearing block', 'Shaft', 'Collar'])
      await annsRoom.row(name).waitFor();
    await ann.picture('02d-room');
  });

  it('2b keeps every shape in a picture of the product, also where the screen makes do with boxes', async () => {
    await annsRoom.takePicture('near');
    const boxes = await ann.page.evaluate(async () => {
      const { stage, camera } = window.__workhall.bench;
      Object.assign(stage, { vertexBudget: 1 });
      camera.zoomTo([0, 0, 0], 25); // so far away that every part is a few pixels large
      const shown = () => stage.scene.meshes.filter((mesh) => mesh.name.endsWith('far') && mesh.isEnabled()).length;
      while (shown() === 0) await new Promise((next) => requestAnimationFrame(next));
      return shown();
    });
    expect(boxes).toBeGreaterThan(3);
    await annsRoom.takePicture('far');
    // The same picture as it would be with what the screen shows: this is the difference that nobody may see.
    await ann.page.evaluate(() =>
      Object.defineProperty(window.__workhall.bench.world, 'showsFullShapes', { set() {}, configurable: true }),
    );
    await annsRoom.takePicture('boxes');
    await ann.page.evaluate(() => {
      const { stage, world } = window.__workhall.bench;
      delete (world as unknown as { showsFullShapes?: boolean }).showsFullShapes;
      Object.assign(stage, { vertexBudget: Infinity });
    });
    const withBoxes = await annsRoom.pictureDifference('near', 'boxes');
    expect(withBoxes).toBeGreaterThan(0.005);
    expect(await annsRoom.pictureDifference('near', 'far')).toBeLessThan(withBoxes / 10);
    await annsRoom.enter(roomPath);
    await annsRoom.showsModels();
  });

  it('2c draws the project’s picture again when Ann leaves a room in which she changed something', async () => {
    const { page } = ann;
    const pictureOfProject = () =>
      page.evaluate(async (project) => {
        const { token } = JSON.parse(localStorage.getItem('workhall.session')!) as { token: string };
        const answer = await fetch(`/api/projects/${project}`, { headers: { authorization: `Bearer ${token}` } });
        return ((await answer.json()) as { picture: string | null }).picture;
      }, projectPath.split('/')[2]!);
    // Who loads another page while the first picture is drawn stops it; it is drawn when they next look at the project.
    const toProject = () => page.getByRole('banner').getByRole('link').first().click();
    if ((await pictureOfProject()) === null) {
      await toProject();
      await until('the project has a picture', async () => (await pictureOfProject()) !== null, PATIENCE_MS);
      await annsRoom.enter(roomPath);
    }
    const before = await pictureOfProject();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Shaft (cylinder)' }).click();
    await annsRoom.everythingIsSaved();
    await toProject();
    await page.getByRole('link', { name: 'Enter room' }).waitFor();
    await until('the project has another picture', async () => (await pictureOfProject()) !== before, PATIENCE_MS);
    await annsRoom.enter(roomPath);
    await annsRoom.showsModels();
    await annsRoom.select((await annsRoom.parts()).find(({ name }) => /^Shaft \d/.test(name))!.name);
    await annsRoom.focusView();
    await page.keyboard.press('Delete');
    await annsRoom.everythingIsSaved();
  });

  it('3 brings Ben in by an invitation link; each sees the other by name and as an avatar', async () => {
    const { page } = ann;
    await annsRoom.panel('People');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = page.getByText(/\/join\//);
    const url = new URL((await link.first().textContent())!.trim());
    await page.getByRole('img', { name: 'The invitation link as a QR code' }).waitFor();
    await ann.picture('03a-invitation');
    await page.keyboard.press('Escape');

    await ben.open(url.pathname);
    await ben.giveName();
    await ben.page.getByRole('link', { name: 'Enter room' }).waitFor();
    await ben.picture('03b-ben-at-the-project');
    await bensRoom.enter(roomPath);
    await bensRoom.showsModels();
    await bensRoom.panel('People');

    for (const [room, other] of [
      [annsRoom, 'Ben'],
      [bensRoom, 'Ann'],
    ] as const) {
      await room.page.getByRole('list', { name: 'People in the room' }).getByText(other).waitFor();
      await room.seesAvatarOf(other);
    }
    await annsRoom.seesInPicture('Ben');
    await bensRoom.seesInPicture('Ann');
    await ann.picture('03c-ann-sees-ben');
    await ben.picture('03d-ben-sees-ann');
  });

  it('3b takes Ben beside Ann, to look where she looks, and back to where he was', async () => {
    const { page } = ben;
    const before = await bensRoom.eye();
    const length = await bensRoom.journalLength();
    await page.getByRole('button', { name: 'Go to Ann' }).click();
    await bensRoom.isStill();
    const [anns, bens] = [await annsRoom.eye(), await bensRoom.eye()];
    const awayM = Math.hypot(...bens.position.map((value, axis) => value - anns.position[axis]!));
    expect(awayM).toBeGreaterThan(0.05);
    expect(awayM).toBeLessThan(0.7);
    const look = (eye: { yaw: number; pitch: number }) => [
      -Math.sin(eye.yaw) * Math.cos(eye.pitch),
      Math.sin(eye.pitch),
      -Math.cos(eye.yaw) * Math.cos(eye.pitch),
    ];
    const [hers, his] = [look(anns), look(bens)];
    expect(hers.reduce((sum, value, axis) => sum + value * his[axis]!, 0)).toBeGreaterThan(0.75);
    await ben.picture('03e-ben-beside-ann');
    await bensRoom.focusView();
    await page.keyboard.press('b');
    await bensRoom.isStill();
    (await bensRoom.eye()).position.forEach((value, axis) => expect(value).toBeCloseTo(before.position[axis]!, 6));

    await bensRoom.clickHeadOf('Ann');
    await bensRoom.isStill();
    await bensRoom.seesInPicture('Ann', 0.25);
    await ben.picture('03f-ben-looks-at-ann');
    await page.getByRole('button', { name: 'Back to my place' }).click();
    await bensRoom.isStill();
    (await bensRoom.eye()).position.forEach((value, axis) => expect(value).toBeCloseTo(before.position[axis]!, 6));
    expect(await bensRoom.journalLength()).toBe(length);
  });

  it('3c gives each person one colour: the same for both, and what their user id says', async () => {
    const colors = async (room: Room) =>
      room.page.evaluate(() =>
        window.__workhall.bench.session.participants.get().map(({ user, color }) => [user, color] as const),
      );
    const [seenByAnn, seenByBen] = [await colors(annsRoom), await colors(bensRoom)];
    expect(new Map(seenByBen)).toEqual(new Map(seenByAnn));
    const present = new Map(seenByAnn);
    expect(present.size).toBe(2);
    expect([...present.values()].sort()).toEqual([...colorsOfUsers([...present.keys()]).values()].sort());
    colorsBefore = present;
  });

  it('3d changes the words in the 3D view with the language, at once', async () => {
    const { page } = ben;
    const switchTo = async (name: string, more: string) => {
      await page.getByRole('button', { name: more, exact: true }).click();
      // The words of the switch are labels of hidden radio buttons.
      await page
        .locator('label', { has: page.locator(`[aria-label="${name}"]`) })
        .or(page.locator('label', { hasText: name }))
        .first()
        .click();
      await page.keyboard.press('Escape');
    };
    await switchTo('中文', 'More');
    await page.locator('.wh-cube button', { hasText: '前' }).waitFor({ state: 'attached' });
    await page.locator('.wh-grid', { hasText: '网格' }).waitFor();
    await ben.picture('03g-chinese');
    await switchTo('English', '更多');
    await page.locator('.wh-cube button', { hasText: 'Front' }).waitFor({ state: 'attached' });
    await page.locator('.wh-grid', { hasText: 'Grid' }).waitFor();
  });

  it('4a lets Ann move a part by number and by hand; Ben sees it, cannot take it meanwhile, and is told why', async () => {
    const id = await annsRoom.select('Shaft');
    await annsRoom.panel('Properties');
    await annsRoom.type('Position X, millimetres', '-80+12');
    const atMinus68 = (part?: { poseInParent: { position: readonly number[] } }) =>
      Math.abs((part?.poseInParent.position[0] ?? 0) + 0.068) < 1e-9;
    await bensRoom.until('the shaft stands at -68 mm', 'Shaft', atMinus68);

    await bensRoom.select('Shaft');
    await bensRoom.tool('Move');
    await annsRoom.tool('Move');
    const start = (await annsRoom.part('Shaft')).poseInParent.position;
    const handle = await annsRoom.arm(1);
    await annsRoom.drag(handle, { x: handle.x, y: handle.y - 60 }, async () => {
      await bensRoom.row('Shaft, held by Ann').waitFor();
      await bensRoom.panel('Properties');
      await ben.page.getByText('Ann is holding this. You can change it when they let go.').waitFor();
      const reach = await bensRoom.arm(1);
      await bensRoom.drag(reach, { x: reach.x, y: reach.y - 40 }, () => bensRoom.wasTold('Ann is holding this part'));
      await ben.picture('04b-ben-is-refused', 0.5);
      await ann.picture('04c-ann-drags', 0.5);
    });
    await annsRoom.everythingIsSaved();
    const moved = (await annsRoom.part('Shaft')).poseInParent;
    expect(Math.hypot(...moved.position.map((value, axis) => value - start[axis]!))).toBeGreaterThan(0.005);
    await bensRoom.until(
      'the shaft stands where Ann let go',
      'Shaft',
      (part, wanted) => JSON.stringify(part?.poseInParent) === wanted,
      JSON.stringify(moved),
    );
    await bensRoom.row('Shaft').waitFor();
    expect((await bensRoom.part('Shaft')).id).toBe(id);
  });

  it('4b duplicates, recolours, hides and deletes, each seen at once by Ben', async () => {
    await annsRoom.focusView();
    await ann.page.keyboard.press('Control+d');
    const copies = (room: Room) =>
      room.page.waitForFunction(() => {
        const parts = window.__workhall.bench.session.document.get().tables.get('parts')!;
        return [...parts.values()].filter(({ name }) => String(name).startsWith('Shaft')).length === 2;
      });
    await copies(bensRoom);
    const copy = (await annsRoom.selected())[0]!;
    await annsRoom.panel('Properties');
    await ann.page.getByRole('radio', { name: 'Paint' }).click();
    await ann.page.getByRole('button', { name: 'Red', exact: true }).click();
    await bensRoom.untilPart('the copy is red', copy, (part) => part?.material.color === '#c22a2a');
    await annsRoom.focusView();
    await annsRoom.isStill();
    await ann.picture('04d-recoloured');
    await ann.page.keyboard.press('h');
    await bensRoom.untilPart('the copy is hidden', copy, (part) => part?.hidden === true);
    await ann.page.keyboard.press('h');
    await bensRoom.untilPart('the copy is shown', copy, (part) => part?.hidden === false);
    await ann.page.keyboard.press('Delete');
    await bensRoom.untilPart('the copy is gone', copy, (part) => part === undefined);
  });

  it('4c adds a plate with holes whose dimensions change, and undoes only her own steps by keyboard', async () => {
    await ann.page.getByRole('button', { name: 'Add', exact: true }).click();
    await ann.page.getByRole('button', { name: 'Plate with holes' }).click();
    const plate = (await annsRoom.selected())[0]!;
    const { shape } = await annsRoom.partOf(plate);
    if (shape?.kind !== 'plate') throw new Error('no plate was added');
    const before = shape.dimensions.thicknessM;
    await annsRoom.type('Thickness', '14');
    const is14 = (part?: { shape: unknown }) =>
      (part?.shape as { dimensions: { thicknessM: number } } | undefined)?.dimensions.thicknessM === 0.014;
    await bensRoom.untilPart('the plate is 14 mm thick', plate, is14);
    await ann.picture('04e-plate');

    await bensRoom.tool('Select');
    await bensRoom.select('Base');
    await bensRoom.panel('Properties');
    await bensRoom.type('Position X, millimetres', '7');
    const isAt7 = (part?: { poseInParent: { position: readonly number[] } }) =>
      Math.abs((part?.poseInParent.position[0] ?? 0) - 0.007) < 1e-9;
    await annsRoom.until('the base stands at 7 mm', 'Base', isAt7);

    await annsRoom.focusView();
    await ann.page.keyboard.press('Control+z');
    await bensRoom.untilPart(
      'the plate is as thick as before',
      plate,
      (part, wanted) =>
        (part?.shape as { dimensions: { thicknessM: number } } | null)?.dimensions.thicknessM === wanted,
      before,
    );
    await ann.page.keyboard.press('Control+z');
    await bensRoom.untilPart('the plate is gone', plate, (part) => part === undefined);
    await ann.page.keyboard.press('Control+Shift+z');
    await ann.page.keyboard.press('Control+Shift+z');
    await bensRoom.untilPart('the plate is back, 14 mm thick', plate, is14);
    expect(isAt7(await annsRoom.part('Base'))).toBe(true);
  });

  it('4d pins a comment on a face by a click; Ben sees the pin, opens it and answers', async () => {
    const base = await annsRoom.select('Base');
    await annsRoom.tool('Comment');
    const face = await annsRoom.faceOf(base);
    await ann.page.mouse.click(face.x, face.y);
    await ann.page.getByRole('textbox', { name: 'New comment' }).fill('Could this wall be 2 mm thinner?');
    await ann.picture('04f-new-comment');
    await ann.page.keyboard.press('Enter');

    const pin = ben.page.getByRole('button', { name: /1\. Ann: Could this wall/ });
    await pin.waitFor();
    await pin.click();
    const thread = ben.page.getByRole('listitem').filter({ hasText: 'Could this wall' });
    await thread.getByRole('textbox', { name: 'Reply' }).fill('Yes, down to 6 mm it holds.');
    await ben.page.keyboard.press('Enter');
    await thread.getByText('Yes, down to 6 mm it holds.').waitFor();
    await ben.picture('04g-ben-answers');
    await annsRoom.panel('Comments');
    await ann.page.getByText('Yes, down to 6 mm it holds.').waitFor();
    await ann.picture('04h-ann-reads');
  });

  it('5 loses nothing when the server is killed: both pages come back by themselves, with what was done meanwhile', async () => {
    await Promise.all([annsRoom.everythingIsSaved(), bensRoom.everythingIsSaved()]);
    const before = await annsRoom.fingerprint();
    expect(await bensRoom.fingerprint()).toBe(before);
    await ann.throughOutage(() =>
      ben.throughOutage(async () => {
        await hall.kill9();
        await ann.page.getByText('Your edits are kept and sent when the connection is back.').waitFor();
        await annsRoom.select('Shaft');
        await annsRoom.panel('Properties');
        const name = ann.page.getByRole('textbox', { name: 'Name', exact: true });
        await name.fill('Spindle');
        await name.press('Enter');
        await ann.page.getByText('1 edit is waiting.').waitFor();
        await ann.picture('05a-server-gone');
        hall = await startHall({
          dataDir: join(dataDir, 'hall'),
          env: { DEMO: '1', PORT: String(hall.port) },
          timeoutMs: 120_000,
        });
        await annsRoom.isLive();
        await bensRoom.isLive();
        await ann.page.getByText('Everything is saved').waitFor();
      }),
    );
    await bensRoom.until('Ben has the new name', 'Spindle', (part) => part !== undefined);
    const after = await annsRoom.fingerprint();
    expect(await bensRoom.fingerprint()).toBe(after);
    const colorsNow = await bensRoom.page.evaluate(() =>
      window.__workhall.bench.session.participants.get().map(({ user, color }) => [user, color] as const),
    );
    // Who come back in another order may have changed places where both are after one colour; nobody else has.
    for (const [user, color] of colorsNow)
      if (new Set([...colorsBefore.keys()].map(colorOfUser)).size === colorsBefore.size)
        expect(color).toBe(colorsBefore.get(user));
    await annsRoom.focusView();
    await ann.page.keyboard.press('Control+z');
    await annsRoom.until('the old name is back', 'Shaft', (part) => part !== undefined);
    expect(await annsRoom.fingerprint()).toBe(before);
    await ben.picture('05b-back');
  });

  it('6 publishes a revision with its picture, its CID and the shares of both', async () => {
    const { page } = ann;
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish a revision' });
    await dialog.getByRole('img', { name: 'Picture of the revision' }).waitFor();
    const shares = dialog.getByRole('region', { name: 'Contributors and their shares' });
    for (const name of ['Ann', 'Ben']) await shares.getByText(name).waitFor();
    await dialog.getByRole('textbox', { name: 'Title' }).fill('First printable version');
    await dialog.getByRole('textbox', { name: 'What is new' }).fill('Base plate added; the shaft sits higher.');
    await ann.picture('06a-publish');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('heading', { name: 'First printable version' }).waitFor();
    revisionPath = new URL(page.url()).pathname;
    expect(revisionPath).toMatch(/^\/revision\/bafy/);
    const pictures = await page.evaluate(
      async ([project, revision]) => {
        const { token } = JSON.parse(localStorage.getItem('workhall.session')!) as { token: string };
        const pictureOf = async (path: string) => {
          const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
          return ((await answer.json()) as { picture: string }).picture;
        };
        return [await pictureOf(`/api/projects/${project}`), await pictureOf(`/api/revisions/${revision}`)];
      },
      [projectPath.split('/')[2]!, revisionPath.split('/')[2]!] as const,
    );
    expect(pictures[0], 'the project shows the picture of its newest revision').toBe(pictures[1]);
    await page.getByText(revisionPath.split('/')[2]!).first().waitFor();
    const people = page.getByRole('region', { name: 'Contributors' }).getByRole('listitem');
    expect(await people.filter({ hasText: 'Ann' }).textContent()).toMatch(/%/);
    expect(await people.filter({ hasText: 'Ben' }).textContent()).toMatch(/%/);
    await page.getByText('Not minted').waitFor();
    await ann.picture('06b-revision');
  });

  it('7a lets both sign with keys the hall made, and mints: the token page names owner, people, shares, CID', async () => {
    const { page } = ann;
    await page.getByRole('button', { name: /Sign with my key|Make a key and sign/ }).click();
    await page.getByText('Waiting for 1 signature').waitFor();
    await ben.open(revisionPath);
    await ben.page.getByRole('button', { name: /Sign with my key|Make a key and sign/ }).click();
    await ben.page.getByText('Everybody has signed.').waitFor();
    await ben.picture('07a-ben-has-signed');
    await page.reload();
    await page.getByRole('button', { name: 'Mint the token' }).click();
    const badge = page.getByText(/^Token \d+$/).first();
    await badge.waitFor();
    tokenId = /\d+/.exec((await badge.textContent())!)![0];
    await ann.open(`/token/${tokenId}`);
    const token = page.getByRole('region', { name: 'Token' });
    await token.getByText('Owner').waitFor();
    await token.getByText('Transaction').waitFor();
    await page.getByRole('img', { name: 'Picture of First printable version' }).waitFor();
    await ann.isPainted('Picture of First printable version');
    await ann.picture('07b-token');
  });

  it('7b proves the token to Ann by a button and to anybody by a command; a changed byte is found and named', async () => {
    const { page } = ann;
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Verified: everything matches').waitFor();
    await page.getByRole('heading', { name: 'Proof' }).scrollIntoViewIfNeeded();
    await ann.picture('07c-verified');
    const command = await verifyByCommand();
    expect(command).toMatchObject({ code: 0, output: expect.stringContaining('Verified.') as string });

    const { journal } = await revision();
    const file = blockFile(journal.head);
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.concat([whole.subarray(0, -1), Buffer.of(whole.at(-1)! ^ 1)]));
    try {
      await page.getByRole('button', { name: 'Verify again' }).click();
      await page.getByText('Does not match').waitFor();
      await page.getByText(journal.head).first().waitFor();
      await ann.picture('07d-one-byte-changed');
      const refused = await verifyByCommand();
      expect(refused.code).toBe(1);
      expect(refused.output).toContain(journal.head);
    } finally {
      writeFileSync(file, whole);
    }
    await page.getByRole('button', { name: 'Verify again' }).click();
    await page.getByText('Verified: everything matches').waitFor();
  });

  it('8a asks the crowd with a brief; Cara follows the link, starts from the design, adds a part and hands in', async () => {
    await ann.open(projectPath);
    await ann.page.getByRole('button', { name: 'Ask the crowd' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'Ask the crowd' });
    await dialog.getByRole('textbox', { name: 'Title' }).fill('A lighter stand for the bearings');
    await dialog.getByRole('textbox', { name: 'Goal' }).fill('Carry 40 kg, bolt to a 100 mm grid, weigh under 2 kg.');
    await ann.picture('08a-new-brief');
    await dialog.getByRole('button', { name: 'Open the brief' }).click();
    await ann.page.getByRole('heading', { name: 'A lighter stand for the bearings', level: 1 }).waitFor();
    briefPath = new URL(ann.page.url()).pathname;
    await ann.picture('08b-brief');

    const { page } = cara;
    await cara.open(briefPath);
    await cara.giveName();
    await page.getByRole('button', { name: 'Start my submission' }).first().click();
    await page.getByRole('textbox', { name: 'What do you call it?' }).fill('Folded sheet stand');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/room\//);
    const room = new Room(cara);
    await room.enter(new URL(page.url()).pathname);
    await room.showsModels();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Box', exact: true }).click();
    await room.panel('Properties');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('Sheet stand');
    await name.press('Enter');
    await room.type('Width', '220');
    await room.everythingIsSaved();
    await cara.picture('08c-cara-designs');
    await room.panel('Brief');
    await page.getByRole('button', { name: 'Hand in', exact: true }).click();
    const handIn = page.getByRole('dialog', { name: 'Hand in' });
    await handIn.getByRole('textbox').fill('One folded sheet instead of a casting.');
    await handIn.getByRole('button', { name: 'Hand in' }).click();
    await page.getByText('handed in', { exact: true }).first().waitFor();
    await cara.picture('08d-cara-handed-in');
  });

  it('8b lets Ben walk into the submission, comment in 3D and rate; Cara answers with a second version', async () => {
    const { page } = ben;
    await ben.open(briefPath);
    const card = page.getByRole('article').filter({ hasText: 'Folded sheet stand' });
    const walkIn = card.getByRole('link', { name: 'Walk in' });
    await walkIn.waitFor();
    await ben.picture('08e-submission-card');
    const path = (await walkIn.getAttribute('href'))!;
    await bensRoom.enter(path);
    await bensRoom.showsModels();
    const stand = await bensRoom.select('Sheet stand');
    await bensRoom.focusView();
    await page.keyboard.press('f');
    await bensRoom.tool('Comment');
    const face = await bensRoom.faceOf(stand);
    await page.mouse.click(face.x, face.y);
    await page.getByRole('textbox', { name: 'New comment' }).fill('Please add a rib here.');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /1\. Ben: Please add a rib|2\. Ben: Please add a rib/ }).waitFor();
    await ben.picture('08f-ben-comments');

    await bensRoom.panel('Brief');
    await page.getByRole('button', { name: 'Rate it' }).click();
    for (const criterion of ['Function', 'Easy to make', 'Look'])
      await page.getByRole('radio', { name: `${criterion}: 4 of 5` }).press('4');
    await ben.picture('08g-ben-rates');
    await page.getByRole('button', { name: 'Save my rating' }).click();
    await page.getByText('Your rating is saved.').waitFor();

    const room = new Room(cara);
    await room.panel('Comments');
    await cara.page.getByText('Please add a rib here.').waitFor();
    await room.select('Sheet stand');
    await room.panel('Properties');
    await room.type('Height', '90');
    await room.everythingIsSaved();
    await room.panel('Brief');
    await cara.page.getByRole('button', { name: 'Hand in the next version' }).click();
    const again = cara.page.getByRole('dialog', { name: 'Hand in' });
    await again.getByRole('textbox').fill('Higher, with a rib.');
    await again.getByRole('button', { name: 'Hand in' }).click();
    await again.waitFor({ state: 'detached' });
    await cara.picture('08h-second-version');
  });

  it('8c takes the accepted submission into the project, with Cara among those who have a share', async () => {
    const { page } = ann;
    await ann.open(briefPath);
    const card = page.getByRole('article').filter({ hasText: 'Folded sheet stand' });
    await card.getByText('2 iterations').waitFor();
    await ann.picture('08i-two-iterations');
    await card.getByRole('button', { name: 'Accept…' }).click();
    const confirm = page.getByRole('dialog').filter({ hasText: 'cannot be taken back' });
    await confirm.getByText('1 comment stays in the submission.').waitFor();
    await confirm.getByText('Will have a share in the project: Cara.').waitFor();
    await ann.picture('08j-accept-preview');
    await confirm.getByRole('button', { name: 'Accept', exact: true }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: 'is accepted' });
    await dialog.getByText('Comments stay in the submission.').waitFor();
    await ann.picture('08j-accepted');
    await dialog.getByRole('link', { name: 'To the project' }).click();
    await page.getByRole('heading', { name: 'Bearing stand S-24', level: 1 }).waitFor();
    await annsRoom.enter(roomPath);
    await annsRoom.showsModels();
    await annsRoom.until('the stand is in the project, 90 mm high', 'Sheet stand', (part) => {
      const size = (part?.shape as { dimensions: { heightM: number } } | undefined)?.dimensions;
      return size?.heightM === 0.09;
    });
    await page.getByRole('button', { name: 'Publish' }).click();
    const shares = page.getByRole('region', { name: 'Contributors and their shares' });
    for (const name of ['Ann', 'Ben', 'Cara']) await shares.getByText(name).waitFor();
    await ann.picture('08k-three-shares');
  });
});

async function revision(): Promise<{ journal: { head: string } }> {
  const answer = await fetch(`${hall.url}/api/revisions/${revisionPath.split('/')[2]}`);
  return (await answer.json()) as { journal: { head: string } };
}

/** `npx workhall verify`, with nothing but the address of the hall. */
function verifyByCommand(): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'verify', tokenId, '--hall', hall.url],
      { env, timeout: PATIENCE_MS },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, output: out + err }),
    );
  });
}

/** The file in which the hall keeps a block: the one whose bytes have its hash. */
function blockFile(cid: string): string {
  const wanted = Buffer.from(CID.parse(cid).multihash.digest).toString('hex');
  const folder = join(dataDir, 'hall', 'ipfs', 'blocks');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && createHash('sha256').update(readFileSync(path)).digest('hex') === wanted) return path;
  }
  throw new Error(`The hall has no block ${cid}`);
}
