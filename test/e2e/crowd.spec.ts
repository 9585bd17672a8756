import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, vi } from 'vitest';
import type { RoomSession } from '#net/index';
import type { Avatars } from '../../client/scene/avatars/avatars.ts';
import { CHROMIUM_ARGS, findChromium } from '../support/chromium.ts';
import { beforeRelease } from '../support/full.ts';
import { expectReadable } from '../support/pages.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { Room } from './support/room.ts';
import { PATIENCE_MS, Visitor } from './support/visitor.ts';

/** Ann stands at one end of a hall; a crowd stands at the other end, too far away to be shown one by one. */
const CROWD = Number(import.meta.env['CROWD'] ?? 90);
const NEAR_END_M = -31;
const FAR_END_M = 14;
vi.setConfig({ testTimeout: 420_000, hookTimeout: 180_000 });

let hall: Hall;
let browser: Browser;
let ann: Person;
let room: string;
const sessions: RoomSession[] = [];

beforeAll(async () => {
  hall = await startHall();
  browser = await chromium.launch({ executablePath: findChromium(), args: CHROMIUM_ARGS });
  ann = await signIn(hall.url, 'Ann');
  ({ room } = await openProject(ann));
  const builder = await ann.enter(room);
  const added = builder.submit('parts.add', { parts: [solid('shaft', 'cylinder')] });
  if ('id' in added) await builder.confirmed(added.id);
  const { project } = await ann.ask<{ project: string }>('GET', `/api/rooms/${room}`);
  const { token } = await ann.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
    role: 'observer',
  });
  await builder.leave();
  const left = Array.from({ length: CROWD }, (_, n) => n);
  // Ten at a time: their coming is not what is tested here.
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (let n = left.shift(); n !== undefined; n = left.shift()) {
        const guest = await signIn(hall.url, `Guest ${n + 1}`);
        await guest.ask('POST', `/api/invitations/${token}/accept`);
        const session = await guest.enter(room, n % 3 ? 'headset' : 'desktop');
        sessions.push(session);
        const place = [FAR_END_M + (n % 15), 1.7, Math.floor(n / 15)] as [number, number, number];
        session.sendBody({ headInRoom: { position: place, rotation: [0, 0, 0, 1] }, isHeadset: n % 3 !== 0 });
      }
    }),
  );
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.leave()));
  await browser?.close();
  await hall?.stop();
});

describe('a crowd in the people panel', () => {
  beforeRelease(
    'says how many are too far away to be shown, finds anybody by name, and draws only those on screen',
    async () => {
      for (const [look, language, scheme, beyondText] of [
        ['light', 'en-GB', 'light', /(\d+) of them are too far away to be shown\./],
        ['dark-zh', 'zh-CN', 'dark', /其中 (\d+) 人距离太远，未显示在场景中。/],
      ] as const) {
        const visitor = await Visitor.arrive(browser, hall.url, 'Ann', 'crowd', {
          locale: language,
          colorScheme: scheme,
        });
        const { page } = visitor;
        const me = { id: ann.id, name: ann.name, badge: 'guest', address: null, addressKind: null };
        await page.addInitScript(
          (kept) => localStorage.setItem('workhall.session', kept),
          JSON.stringify({ token: ann.token, me }),
        );
        await new Room(visitor).enter(`/room/${room}`);
        await page.keyboard.press('4');
        await page
          .getByText(`${CROWD + 1}`, { exact: true })
          .first()
          .waitFor();
        // In the middle of the hall everybody is told of; from its end the other end is out of sight.
        await page.evaluate(
          (x) => window.__workhall.bench.camera.lookAt([x, 1, 0], [-1, 0.3, 0], 0.5),
          NEAR_END_M + 0.5,
        );
        const line = page.getByText(beyondText);
        await until(
          'those at the other end are counted',
          async () => Number(beyondText.exec((await line.allTextContents())[0] ?? '')?.[1]) === CROWD,
          PATIENCE_MS,
        );
        // Nor do they stand there as ghosts.
        const drawn = () =>
          page.evaluate(() => {
            const { avatars, bench } = window.__workhall as unknown as {
              avatars: Avatars;
              bench: { session: RoomSession };
            };
            return bench.session.participants.get().filter(({ participant }) => avatars.of(participant)?.spots().length)
              .length;
          });
        await until('nobody of them is drawn', async () => (await drawn()) === 0, PATIENCE_MS);
        const list = page.getByRole('list', { name: language === 'zh-CN' ? '在场人员' : 'People in the room' });
        expect(await list.getByRole('listitem').count()).toBeLessThan(40);
        expect(await list.getByRole('listitem').first().textContent()).toContain('Ann');
        await visitor.picture(look);
        await expectReadable(page);
        await page
          .getByRole('textbox', { name: language === 'zh-CN' ? '查找人员' : 'Find a person' })
          .fill(`guest ${CROWD}`);
        await list.getByText(`Guest ${CROWD}`, { exact: true }).waitFor();
        expect(await list.getByRole('listitem').count()).toBe(1);
        await visitor.picture(`${look}-found`);
        if (language === 'en-GB') {
          await page.getByRole('textbox', { name: 'Find a person' }).fill('nobody');
          await page.getByText('Nobody here is called “nobody”.').waitFor();
          // In the middle of the hall nobody is beyond sight, unless there are more than a view takes.
          await page.evaluate(() => window.__workhall.bench.camera.lookAt([0, 0.1, 0], [0, 0.3, 1], 1));
          await until(
            'they have come into sight',
            async () =>
              Number(/\d+/.exec((await line.allTextContents())[0] ?? '')?.[0] ?? 0) <= Math.max(0, CROWD - 200),
            PATIENCE_MS,
          );
        }
        visitor.expectNoProblems();
        await page.context().close();
      }
    },
  );
});
