import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RoomSession } from '#net/index';
import { commentsOf, partOf, partsOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { Body, Carry } from '#protocol/presence/index';
import type { Avatars } from '../../client/scene/avatars/avatars.ts';
import type { RoomView } from '../../client/scene/room-view.types.ts';
import { pump } from '../../client/scene/dev/products.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { newContext, shoot } from '../support/drawing.ts';
import { beforeRelease } from '../support/full.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { Headset } from '../support/headset.ts';

/** Ada wears a headset (IWER's runtime in a real browser), Lin is in the same room from elsewhere, on a real server. */
const PICTURES = fileURLToPath(new URL('../../test-output/headset/', import.meta.url));
/** Pictures without a graphics card take a while. */
const PATIENCE_MS = 40_000;
vi.setConfig({ testTimeout: 420_000 });
const BOX = PartId.parse('box');
const BLOCK = PartId.parse('block');

let hall: Hall;
let browser: Browser;
let lin: Person;
const problems: string[] = [];
const sessions: RoomSession[] = [];

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  hall = await startHall();
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  lin = await signIn(hall.url, 'Lin');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await Promise.all(sessions.splice(0).map((session) => session.leave()));
  expect(problems.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
});

/** Lies beside the pump, apart from everything else. */
const block = solid(BLOCK, 'box', {
  name: 'Block',
  poseInParent: { position: [-0.02, 0.05, 0.2], rotation: [0, 0, 0, 1] },
  material: { preset: 'brass', color: '#c8a14b' },
});

/** A pump on the table, Lin beside it, and Ada's page with an emulated headset. */
async function meet({ language = 'en-GB', mode = 'VR' } = {}) {
  const signedIn = (await (
    await fetch(`${hall.url}/api/session/guest`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Ada"}',
    })
  ).json()) as { token: string };
  const ada = await signIn(hall.url, 'Ada');
  const accepts: Person = { ...ada, ask: (method, path, body) => askAs(signedIn.token, method, path, body) };
  const { room } = await openProject(lin, [accepts]);
  const session = await lin.enter(room, 'desktop');
  sessions.push(session);
  const added = session.submit('parts.add', { parts: [...pump(), block] });
  if ('problem' in added) throw new Error(added.problem.message);
  await session.confirmed(added.id);

  const context = await newContext(browser, {
    serviceWorkers: 'block',
    viewport: { width: 800, height: 600 },
    locale: language,
    reducedMotion: 'reduce',
  });
  await context.addInitScript((kept) => localStorage.setItem('workhall.session', kept), JSON.stringify(signedIn));
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== hall.url)
      problems.push(`fetched from elsewhere: ${url.href}`);
  });
  await page.goto(`${hall.url}/room/${room}?xr=emulate&test`);
  const button = page.getByRole('button', { name: mode === 'VR' ? /VR/ : /AR/ });
  await button.first().waitFor({ timeout: 90_000 });
  // Who enters second starts across from Lin; the places in these tests are seen from the front.
  await page.waitForFunction(() => window.__workhall?.bench);
  await page.evaluate(() => (window.__workhall as unknown as { view: RoomView }).view.lookFrom('iso'));
  await page.waitForFunction(() => !window.__workhall.bench.camera.isMoving);
  await button.first().click();
  const headset = new Headset(page);
  await headset.isOn();
  return { page, headset, session };
}

