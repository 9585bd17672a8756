import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GuidanceSession } from '#net/index';
import { Dice } from '../../support/design-arbitraries.ts';
import { FileDevice } from '../../support/file-device.ts';
import { Line } from '../../support/line.ts';
import { doSomething, enterJob, idsInJournal, liveAndDie, openShop, takeJob } from '../../support/offline-shift.ts';
import { until } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import { percentile, sizeOf, type Figure, type Part } from '../figures.ts';

const JOBS = 20;
const ACTS = sizeOf('SHIFT_ACTS', 10_000);
const KILLS = ACTS / 10;
/** Share of a page's lives in which there is a line for a moment. */
const ONLINE = 0.05;

export const resync: Part = { name: 'resync', measure };

/**
 * A shift in fast motion: twenty jobs that were taken along, ten thousand acts, the page killed at every tenth, at random
 * writes to its device (which are on the platter each), the line there now and then. Then the line is back for good.
 */
async function measure(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-resync-'));
  const hall = await startHall({ env: { LOG_LEVEL: 'error' } });
  const line = await Line.to(hall);
  const dice = new Dice(20_261_121);
  try {
    const { ann, rooms } = await openShop(hall, JOBS);
    const deviceOf = (room: string) => new FileDevice(join(folder, room));
    for (const room of rooms) {
      const device = deviceOf(room);
      await takeJob(line.url, ann, room, device);
      device.dispose();
    }
    const openedMs: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const isOnline = dice.next() < ONLINE;
      if (isOnline) line.mend();
      else line.cut();
      const path = join(folder, rooms[kill % JOBS]!);
      const life = { acts: 2 + dice.upTo(5), fuse: 3 + dice.upTo(6), isOnline };
      await liveAndDie(line.url, ann, rooms[kill % JOBS]!, path, dice, life);
    }
    // The rest of the shift without a kill, so that it is ten thousand whatever the kills took.
    line.cut();
    const kept = rooms.map((room) => deviceOf(room));
    let acts = kept.reduce((sum, { ledger }) => sum + new Set(ledger).size, 0);
    const sessions: GuidanceSession[] = [];
    for (const [n, room] of rooms.entries()) {
      const startMs = performance.now();
      const session = await enterJob(line.url, ann, room, kept[n]!);
      openedMs.push(performance.now() - startMs);
      for (; acts < ((n + 1) / JOBS) * ACTS; acts++) doSomething(session, dice);
      sessions.push(session);
    }
    const waiting = sessions.reduce((sum, session) => sum + session.pendingCount.get(), 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    line.mend();
    const backMs = performance.now();
    const isDone = () => sessions.every((one) => one.connection.get().state === 'live' && one.pendingCount.get() === 0);
    await until('everything is in sync', isDone, 240_000);
    const tookMs = performance.now() - backMs;
    let lost = 0;
    let twice = 0;
    for (const [n, room] of rooms.entries()) {
      const ids = await idsInJournal({ ...ann, hallUrl: hall.url }, room, ann.id);
      const there = new Set(ids);
      twice += ids.length - there.size;
      lost += [...new Set(kept[n]!.ledger)].filter((id) => !there.has(id)).length;
      lost += sessions[n]!.refused.get().length;
    }
    for (const session of sessions) await session.leave();
    const note = `${JOBS} jobs, ${acts} acts, ${KILLS} kills at writes to the device; ${waiting} acts waited when the line came back`;
    return [
      { name: 'acts lost over the shift', measured: lost, unit: 'count', target: 1, note },
      { name: 'acts taken twice', measured: twice, unit: 'count', target: 1, note },
      { name: 'in sync after the line is back', measured: tookMs / 1000, unit: 's', target: 30, note },
      {
        name: 'a job opens without the hall, p95',
        measured: percentile(openedMs, 0.95),
        unit: 'ms',
        note: 'with what waits in it; without the 3D view',
      },
    ];
  } finally {
    await line.close();
    await hall.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
