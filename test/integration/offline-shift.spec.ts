import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasSkill, jobOf, releaseDidOf, rowsOf, signSlip } from '#protocol/guidance/index';
import { stateHash } from '#protocol/document/index';
import { decodeSnapshot } from '#protocol/journal/index';
import type { OfflinePack } from '#protocol/api/offline';
import { fileCidOf } from '#protocol/assets/file-cid';
import { UserId } from '#protocol/ids';
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
import { signIn, until } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const WORKER = join(import.meta.dirname, 'offline-shift-worker.ts');
/** In this test; the benchmark has a thousand. */
const KILLS_IN_PROCESS = 40;
const KILLS_BY_SIGNAL = 4;
const JOBS = 6;

/** The client's own net layer on a device whose writes are on a disk, against a hall as a process, over a line that is cut. */
describe('a shift without a network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-shift-'));
  let hall: Hall;
  let line: Line;
  let shop: Shop;
  let jobs: string[];
  const devices: FileDevice[] = [];
  const device = (name: string) => {
    const made = new FileDevice(join(folder, name));
    devices.push(made);
    return made;
  };
  const isSynced = (session: Awaited<ReturnType<typeof enterJob>>) =>
    until(
      'everything is sent',
      () => session.connection.get().state === 'live' && session.pendingCount.get() === 0,
      30_000,
    );

  beforeAll(async () => {
    hall = await startHall();
    line = await Line.to(hall);
    const tools = [{ tool: 'wrench', device: 'W-1', typedOffline: true }];
    shop = await openShop(hall, JOBS, { tools });
    jobs = [...shop.rooms];
  }, 90_000);
  beforeEach(() => line.mend());
  afterEach(() => devices.splice(0).forEach((one) => one.dispose()));
  afterAll(async () => {
    await line?.close();
    await hall?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on in a job that was taken along: steps, typed tool, a supervisor’s signature; the hall takes it all, with its times', async () => {
    const room = jobs.pop()!;
    const { owner, ann } = shop;
    const key = new Uint8Array(32).fill(3);
    await owner.ask('POST', `/api/jobs/${room}/release-key`, { did: releaseDidOf(key) });
    await expect(ann.ask('POST', `/api/jobs/${room}/release-key`, { did: releaseDidOf(key) })).rejects.toThrow(
      'not_allowed',
    );
    await takeJob(line.url, ann, room, device('work'));
    line.cut();
    const session = await enterJob(line.url, ann, room, device('work'));
    expect(session.connection.get().state).toBe('reconnecting');
    expect(session.me).toMatchObject({ user: ann.id, role: 'trainee' });
    const did = (made: { id: string } | { problem: { key: string } }) => ('problem' in made ? made.problem.key : null);
    const act = (type: string, more: object = {}) =>
      did(session.submitJob('job.act', { act: { type, by: ann.id, ...more } as never }));
    const startedAtMs = Date.now();
    const bearing = { thing: 'bearing' as never, code: { part: '6208-2RS', serial: 'B-1', lot: null } };
    const picture = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...new Array<number>(600).fill(7)])]);
    const cid = await fileCidOf(picture);
    expect(did(session.submitJob('part.scan', bearing))).toBeNull();
    expect(
      did(session.submitJob('photo.add', { gate: 'bearing-photo', cid: cid as never, kind: 'picture' })),
    ).toBeNull();
    expect(act('mounted', { thing: 'bearing' })).toBeNull();
    const typed = { tool: 'wrench' as never, value: 25, unit: 'N.m' as never };
    expect(did(session.submitJob('tool.typed', typed))).toBe('skill_missing');
    const job = jobOf(session.document.get())!;
    const visit = rowsOf(session.document.get(), 'visits').at(-1)!.n;
    const slip = {
      step: 'tighten' as never,
      visit,
      what: 'skill' as const,
      reason: 'Shown how',
      by: UserId.parse(owner.id),
    };
    expect(did(session.submitJob('step.releaseBy', { slip, signature: signSlip(job, slip, key) }))).toBeNull();
    expect(did(session.submitJob('tool.typed', typed))).toBeNull();
    expect(did(session.submitJob('tool.typed', typed))).toBeNull();
    expect(
      did(session.submitJob('value.measure', { variable: 'gap' as never, value: 0.2, instrument: null })),
    ).toBeNull();
    const doneAtMs = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    line.mend();
    await isSynced(session);
    expect(session.caughtUp.get()).toEqual({ sent: 7, refused: 0, replaced: 0 });
    const state = decodeSnapshot(new Uint8Array(await bytesOf(`/api/rooms/${room}/snapshot`)));
    const document = state.document;
    expect(rowsOf(document, 'results').map(({ verdict }) => verdict)).toEqual(['counted', 'counted']);
    for (const { atMs } of [...rowsOf(document, 'scans'), ...rowsOf(document, 'results')]) {
      expect(atMs).toBeGreaterThanOrEqual(startedAtMs - 1_000);
      expect(atMs).toBeLessThanOrEqual(doneAtMs + 100);
    }
    const stored = await fetch(`${hall.url}/api/jobs/${room}/evidence?kind=picture`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/octet-stream' },
      body: picture,
    });
    expect(await stored.json()).toMatchObject({ cid });
    await session.leave();
  });

  it('lists what the hall refuses after the shift, with the reason, also to the next page', async () => {
    const room = jobs.pop()!;
    const { owner, ann } = shop;
    await takeJob(line.url, ann, room, device('refused'));
    const page = device('refused');
    line.cut();
    const session = await enterJob(line.url, ann, room, page);
    const made = [doSomething(session, new Dice(1)), doSomething(session, new Dice(2))];
    const ops = [
      { id: 'raise', type: 'deviation.raise', payload: { step: null, text: 'Dropped on the floor' } },
      {
        id: 'scrap',
        type: 'deviation.dispose',
        payload: { deviation: '0', disposition: 'scrap', reason: 'Dented', releasesStep: false },
      },
    ];
    await owner.ask('POST', `/api/jobs/${room}/ops`, { ops });
    line.mend();
    await isSynced(session);
    const listed = () => session.refused.get().map(({ op, problem }) => [op.id, problem.key]);
    await until('both are listed', () => listed().length === 2);
    expect(listed()).toEqual(made.map((id) => [id, 'job_is_over']));
    expect(session.caughtUp.get()).toEqual({ sent: 0, refused: 2, replaced: 0 });
    await session.leave();
    const next = await enterJob(line.url, ann, room, device('refused'));
    expect(next.refused.get().map(({ op }) => op.id)).toEqual(made);
    next.dismissRefused();
    await next.leave();
    const last = await enterJob(line.url, ann, room, device('refused'));
    expect(last.refused.get()).toEqual([]);
    await last.leave();
  });

  it(
    'loses nothing and does nothing twice when the page dies at random writes to the device, online or not',
    { timeout: 120_000 },
    async () => {
      const room = jobs.pop()!;
      const path = join(folder, 'killed');
      const dice = new Dice(20_261_121);
      await takeJob(line.url, shop.ann, room, device('killed'));
      let acts = 0;
      for (let round = 0; round < KILLS_IN_PROCESS; round++) {
        const isOnline = dice.upTo(3) === 0;
        if (isOnline) line.mend();
        else line.cut();
        const life = { acts: 5 + dice.upTo(25), fuse: 2 + dice.upTo(40), isOnline };
        acts += await liveAndDie(line.url, shop.ann, room, path, dice, life);
      }
      line.mend();
      const last = device('killed');
      const session = await enterJob(line.url, shop.ann, room, last);
      await isSynced(session);
      await expectSame(session, room, last);
      expect(last.ledger.length).toBeGreaterThan(acts / 3);
      await session.leave();
    },
  );

  it('loses nothing when the process is killed', { timeout: 120_000 }, async () => {
    const room = jobs.pop()!;
    const path = join(folder, 'signalled');
    await takeJob(line.url, shop.ann, room, device('signalled'));
    let told = 0;
    for (let round = 0; round < KILLS_BY_SIGNAL; round++) {
      if (round % 2 === 0) line.cut();
      else line.mend();
      told += await workAndKill([line.url, shop.ann.token, shop.ann.id, room, path, `${round}`], 40 + round * 25);
    }
    line.mend();
    const last = device('signalled');
    const session = await enterJob(line.url, shop.ann, room, last);
    await isSynced(session);
    await expectSame(session, room, last);
    expect(last.ledger.length).toBeGreaterThanOrEqual(told);
    await session.leave();
  });

  it('packs by name what the job needs: the pages that are asked for, who can do what, and until when', async () => {
    const { ann, owner } = shop;
    const room = shop.rooms[0]!;
    const pack = await ann.ask<OfflinePack>('GET', `/api/jobs/${room}/offline-pack`);
    expect(pack).toMatchObject({ room, station: 'S0', people: [{ id: ann.id, name: 'Ann', certificates: [] }] });
    expect(pack.pages).toContain(`/api/rooms/${room}`);
    expect(pack.goodUntil).toBeGreaterThan(pack.packedAt);
    expect(pack.issuer.did).toMatch(/^did:key:/);
    const stranger = await signIn(hall.url, 'Eve');
    await expect(stranger.ask('GET', `/api/jobs/${room}/offline-pack`)).rejects.toThrow(/403|404/);
    expect(owner.id).not.toBe(ann.id);
  });

  it('takes along what somebody learnt after the job was opened, though nobody was in the room meanwhile', async () => {
    const room = jobs.pop()!;
    const { owner, ann, project } = shop;
    const skill = { code: 'TORQUE', level: 3 };
    const shown = async () => {
      const { document } = decodeSnapshot(new Uint8Array(await bytesOf(`/api/rooms/${room}/snapshot`)));
      return hasSkill(document, ann.id, skill, Date.now());
    };
    await owner.ask('POST', `/api/projects/${project}/credentials`, {
      person: ann.id,
      achievement: { name: 'Tightening', description: 'Tightens by torque.', criteria: 'Shown twice.' },
      skills: [{ ...skill, name: 'Tightening' }],
      validUntil: null,
    });
    expect(await shown()).toBe(false);
    await ann.ask('POST', `/api/jobs/${room}/taken`, { device: 'd'.repeat(16) });
    expect(await shown()).toBe(true);
    const { people } = await ann.ask<OfflinePack>('GET', `/api/jobs/${room}/offline-pack`);
    expect(people).toMatchObject([{ id: ann.id, certificates: [{ type: expect.any(Array) }] }]);
  });

  /** What the device kept is in the journal, once each and in its order; and the page shows what the hall has. */
  async function expectSame(
    session: Awaited<ReturnType<typeof enterJob>>,
    room: string,
    last: FileDevice,
  ): Promise<void> {
    const ids = await idsInJournal(shop.ann, room, shop.ann.id);
    expect(new Set(ids).size).toBe(ids.length);
    const kept = new Set(last.ledger);
    expect(ids.filter((id) => kept.has(id))).toEqual([...kept]);
    expect(session.refused.get()).toEqual([]);
    const { document } = decodeSnapshot(new Uint8Array(await bytesOf(`/api/rooms/${room}/snapshot`)));
    expect(stateHash(session.document.get())).toBe(stateHash(document));
  }

  const bytesOf = async (path: string): Promise<ArrayBuffer> =>
    (await fetch(hall.url + path, { headers: { authorization: `Bearer ${shop.ann.token}` } })).arrayBuffer();
});

/** Returns how many acts the program said were kept before it was killed, `afterActs` of them or a few more. */
async function workAndKill(args: readonly string[], afterActs: number): Promise<number> {
  const flags = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, WORKER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const kept = () => output.split('\n').length - 1;
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
    if (kept() >= afterActs) child.kill('SIGKILL');
  });
  await exited;
  if (kept() < afterActs) throw new Error('The program ended by itself.');
  return kept();
}
