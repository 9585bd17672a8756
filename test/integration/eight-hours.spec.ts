import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuidanceSession } from '#net/index';
import type { OfflinePack } from '#protocol/api/offline';
import { stateHash } from '#protocol/document/index';
import { hasSkill, rowsOf } from '#protocol/guidance/index';
import { decodeSnapshot } from '#protocol/journal/index';
import { Dice } from '../support/design-arbitraries.ts';
import { FileDevice } from '../support/file-device.ts';
import { Line } from '../support/line.ts';
import {
  doSomething,
  enterJob,
  idsInJournal,
  liveAndDie,
  openShop,
  takeJob,
  type Shop,
} from '../support/offline-shift.ts';
import { A_PHOTO } from '../support/jobs.ts';
import { until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const HOUR_MS = 3_600_000;
const SHIFT_MS = 8 * HOUR_MS;
/** Each with a life of the page now and then, by turns. */
const JOBS = 20;
/** A fifth of the promise, which takes a minute more whole: `SHIFT_EVENTS=10000`. */
const EVENTS = Number(process.env['SHIFT_EVENTS'] ?? 2_000);
const KILLS = EVENTS / 10;
const SYNC_MS = 30_000;
/** Of Ann's certificate, from the beginning of the shift. */
const CERTIFIED_MS = 4 * HOUR_MS;

/** A hall whose clock is ahead by so many ms as stand in a file. Preloaded, so that everything in it goes by it. */
function goingBy(file: string): Record<string, string> {
  const moved = `import { readFileSync } from 'node:fs';
    const now = Date.now.bind(Date);
    let ahead = 0;
    setInterval(() => (ahead = Number(readFileSync(${JSON.stringify(file)}, 'utf8')) || ahead), 100).unref();
    Date.now = () => now() + ahead;`;
  return { LOG_LEVEL: 'error', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(moved)}` };
}

/** Share of a processor that this program gets when it wants one: others may be at work on the machine. */
function shareOfProcessor(): number {
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() < startMs + 1_000);
  const { user, system } = process.cpuUsage(before);
  return Math.min(1, (user + system) / 1000 / (performance.now() - startMs));
}

/** The whole promise at once: eight hours pass on the device and in the hall, while the test takes minutes. */
describe('eight hours without a network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-eight-hours-'));
  const hallClock = join(folder, 'hall-clock');
  const realNow = Date.now;
  let aheadMs = 0;
  let hall: Hall;
  let line: Line;
  let shop: Shop;
  let rooms: readonly string[];
  let untilNoon: string;
  let afterNoon: string;
  const pathOf = (room: string) => join(folder, room);

  beforeAll(async () => {
    console.info(`SEED=${SEED}`);
    Date.now = () => realNow() + aheadMs;
    writeFileSync(hallClock, '0');
    hall = await startHall({ env: goingBy(hallClock) });
    shop = await openShop(hall, JOBS + 2, { tools: [{ tool: 'wrench', device: 'W-1', typedOffline: true }] });
    rooms = shop.rooms.slice(2);
    [untilNoon, afterNoon] = shop.rooms as [string, string];
    const { owner, ann, project } = shop;
    await owner.ask('POST', `/api/projects/${project}/credentials`, {
      person: ann.id,
      achievement: { name: 'Tightening', description: 'Tightens by torque.', criteria: 'Shown twice.' },
      skills: [{ code: 'TORQUE', name: 'Tightening', level: 3 }],
      validUntil: Date.now() + CERTIFIED_MS,
    });
  }, 90_000);
  afterAll(async () => {
    Date.now = realNow;
    await line?.close();
    await hall?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    `${EVENTS} events, the page killed ${KILLS} times: nothing lost, nothing twice, in order, in sync within 30 s`,
    { timeout: 460_000 },
    async () => {
      const dice = new Dice(SEED);
      const { ann } = shop;
      line = await Line.to(hall);
      for (const room of [untilNoon, afterNoon]) await isCertified(room);
      for (const room of shop.rooms) {
        const device = new FileDevice(pathOf(room));
        await takeJob(line.url, ann, room, device);
        device.dispose();
      }
      const { goodUntil } = await ann.ask<OfflinePack>('GET', `/api/jobs/${rooms[0]!}/offline-pack`);
      const beginsMs = Date.now();
      line.cut();

      let asked = 0;
      const ageTo = async (ms: number) => {
        aheadMs = ms;
        writeFileSync(hallClock, `${ms}`);
        // By the device's own clock: the certificate is good in the morning, and not in the afternoon.
        if (asked === 0 && ms > HOUR_MS) asked += await tightens(untilNoon, null);
        if (asked === 1 && ms > CERTIFIED_MS + HOUR_MS) asked += await tightens(afterNoon, 'skill_expired');
      };
      for (let kill = 0; kill < KILLS; kill++) {
        await ageTo((kill / KILLS) * SHIFT_MS);
        const room = rooms[dice.upTo(JOBS)]!;
        const life = { acts: 4 + dice.upTo(14), fuse: 2 + dice.upTo(12), isOnline: false };
        await liveAndDie(line.url, ann, room, pathOf(room), dice, life);
      }
      expect(asked).toBe(2);
      await ageTo(SHIFT_MS);
      expect(Date.now()).toBeLessThan(goodUntil);

      const devices = rooms.map((room) => new FileDevice(pathOf(room)));
      const keptOf = (at: number) => [...new Set(devices[at]!.ledger)];
      const killed = rooms.reduce((sum, _, at) => sum + keptOf(at).length, 0);
      const sessions: GuidanceSession[] = [];
      // What the kills took is done at the end of the shift.
      for (const [at, room] of rooms.entries()) {
        const session = await enterJob(line.url, ann, room, devices[at]!);
        expect(session.pendingCount.get()).toBe(keptOf(at).length);
        for (let more = Math.ceil((EVENTS - killed) / JOBS); more > 0; more--) doSomething(session, dice);
        sessions.push(session);
      }
      const waiting = sessions.reduce((sum, session) => sum + session.pendingCount.get(), 0);
      expect(waiting).toBeGreaterThanOrEqual(EVENTS);
      expect(killed).toBeGreaterThan(EVENTS / 4);

      const share = shareOfProcessor();
      const backMs = performance.now();
      line.mend();
      const isDone = () =>
        sessions.every((one) => one.connection.get().state === 'live' && one.pendingCount.get() === 0);
      await until('everything is in sync', isDone, SYNC_MS / Math.max(0.2, share));
      const tookS = ((performance.now() - backMs) / 1000).toFixed(1);
      const percent = Math.round(100 * share);
      console.info(
        `${waiting} events, ${killed} before a kill; in sync after ${tookS} s with ${percent} % of a processor`,
      );

      let earliestMs = Infinity;
      let latestMs = 0;
      for (const [at, room] of rooms.entries()) {
        const session = sessions[at]!;
        expect(session.refused.get()).toEqual([]);
        const ids = await idsInJournal({ ...ann, hallUrl: hall.url }, room, ann.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(keptOf(at));
        const { document } = decodeSnapshot(await bytesOf(`/api/rooms/${room}/snapshot`));
        expect(stateHash(session.document.get())).toBe(stateHash(document));
        // Each has the time at which it was done, not the one at which it came.
        const times = rowsOf(document, 'scans').map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        earliestMs = Math.min(earliestMs, ...times);
        latestMs = Math.max(latestMs, ...times);
        await session.leave();
      }
      expect(earliestMs).toBeLessThan(beginsMs + HOUR_MS);
      expect(latestMs).toBeGreaterThan(beginsMs + SHIFT_MS - HOUR_MS);
      expect(latestMs - earliestMs).toBeLessThan(SHIFT_MS + HOUR_MS);
    },
  );

  /** The hall puts what the crew can do into the journal when the first of them comes in. */
  async function isCertified(room: string): Promise<void> {
    const device = new FileDevice(join(folder, `${room}-before`));
    const session = await enterJob(hall.url, shop.ann, room, device);
    const skill = { code: 'TORQUE', level: 3 };
    await until('the certificate is shown', () => hasSkill(session.document.get(), shop.ann.id, skill, Date.now()));
    await session.leave();
    device.dispose();
  }

  /** A job as far as its torque, which asks for the certificate. Returns 1, for the count. */
  async function tightens(room: string, refusal: string | null): Promise<1> {
    const device = new FileDevice(pathOf(room));
    const session = await enterJob(line.url, shop.ann, room, device);
    const bearing = { thing: 'bearing' as never, code: { part: '6208-2RS', serial: `B-${room}`, lot: null } };
    const typed = { tool: 'wrench' as never, value: 25, unit: 'N.m' as never };
    const made = [
      session.submitJob('part.scan', bearing),
      session.submitJob('photo.add', { gate: 'bearing-photo', cid: A_PHOTO as never, kind: 'picture' }),
      session.submitJob('job.act', { act: { type: 'mounted', by: shop.ann.id, thing: 'bearing' } as never }),
      session.submitJob('tool.typed', typed),
    ].map((one) => ('problem' in one ? one.problem.key : null));
    expect(made).toEqual([null, null, null, refusal]);
    await session.leave();
    device.dispose();
    return 1;
  }

  const bytesOf = async (path: string): Promise<Uint8Array> => {
    const answer = await fetch(hall.url + path, { headers: { authorization: `Bearer ${shop.ann.token}` } });
    return new Uint8Array(await answer.arrayBuffer());
  };
});