async function askAs<T>(token: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(hall.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

const picture = (page: Page, name: string) => shoot(page, { path: `${PICTURES}${name}.png` });
const poseOf = (session: RoomSession, id: PartId): Pose => partOf(session.document.get(), id)!.poseInParent;
const far = (a: Pose, b: Pose) => Math.hypot(...a.position.map((value, i) => value - b.position[i]!));

/** What Lin sees of Ada's body and of parts in her hands. */
function watch(session: RoomSession) {
  const carries: Carry[] = [];
  let body: Body | null = null;
  session.onCarries((all) => carries.push(...all));
  session.onBodies((all) => (body = all.at(-1)?.body ?? body));
  return { carries, body: () => body };
}

/** Lin stands on the other side of the table and says so, as people in a room do all the time. */
function stand(session: RoomSession, head: Vec3): () => void {
  const body: Body = {
    headInRoom: { position: head, rotation: [0, 1, 0, 0] },
    leftInRoom: { position: [head[0] + 0.2, head[1] - 0.35, head[2] + 0.25], rotation: [0, 1, 0, 0] },
    rightInRoom: { position: [head[0] - 0.2, head[1] - 0.3, head[2] + 0.3], rotation: [0, 1, 0, 0] },
    isHeadset: true,
  };
  const timer = setInterval(() => session.sendBody(body), 100);
  return () => clearInterval(timer);
}

describe('a person in a headset', () => {
  it('enters with the design before them, in view without looking down, and the others see their head there', async () => {
    const { page, headset, session } = await meet();
    const seen = watch(session);
    const leaveSpot = stand(session, [0.1, 0.62, -0.75]); // people are told of others near them
    const { position: eye } = await headset.head();
    const { min, max } = await page.evaluate(() => window.__workhall.bench.world.boundsInRoom());
    const [x, y, z] = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2 - eye[k]!) as [number, number, number];
    expect(Math.hypot(x, z)).toBeGreaterThan(0.6);
    expect(Math.hypot(x, z)).toBeLessThan(1.2);
    expect(Math.atan2(-y, Math.hypot(x, z))).toBeLessThan(0.6);
    await until('Lin sees the head where it is', () => seen.body() !== null, PATIENCE_MS);
    seen.body()!.headInRoom.position.forEach((value, k) => expect(value).toBeCloseTo(eye[k]!, 2));
    await picture(page, 'vr-entry');
    leaveSpot();
  });

  it('takes a part with the controller and moves it, while nobody else can; the others see it move', async () => {
    const { page, headset, session } = await meet();
    const seen = watch(session);
    const leaveSpot = stand(session, [0.1, 0.62, -0.75]);
    const before = poseOf(session, BOX);
    await headset.moveHand('left', [-0.2, 0.14, 0.42]);
    await headset.reachFor('right', BOX);
    await headset.until('the part is under the hand', (stay) => stay.grabbing.aimOf('right').isNear);
    await picture(page, 'vr-near-hover');
    await headset.press('right', 'squeeze');
    await until('Ada holds the terminal box', () => session.held.get().has(BOX), PATIENCE_MS);
    await headset.shiftHand('right', [0.04, 0.16, 0.05]);
    await until('Lin sees the part in the hand', () => seen.carries.some(({ part }) => part === BOX), PATIENCE_MS);
    expect((await session.hold([BOX])).ok).toBe(false);
    await picture(page, 'vr-near-grab');
    expect(poseOf(session, BOX)).toEqual(before);
    await headset.release('right', 'squeeze');
    await until('the move is settled', () => far(poseOf(session, BOX), before) > 0.15, PATIENCE_MS);
    await until('the part is free again', () => !session.held.get().has(BOX), PATIENCE_MS);
    expect((await session.hold([BOX])).ok).toBe(true);
    session.release([BOX]);
    const body = seen.body()!;
    expect(body.isHeadset).toBe(true);
    expect(body.leftInRoom && body.rightInRoom).toBeTruthy();
    expect(Math.hypot(body.headInRoom.position[0], body.headInRoom.position[2])).toBeLessThan(1.5);
    leaveSpot();
  });

  beforeRelease('takes a part with a pinching bare hand and moves it', async () => {
    const { page, headset, session } = await meet();
    const seen = watch(session);
    const before = poseOf(session, BLOCK);
    const standsAt = await headset.head();
    await headset.useBareHands();
    await headset.moveHand('left', [-0.25, 0.2, 0.4]);
    await headset.reachFor('right', BLOCK);
    await headset.until('the part is under the fingers', (stay) => stay.grabbing.aimOf('right').part === 'block');
    await headset.press('right', 'pinch');
    await until('Ada holds the block', () => session.held.get().has(BLOCK), PATIENCE_MS);
    await headset.shiftHand('right', [-0.05, 0.14, 0.06]);
    await until(
      'Lin sees the part between the fingers',
      () => seen.carries.some(({ part }) => part === BLOCK),
      PATIENCE_MS,
    );
    await picture(page, 'vr-hand-pinch');
    await headset.release('right', 'pinch');
    await until('the move is settled', () => far(poseOf(session, BLOCK), before) > 0.12, PATIENCE_MS);
    await until('nothing is held', () => session.held.get().size === 0, PATIENCE_MS);
    // A pinch on a part is no jump.
    expect((await headset.head()).position).toEqual(standsAt.position);
  });

  it('takes a far part along the ray, and is told who holds a part that is taken', async () => {
    const { page, headset, session } = await meet();
    const leaveSpot = stand(session, [0.25, 0.62, -0.7]);
    await session.hold([BOX]);
    await page.evaluate(() => {
      const stay = window.__workhall.xr.stay!;
      stay.notice.shownMs = stay.grabbing.flashMs = 60_000; // a picture takes its time here
    });
    await headset.moveHand('left', [-0.24, 0.12, 0.4]);
    await headset.pointAt('right', BOX);
    await headset.until('the ray meets the terminal box', (stay) => stay.grabbing.aimOf('right').part === 'box');
    await headset.press('right', 'trigger');
    await headset.until('the holder is named', (stay) => stay.notice.text.includes('Lin'));
    await picture(page, 'vr-refused');
    await headset.release('right', 'trigger');
    session.release([BOX]);

    const before = poseOf(session, PartId.parse('volute'));
    await headset.pointAt('right', PartId.parse('volute'));
    await headset.until('the ray meets the volute', (stay) => stay.grabbing.aimOf('right').part === 'volute');
    await picture(page, 'vr-far-ray');
    await headset.press('right', 'trigger');
    await until('Ada holds the volute', () => session.held.get().has('volute'), PATIENCE_MS);
    await headset.shiftHand('right', [0, 0.15, 0]);
    await headset.stick('right', 0, -1);
    await headset.until('the stick pushes it away', (stay) => stay.grabbing.reachOf('right') > 1);
    await headset.stick('right', 0, 0);
    await headset.release('right', 'trigger');
    await until('the move is settled', () => far(poseOf(session, PartId.parse('volute')), before) > 0.2, PATIENCE_MS);
    leaveSpot();
  });

  it('works with the palette at the wrist: colour, duplicate, undo, a comment on a face, and out again', async () => {
    const { page, headset, session } = await meet();
    await headset.moveHand('left', [-0.17, 0.14, 0.42]);
    await headset.moveHand('right', [0.2, 0.1, 0.25]);
    await headset.until('the palette is there', (stay) => stay.palette.isShown);
    const selected = PartId.parse('bearing');
    await page.evaluate((id) => window.__workhall.bench.selection.set(new Set([id])), selected);
    await headset.pressTarget('right', (act) => act.kind === 'paint' && act.color === '#c92a2a');
    await until(
      'the bearing is red',
      () => partOf(session.document.get(), selected)!.material.color === '#c92a2a',
      PATIENCE_MS,
    );
    await picture(page, 'vr-palette');
    const count = partsOf(session.document.get()).size;
    await headset.pressTarget('right', (act) => act.kind === 'duplicate');
    await until('there is a copy', () => partsOf(session.document.get()).size === count + 1, PATIENCE_MS);
    await headset.pressTarget('right', (act) => act.kind === 'undo');
    await until('the copy is gone', () => partsOf(session.document.get()).size === count, PATIENCE_MS);

    await headset.pressTarget('right', (act) => act.kind === 'page');
    await picture(page, 'vr-palette-comments');
    await headset.pressTarget('right', (act) => act.kind === 'comment' && act.preset === 1);
    await headset.pointAt('right', PartId.parse('box'));
    await headset.until('the ray meets the terminal box', (stay) => stay.grabbing.aimOf('right').part === 'box');
    await headset.press('right', 'trigger');
    await until('the comment is pinned', () => commentsOf(session.document.get()).size === 1, PATIENCE_MS);
    await headset.release('right', 'trigger');
    const [comment] = commentsOf(session.document.get()).values();
    expect(comment).toMatchObject({ text: 'Too thin', anchor: { part: 'box' } });
    await picture(page, 'vr-comment');

    await headset.pressTarget('right', (act) => act.kind === 'leave');
    await page.getByRole('button', { name: /VR/ }).first().waitFor();
    await headset.isOff();
    await picture(page, 'after-vr');
  });

  beforeRelease('presses the palette with a bare finger, in Chinese', async () => {
    const { page, headset, session } = await meet({ language: 'zh-CN' });
    await headset.useBareHands();
    await headset.turnPalmToEyes('left', [-0.16, 0.12, 0.24]);
    await headset.moveHand('right', [0.25, 0.1, 0.3]);
    await headset.until('the palette is there', (stay) => stay.palette.isShown);
    const count = partsOf(session.document.get()).size;
    await headset.pokeTarget('right', (act) => act.kind === 'add' && act.shape === 'cylinder');
    await picture(page, 'vr-palette-zh');
    await until('there is a new part', () => partsOf(session.document.get()).size === count + 1, PATIENCE_MS);
  });

  it('jumps with the stick and turns in steps, the horizon level', async () => {
    const { page, headset } = await meet();
    await headset.moveHand('right', [0.25, 0.1, 0.1]);
    await headset.moveHand('left', [-0.24, 0.12, 0.4]);
    const before = await headset.head();
    await headset.stick('right', 0.9, 0);
    await headset.until(
      'the person has turned',
      (stay) => Math.abs(stay.rigInRoom.rotation[1]) < 0.2 || Math.abs(stay.rigInRoom.rotation[1]) > 0.4,
    );
    await headset.stick('right', 0, 0);
    const turned = await headset.head();
    turned.position.forEach((value, i) => expect(value).toBeCloseTo(before.position[i]!, 2));
    await headset.aim('right', [0.5, -0.4, -1]);
    await headset.stick('right', 0, -1);
    await page.waitForTimeout(400);
    await picture(page, 'vr-teleport');
    await headset.stick('right', 0, 0);
    await headset.until(
      'the person is somewhere else',
      (stay, from) => Math.hypot(stay.headInRoom.position[0] - from[0], stay.headInRoom.position[2] - from[2]) > 0.4,
      turned.position,
    );
    const after = await headset.head();
    expect(after.position[1]).toBeCloseTo(before.position[1], 2);
  });

  beforeRelease(
    'goes beside the other from the palette, and back with the next press; words follow the language',
    async () => {
      const { page, headset, session } = await meet();
      const before = await headset.head();
      const opposite: Vec3 = [-before.position[0] * 1.6, 0.62, -before.position[2] * 1.6];
      const leaveSpot = stand(session, opposite);
      await headset.moveHand('left', [-0.17, 0.14, 0.42]);
      await headset.until('the palette is there', (stay) => stay.palette.isShown);
      await page.waitForFunction(
        (name) => {
          const { session: mine } = window.__workhall.bench;
          const other = mine.participants.get().find((one) => one.name === name)!;
          const { avatars } = window.__workhall as unknown as { avatars: Avatars };
          return (avatars.of(other.participant)?.headInRoom(performance.now()) ?? null) !== null;
        },
        'Lin',
        { polling: 100 },
      );
      await headset.pressTarget('right', (act) => act.kind === 'visit');
      await headset.until(
        'Ada stands beside Lin',
        (stay, lin) => Math.hypot(stay.headInRoom.position[0] - lin[0], stay.headInRoom.position[2] - lin[2]) < 0.8,
        opposite,
      );
      const there = await headset.head();
      expect(there.position[1]).toBeCloseTo(before.position[1], 2);
      await headset.moveHand('left', [-0.17, 0.14, 0.42]);
      await headset.frames(10);
      await picture(page, 'vr-beside-lin');
      await headset.pressTarget('right', (act) => act.kind === 'visit');
      await headset.until(
        'Ada is back',
        (stay, from) => Math.hypot(stay.headInRoom.position[0] - from[0], stay.headInRoom.position[2] - from[2]) < 0.05,
        before.position,
      );
      await page.evaluate(() => (window.__workhall as unknown as { view: RoomView }).view.setLanguage('zh'));
      await headset.moveHand('left', [-0.17, 0.14, 0.42]);
      await headset.frames(10);
      await picture(page, 'vr-palette-turned-zh');
      leaveSpot();
    },
  );

  it('sees the design on the real table in AR, and works on it there', async () => {
    const { page, headset, session } = await meet({ mode: 'AR' });
    await headset.moveHand('left', [-0.2, 0.14, 0.42]);
    await headset.reachFor('right', BOX);
    const before = poseOf(session, BOX);
    await headset.press('right', 'squeeze');
    await until('Ada holds the terminal box', () => session.held.get().has(BOX), PATIENCE_MS);
    await headset.shiftHand('right', [0, 0.12, 0.05]);
    await picture(page, 'ar-grab');
    await headset.release('right', 'squeeze');
    await until('the move is settled', () => far(poseOf(session, BOX), before) > 0.08, PATIENCE_MS);
  });
});
