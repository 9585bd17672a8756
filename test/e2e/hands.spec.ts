import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import { HAND_JOINTS } from '#protocol/presence/index';
import { PartId } from '#protocol/ids';
import type { Avatars } from '../../client/scene/avatars/avatars.ts';
import { pump } from '../../client/scene/dev/products.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { beforeRelease } from '../support/full.ts';
import { Headset } from '../support/headset.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { Visitor } from './support/visitor.ts';
import { Room } from './support/room.ts';

/** Ada has bare hands in a headset (IWER's runtime), Lin looks at them from a desktop; a real server between them. */
const PATIENCE_MS = 60_000;
vi.setConfig({ testTimeout: 420_000 });
const BLOCK = PartId.parse('block');
const [THUMB, INDEX] = ['thumb-tip', 'index-finger-tip'].map((name) => HAND_JOINTS.indexOf(name)) as [number, number];

/** Lies beside the pump, apart from everything else: who pinches into the air jumps. */
const block = solid(BLOCK, 'box', {
  name: 'Block',
  poseInParent: { position: [-0.02, 0.05, 0.2], rotation: [0, 0, 0, 1] },
});

let hall: Hall;
let browser: Browser;
let ada: Person;
let lin: Person;

beforeAll(async () => {
  hall = await startHall();
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  [ada, lin] = await Promise.all([signIn(hall.url, 'Ada'), signIn(hall.url, 'Lin')]);
});
afterAll(async () => {
  await browser?.close();
  await hall?.stop();
});

async function pageOf(person: Person): Promise<Visitor> {
  const visitor = await Visitor.arrive(browser, hall.url, person.name, 'hands', {
    viewport: { width: 960, height: 720 },
  });
  const me = { id: person.id, name: person.name, badge: 'guest', address: null, addressKind: null };
  await visitor.page.addInitScript(
    (kept) => localStorage.setItem('workhall.session', kept),
    JSON.stringify({ token: person.token, me }),
  );
  return visitor;
}

/** How far thumb and index finger of Ada's right hand are apart, metres: as Lin's page draws them, and as they are. */
const drawnApart = (page: Page): Promise<number | null> =>
  page.evaluate(
    ([thumb, index]) => {
      const { session } = window.__workhall.bench;
      const other = session.participants.get().find(({ name }) => name === 'Ada');
      const { avatars } = window.__workhall as unknown as { avatars: Avatars };
      const avatar = other && avatars.of(other.participant);
      const [a, b] = [avatar?.jointInHand(1, thumb), avatar?.jointInHand(1, index)];
      return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : null;
    },
    [THUMB, INDEX] as const,
  );
const reallyApart = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { tipInRoom: index, grabPointInRoom: between } = window.__workhall.xr.stay!.hands.right;
    return 2 * Math.hypot(...([0, 1, 2] as const).map((k) => index![k] - between![k]));
  });

/** How far Ada's right hand is drawn from where it is, metres. */
async function handsApart(seeing: Page, wearing: Page): Promise<number> {
  const [drawn, real] = await Promise.all([
    seeing.evaluate(() => {
      const { session } = window.__workhall.bench;
      const other = session.participants.get().find(({ name }) => name === 'Ada')!;
      const { avatars } = window.__workhall as unknown as { avatars: Avatars };
      return avatars.of(other.participant)?.handInRoom(1) ?? null;
    }),
    wearing.evaluate(() => window.__workhall.xr.stay!.hands.right.gripInRoom?.position ?? null),
  ]);
  return drawn && real ? Math.hypot(...([0, 1, 2] as const).map((k) => drawn[k] - real[k])) : Infinity;
}

describe('bare hands', () => {
  beforeRelease(
    'are seen with their fingers by who stands near: open, pinching, and gone with the controllers',
    async () => {
      const { room } = await openProject(lin, [ada]);
      const session = await lin.enter(room);
      const added = session.submit('parts.add', { parts: [...pump(), block] });
      if ('id' in added) await session.confirmed(added.id);
      await session.leave();

      const [seeing, wearing] = await Promise.all([pageOf(lin), pageOf(ada)]);
      const view = new Room(seeing);
      await view.enter(`/room/${room}`);
      await wearing.page.goto(`${hall.url}/room/${room}?xr=emulate&test`);
      await wearing.page.getByRole('button', { name: /VR/ }).first().click({ timeout: 90_000 });
      const headset = new Headset(wearing.page);
      await headset.isOn();
      await headset.useBareHands();
      await headset.moveHand('left', [-0.25, 0.25, 0.45]);
      await headset.reachFor('right', BLOCK);
      await headset.until('the part is under the fingers', (stay) => stay.grabbing.aimOf('right').part === 'block');

      await until('Lin sees fingers', async () => (await drawnApart(seeing.page)) !== null, PATIENCE_MS);
      const same = async () => Math.abs((await drawnApart(seeing.page))! - (await reallyApart(wearing.page))) < 0.005;
      await until('the fingers of the open hand are where they are', same, PATIENCE_MS);
      const open = (await drawnApart(seeing.page))!;
      await until(
        'the hand itself is where it is',
        async () => (await handsApart(seeing.page, wearing.page)) < 0.01,
        PATIENCE_MS,
      );
      await lookAtHand(seeing.page);
      await seeing.picture('open');
      await headset.press('right', 'pinch');
      await until('the fingers have bent', async () => (await drawnApart(seeing.page))! < open - 0.02, PATIENCE_MS);
      await until('as they really are', same, PATIENCE_MS);
      const pinched = (await drawnApart(seeing.page))!;
      await seeing.picture('pinch');
      await headset.release('right', 'pinch');
      await until(
        'the fingers have opened',
        async () => (await drawnApart(seeing.page))! > pinched + 0.02,
        PATIENCE_MS,
      );
      await until('as they really have', same, PATIENCE_MS);
      console.log(`Thumb to index finger as drawn: open ${mm(open)}, pinching ${mm(pinched)}`);

      // Controllers instead: the plain hands are back.
      await wearing.page.evaluate(() => void (window.__workhallXr.device.primaryInputMode = 'controller'));
      await until('no fingers any more', async () => (await drawnApart(seeing.page)) === null, PATIENCE_MS);
      await seeing.picture('controllers');
      expect(wearing.problems.concat(seeing.problems)).toEqual([]);
    },
  );
});

const mm = (metres: number) => `${Math.round(metres * 1000)} mm`;

/** Lin's camera goes near to Ada's right hand. */
async function lookAtHand(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { session, camera } = window.__workhall.bench;
    const other = session.participants.get().find(({ name }) => name === 'Ada')!;
    const { avatars } = window.__workhall as unknown as { avatars: Avatars };
    const hand = avatars.of(other.participant)!.handInRoom(1)!;
    const head = avatars.of(other.participant)!.headInRoom(performance.now())!.position;
    // From the side, far enough from the head: who stands in one's way is drawn faint.
    const [x, z] = [head[0] - hand[0], head[2] - hand[2]];
    const n = Math.hypot(x, z, 0.35);
    camera.lookAt(hand, [-z / n, 0.35 / n, x / n], 0.6);
  });
  await page.waitForFunction(() => !window.__workhall.bench.camera.isMoving);
}
