import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { Dice } from '../support/design-arbitraries.ts';
import { edit, opIdsOf } from '../support/editing.ts';
import { startFleet, type HallName, type ReferenceFleet } from '../support/fleet.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { missingForScale } from '../support/programs.ts';

/** Every run does some; `PROCESS_KILLS=20 npx vitest run --project integration test/rooms/scale-failure.spec.ts` more. */
const KILLS = Number(process.env['PROCESS_KILLS'] ?? 2);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const PEOPLE = 4;
/** Promised are 6 s and 1 s, which `npm run bench rooms` judges; the machine that runs the tests may be busy. */
const BACK_WITHIN_MS = 6_000;
const PAUSE_AT_MOST_MS = 1_500;

const missing = missingForScale();

describe.skipIf(missing)('a hall of two processes when one of them goes', () => {
  let fleet: ReferenceFleet;
  let ann: Person;
  const sessions: RoomSession[] = [];

  beforeAll(async () => {
    fleet = await startFleet();
    ann = await signIn(fleet.url, 'Ann');
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.leave()));
  });
  afterAll(async () => fleet?.stop());

  const enter = async (person: Person, room: string) => {
    const session = await person.enter(room);
    sessions.push(session);
    return session;
  };
  const ownerOf = async (room: string): Promise<HallName> => {
    const { ticket } = await ann.ask<{ ticket: string }>('POST', `/api/rooms/${room}/ticket`);
    const join = { v: 1, room, client: `look-${room}`, ticket, device: 'bot', have: 0 };
    return (await ann.ask<{ processId: HallName }>('POST', '/matchmake/joinOrCreate/hall', join)).processId;
  };
  const other = (name: HallName): HallName => (name === 'hall-1' ? 'hall-2' : 'hall-1');

  /** How long each session was away, over all its absences, ms. */
  const watchAbsences = () =>
    sessions.map((session) => {
      const absences: number[] = [];
      let sinceMs: number | null = null;
      session.connection.subscribe(() => {
        const isLive = session.connection.get().state === 'live';
        if (!isLive) sinceMs ??= performance.now();
        else if (sinceMs !== null) {
          absences.push(performance.now() - sinceMs);
          sinceMs = null;
        }
      });
      return absences;
    });

  const expectAllThereOnce = async (room: string, acknowledged: ReadonlySet<string>) => {
    for (const session of sessions) await until('all is saved', () => session.pendingCount.get() === 0, 20_000);
    const hashes = () => new Set(sessions.map((session) => stateHash(session.document.get())));
    await until('all have the same', () => hashes().size === 1);
    const written = await opIdsOf(fleet.url, ann.token, room);
    expect(new Set(written).size).toBe(written.length);
    const kept = new Set(written);
    expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
  };

  it(
    `brings people back within 6 s after kill -9, each acknowledged op there once (${KILLS} rounds, seed ${SEED})`,
    async () => {
      const dice = new Dice(SEED);
      const { room } = await openProject(ann);
      for (let i = 0; i < PEOPLE; i++) await enter(ann, room);
      const absences = watchAbsences();
      const acknowledged = new Set<string>();
      let isOver = false;
      const work = sessions.map((session, n) =>
        edit(
          session,
          n,
          dice,
          (id) => acknowledged.add(id),
          () => isOver,
        ),
      );
      try {
        for (let round = 1; round <= KILLS; round++) {
          const before = acknowledged.size;
          await until('somebody gets something saved', () => acknowledged.size > before, 20_000);
          await sleep(dice.next() * 250);
          const owner = await ownerOf(room);
          await fleet.halls[owner].kill9();
          await until(`round ${round}: all are back`, () => absences.every(({ length }) => length === round), 15_000);
          await fleet.start(owner);
        }
      } finally {
        isOver = true;
        await Promise.all(work);
      }
      const slowestMs = Math.max(...absences.flat());
      console.log(`Back after kill -9: ${absences.flat().map(Math.round).join(', ')} ms`);
      expect(slowestMs).toBeLessThan(BACK_WITHIN_MS);
      await expectAllThereOnce(room, acknowledged);
    },
    60_000 + KILLS * 15_000,
  );

  it('refuses what a process writes that was paused while another took its room, and brings its people there', async () => {
    const { room } = await openProject(ann);
    const stale = await enter(ann, room);
    const owner = await ownerOf(room);
    const added = stale.submit('parts.add', { parts: [solid('a')] }) as { id: string };
    await stale.confirmed(added.id);
    process.kill(fleet.halls[owner].pid, 'SIGSTOP');
    let fresh: RoomSession;
    try {
      fresh = await enter(ann.at(fleet.halls[other(owner)].url), room);
      // On its way to the paused process, which has not heard that the room is not its any more.
      stale.submit('part.rename', { id: PartId.parse('a'), name: 'late' });
      await sleep(100);
    } finally {
      process.kill(fleet.halls[owner].pid, 'SIGCONT');
    }
    const [absences] = watchAbsences();
    const freshWasLive = watchLive(fresh);
    await until('the late op is saved by the new owner', () => stale.pendingCount.get() === 0, 15_000);
    const renamed = fresh.submit('part.rename', { id: PartId.parse('a'), name: 'last' }) as { id: string };
    await fresh.confirmed(renamed.id);
    await until('both see both', () => [stale, fresh].every(({ participants }) => participants.get().length === 2));
    expect(absences!.length).toBe(1);
    expect(freshWasLive()).toBe(true);
    await expectAllThereOnce(room, new Set([added.id, renamed.id]));
  });

  it('goes on in open rooms while Redis is away, and catches up when it is back', async () => {
    const ben = await signIn(fleet.url, 'Ben');
    const { project, room } = await openProject(ann, [ben]);
    const seated = await enter(ben, room);
    const owner = await ownerOf(room);
    const far = ann.at(fleet.halls[other(owner)].url);
    const [absences] = watchAbsences();
    await fleet.killRedis();
    try {
      for (let i = 0; i < 5; i++) {
        const added = seated.submit('parts.add', { parts: [solid(`alone-${i}`)] }) as { id: string };
        await seated.confirmed(added.id);
      }
      // The process that has the room does not hear of it.
      await far.ask('PATCH', `/api/projects/${project}/members/${ben.id}`, { role: 'observer' });
      await expect(ann.enter(room)).rejects.toMatchObject({ problem: { key: 'redis_away' } });
      expect((await fetch(`${fleet.halls[owner].url}/api/health`)).status).toBe(503);
      expect(seated.me.role).toBe('designer');
    } finally {
      await fleet.startRedis();
    }
    await until('Ben hears of his role', () => seated.me.role === 'observer', 5_000);
    const late = await enter(far, room);
    await until('both see both', () => [seated, late].every(({ participants }) => participants.get().length === 2));
    expect(absences).toEqual([]);
  });

  it('moves people to the other process when one stops, with hardly a pause', async () => {
    const dice = new Dice(SEED);
    const { room } = await openProject(ann);
    for (let i = 0; i < PEOPLE; i++) await enter(ann, room);
    const [mover, watcher] = sessions as [RoomSession, RoomSession];
    const absences = watchAbsences();
    const acks = new Pauses();
    const bodies = new Pauses();
    watcher.onBodies((heard) => heard.some(({ participant }) => participant === mover.me.participant) && bodies.beat());
    const acknowledged = new Set<string>();
    let isOver = false;
    const note = (id: string) => (acks.beat(), acknowledged.add(id));
    const work = sessions.map((session, n) => edit(session, n, dice, note, () => isOver));
    let x = 0;
    const moving = setInterval(() => {
      const head = { position: [(x += 0.02) % 5, 1.7, 0] as [number, number, number], rotation: [0, 0, 0, 1] as const };
      mover.sendBody({ headInRoom: { ...head, rotation: [0, 0, 0, 1] }, isHeadset: true });
    }, 30);
    try {
      await until('work goes on', () => acknowledged.size > 20 && bodies.count > 5);
      for (let turn = 1; turn <= 2; turn++) {
        const owner = await ownerOf(room);
        await fleet.halls[owner].stop();
        await until('all are back', () => absences.every(({ length }) => length >= turn));
        const now = acknowledged.size;
        await until('work goes on', () => acknowledged.size > now + 20);
        expect(await ownerOf(room)).toBe(other(owner));
        await fleet.start(owner);
      }
    } finally {
      isOver = true;
      clearInterval(moving);
      await Promise.all(work);
    }
    console.log(
      `Rolling restart: away ${absences.flat().map(Math.round).join(', ')} ms; ` +
        `longest pause of acknowledgements ${acks.longestMs.toFixed(0)} ms, of presence ${bodies.longestMs.toFixed(0)} ms`,
    );
    expect(absences.flat()).toHaveLength(2 * PEOPLE);
    expect(Math.max(...absences.flat())).toBeLessThan(PAUSE_AT_MOST_MS);
    expect(acks.longestMs).toBeLessThan(PAUSE_AT_MOST_MS);
    expect(bodies.longestMs).toBeLessThan(PAUSE_AT_MOST_MS);
    await expectAllThereOnce(room, acknowledged);
  });
});

/** The longest time between two beats, ms. */
class Pauses {
  longestMs = 0;
  count = 0;
  #lastMs: number | null = null;

  beat(): void {
    const nowMs = performance.now();
    if (this.#lastMs !== null) this.longestMs = Math.max(this.longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.count += 1;
  }
}

/** Tells later whether the session was live all the time. */
function watchLive(session: RoomSession): () => boolean {
  let wasLive = true;
  session.connection.subscribe(() => (wasLive &&= session.connection.get().state === 'live'));
  return () => wasLive;
}
