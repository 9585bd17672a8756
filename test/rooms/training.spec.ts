import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingSession } from '#net/index';
import { stateHash } from '#protocol/document/index';
import { decodeBlock, Genesis } from '#protocol/journal/index';
import { DEFAULT_RUBRIC, type RunEvent } from '#protocol/procedures/index';
import { findingsOf, recordFromJournal, rewoundIn, RunId, scoreOf } from '#protocol/training/index';
import type { Pose } from '#protocol/spatial/index';
import { signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import {
  actAll,
  aloneIn,
  engineOf,
  GEARBOX,
  isRevealed,
  knownWay,
  openTraining,
  rowOf,
  startRun,
  type TrainingGround,
} from '../support/training.ts';

const FAULT = GEARBOX.workplace.faults[0]!.id;

describe('a training room', () => {
  let hall: Hall;
  let ina: Person;
  let tom: Person;
  let tia: Person;
  let ground: TrainingGround;
  const open: TrainingSession[] = [];
  const enter = async (person: Person, room = ground.room) => {
    const session = await person.train(room);
    open.push(session);
    return session;
  };
  const journalOf = async (person: Person): Promise<Uint8Array[]> => {
    const headers = { authorization: `Bearer ${person.token}` };
    const answer = await fetch(`${hall.url}/api/trainings/${ground.room}/journal`, { headers });
    return (decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] }).blocks;
  };
  const score = (person: Person, run: string) =>
    person.ask<{ sheet: { points: number; isPassed: boolean; faults: unknown[] }; head: string }>(
      'GET',
      `/api/trainings/${ground.room}/runs/${run}/score`,
    );

  beforeAll(async () => {
    hall = await startHall();
    [ina, tom, tia] = (await Promise.all(['Ina', 'Tom', 'Tia'].map((name) => signIn(hall.url, name)))) as [
      Person,
      Person,
      Person,
    ];
    ground = await openTraining(ina, [
      [tom, 'trainee'],
      [tia, 'trainee'],
    ]);
  });
  afterAll(async () => {
    await Promise.all(open.map((session) => session.leave()));
    await hall?.stop();
  });

  it.each(['guided', 'practice', 'exam'] as const)(
    'takes a trainee through the gearbox in %s mode; the score from the journal is the server’s',
    async (mode) => {
      const session = await enter(tom);
      const people = [aloneIn(GEARBOX, tom)];
      const run = await startRun(session, ground, mode, people);
      expect(actAll(session, run, knownWay(mode, people))).toEqual([]);
      await until('all is on disk', () => session.pendingCount.get() === 0);
      expect(rowOf(session, run).outcome).toBe('completed');
      await isRevealed(session, run);
      const told = recordFromJournal(await journalOf(tom), run);
      const own = told.ok ? scoreOf(told.record) : null;
      await until('the result is kept', async () => {
        const { results } = await tom.ask<{ results: { run: string }[] }>(
          'GET',
          `/api/trainings/${ground.room}/results`,
        );
        return results.some((result) => result.run === run);
      });
      const { sheet, head } = await score(tom, run);
      expect(sheet).toMatchObject({ points: 1000, isPassed: true });
      expect({ points: own?.points, head: told.ok && told.record.head }).toEqual({ points: 1000, head });
    },
  );

  it('shows the instructor each trainee’s run, and lets nobody act in another’s', async () => {
    const [a, b, boss] = await Promise.all([enter(tom), enter(tia), enter(ina)]);
    const [one, two] = [aloneIn(GEARBOX, tom), aloneIn(GEARBOX, tia)];
    const [runA, runB] = await Promise.all([
      startRun(a, ground, 'guided', [one]),
      startRun(b, ground, 'practice', [two]),
    ]);
    actAll(a, runA, knownWay('guided', [one]).slice(0, 20));
    actAll(b, runB, knownWay('practice', [two]).slice(0, 5));
    await until('both are on disk', () => a.pendingCount.get() + b.pendingCount.get() === 0);
    await until('the instructor sees both', () => rowOf(boss, runA)?.events === 20 && rowOf(boss, runB)?.events === 5);
    expect(rowOf(boss, runA).state.active).not.toEqual(rowOf(boss, runB).state.active);
    const meddling = b.submitTraining('run.act', { run: runA, act: { type: 'confirmed', by: b.me.user } as never });
    expect('problem' in meddling && meddling.problem.key).toBe('not_in_this_run');
    const ended = b.submitTraining('run.end', { run: runA });
    await expect(b.confirmed((ended as { id: string }).id)).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    await until('Tia’s view is right again', () => rowOf(b, runA).outcome === null);
  });

  it('holds a wrong part against a guided trainee at once, with the reason, and does not move it', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'guided', [aloneIn(GEARBOX, tom)]);
    const act: RunEvent = { type: 'grabbed', by: session.me.user, thing: GEARBOX.workplace.things.at(-3)!.id };
    actAll(session, run, [act]);
    expect(rowOf(session, run).refused?.problem.scope).toBe('procedures');
    expect(engineOf(session, run).world.held).toEqual({});
    await until('it is on disk', () => session.pendingCount.get() === 0);
    expect(findingsOf(session.document.get(), rowOf(session, run))).toHaveLength(1);
  });

  it('lets a fitter and an inspector do one run together, each their part', async () => {
    const [a, b] = await Promise.all([enter(tom), enter(ina)]);
    const roles = GEARBOX.workplace.roles.map(({ id }) => id);
    const team = [
      { ...aloneIn(GEARBOX, tom), roles: [roles[0]!] },
      { ...aloneIn(GEARBOX, ina), roles: [roles[1]!] },
    ];
    const run = await startRun(b, ground, 'practice', team);
    await until('Tom sees the run', () => rowOf(a, run) !== undefined);
    for (const act of knownWay('practice', team)) {
      const actor = 'by' in act && act.by === ina.id ? b : a;
      await until('the other’s act is here', () => actor.pendingCount.get() === 0);
      const before = rowOf(actor, run).events;
      expect(actAll(actor, run, [act])).toEqual([]);
      await until('both have it', () => rowOf(a, run).events > before && rowOf(b, run).events > before);
    }
    await isRevealed(b, run);
    expect(rowOf(a, run).outcome).toBe('completed');
    // Shown again to all, by who may; the trainee is refused by the hall.
    const sent = b.submitTraining('training.rewind', { run, event: 5 });
    expect('id' in sent).toBe(true);
    await until('Tom is shown it', () => rewoundIn(a.document.get())?.event === 5);
    const own = a.submitTraining('training.rewind', { run, event: null });
    await expect(a.confirmed((own as { id: string }).id)).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    await until('and still', () => rewoundIn(a.document.get())?.event === 5);
    b.submitTraining('training.rewind', { run, event: null });
    await until('now is back', () => rewoundIn(a.document.get()) === null);
    expect((await score(tom, run)).sheet.points).toBe(1000);
  });

  it('leaves what a fitter holds in their hand; the inspector sees where it is carried, and nothing that is not held', async () => {
    const [a, b] = await Promise.all([enter(tom), enter(ina)]);
    const run = await startRun(b, ground, 'practice', [aloneIn(GEARBOX, tom), aloneIn(GEARBOX, ina)]);
    await until('Tom sees the run', () => rowOf(a, run) !== undefined);
    const [foot, carrier] = ['foot', 'carrier'].map((id) => GEARBOX.workplace.things.find((one) => one.id === id)!.id);
    expect(actAll(a, run, [{ type: 'grabbed', by: tom.id as never, thing: foot! }])).toEqual([]);
    await until('Ina sees it in his hand', () => engineOf(b, run).world.held[foot!] === tom.id);
    expect(actAll(b, run, [{ type: 'grabbed', by: ina.id as never, thing: foot! }])).toEqual(['held_by_another']);
    const seen: string[] = [];
    const stop = b.onCarries((carries) => seen.push(...carries.map(({ part }) => part)));
    const at = (x: number): Pose => ({ position: [x, 0.5, 0], rotation: [0, 0, 0, 1] });
    a.sendBody({ headInRoom: { position: [0, 1, 0], rotation: [0, 0, 0, 1] } });
    await until('the foot is seen moving', () => {
      a.sendCarry({ part: carrier!, poseInParent: at(seen.length) });
      a.sendCarry({ part: foot!, poseInParent: at(seen.length) });
      return seen.length > 2;
    });
    stop();
    expect(new Set(seen)).toEqual(new Set([foot]));
    a.submitTraining('run.act', { run, act: { type: 'released', by: tom.id, thing: foot! } as never });
    await until('it lies there', () => engineOf(b, run).world.held[foot!] === undefined);
    expect(actAll(b, run, [{ type: 'grabbed', by: ina.id as never, thing: foot! }])).toEqual([]);
  });

  it('keeps a fault from everybody in the room until the debrief, and counts then how fast it was found', async () => {
    const [a, b, boss] = await Promise.all([enter(tom), enter(tia), enter(ina)]);
    const run = await startRun(a, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const path = `/api/trainings/${ground.room}/runs/${run}/faults`;
    const hidden = await ina.ask<{ faults: unknown[] }>('POST', path, { fault: FAULT });
    expect(hidden.faults).toHaveLength(1);
    for (const trainee of [tom, tia]) {
      await expect(trainee.ask('GET', path)).rejects.toMatchObject({ status: 403 });
      await expect(trainee.ask('POST', path, { fault: FAULT })).rejects.toMatchObject({ status: 403 });
      await expect(score(trainee, run)).rejects.toMatchObject({ status: trainee === tom ? 409 : 403 });
    }
    actAll(a, run, [{ type: 'faultReported', by: a.me.user, diagnosis: FAULT }]);
    await until('it is on disk', () => a.pendingCount.get() === 0);
    const told = [a, b, boss].map((session) =>
      JSON.stringify([...session.document.get().tables.get('runs')!.values()]),
    );
    for (const text of told) expect(text).not.toContain('injected');
    expect(Buffer.concat(await journalOf(tia)).includes('faultInjected')).toBe(false);
    expect(rowOf(a, run)).toMatchObject({ reports: 1, findings: 0 });
    a.submitTraining('run.end', { run });
    await isRevealed(a, run);
    expect((await score(tom, run)).sheet.faults).toEqual([
      expect.objectContaining({ fault: FAULT, foundAfterMs: expect.any(Number), diagnosedAfterMs: expect.any(Number) }),
    ]);
    expect(Buffer.concat(await journalOf(tia)).includes('faultInjected')).toBe(true);
  });

  it('seals at even intervals whether or not anything was hidden', { timeout: 60_000 }, async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    await until('a seal', () => rowOf(session, run).seals === 1, 20_000);
    session.submitTraining('run.end', { run });
    await isRevealed(session, run);
    expect(rowOf(session, run).seals).toBe(2);
  });

  it('locks an exam, and does not let its trainee ask for help; the instructor can freeze the room', async () => {
    const [a, boss] = await Promise.all([enter(tom), enter(ina)]);
    const run = await startRun(a, ground, 'exam', [aloneIn(GEARBOX, tom)]);
    const { step } = engineOf(a, run).active[0]!;
    expect(actAll(a, run, [{ type: 'hintAsked', by: a.me.user, step }])).toEqual(['no_hints_in_exam']);
    await until('Ina sees the run', () => rowOf(boss, run) !== undefined);
    const jump = { type: 'jumped', by: boss.me.user, to: step } as const;
    const jumped = boss.submitTraining('run.command', { run, command: jump });
    expect('problem' in jumped && jumped.problem.key).toBe('exam_locked');
    boss.submitTraining('training.freeze', { isFrozen: true });
    await until('Tom stands still', () => rowOf(a, run).isFrozen);
    expect(actAll(a, run, [{ type: 'confirmed', by: a.me.user }])).toEqual(['paused']);
    const own = a.submitTraining('training.freeze', { isFrozen: false });
    await expect(a.confirmed((own as { id: string }).id)).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    // Rewinding is for who may freeze.
    const back = a.submitTraining('training.rewind', { run, event: 0 });
    expect('problem' in back && back.problem.key).toBe('exam_locked');
    boss.submitTraining('training.freeze', { isFrozen: false });
    await until('it goes on', () => !rowOf(a, run).isFrozen && rowOf(a, run).state.pausedAtMs === null);
    a.submitTraining('run.end', { run });
    await isRevealed(a, run);
  });

  it('lets an instructor jump, and asks a trainee for the right to', async () => {
    const [a, boss] = await Promise.all([enter(tom), enter(ina)]);
    const run = await startRun(a, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    const to = GEARBOX.chapters[1]!.first;
    const own = a.submitTraining('run.command', { run, command: { type: 'jumped', by: a.me.user, to } });
    await expect(a.confirmed((own as { id: string }).id)).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    boss.submitTraining('run.command', { run, command: { type: 'jumped', by: boss.me.user, to } });
    await until('Tom is there', () => engineOf(a, run).active[0]?.step === to);
    expect(rowOf(a, run)).toMatchObject({ findings: 0, jumped: { by: { name: 'Ina' }, to } });
    a.submitTraining('run.end', { run });
    await isRevealed(a, run);
  });

  it('judges an old run by another rubric without touching what is stored', async () => {
    const session = await enter(tom);
    const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tom)]);
    actAll(session, run, [{ type: 'hintAsked', by: session.me.user, step: engineOf(session, run).active[0]!.step }]);
    session.submitTraining('run.end', { run });
    await isRevealed(session, run);
    const before = await score(tom, run);
    const rubric = { ...DEFAULT_RUBRIC, version: 7, full: 100, passMark: 50 };
    const path = `/api/trainings/${ground.room}/runs/${run}/score`;
    const again = await ina.ask<{ sheet: { rubricVersion: number; full: number } }>('POST', path, { rubric });
    expect(again.sheet).toMatchObject({ rubricVersion: 7, full: 100 });
    expect(await score(tom, run)).toEqual(before);
  });

  it('is debriefed by the designer who opened it or started the run, and by no other designer', async () => {
    const [dora, dirk, tim] = await Promise.all(['Dora', 'Dirk', 'Tim'].map((name) => signIn(hall.url, name)));
    for (const [person, role] of [
      [dora!, 'designer'],
      [dirk!, 'designer'],
      [tim!, 'trainee'],
    ] as const) {
      const path = `/api/projects/${ground.project}/invitations`;
      const { token } = await ina.ask<{ token: string }>('POST', path, { role });
      await person.ask('POST', `/api/invitations/${token}/accept`);
    }
    const opened = await dora!.ask<{ room: string; openedBy: string }>(
      'POST',
      `/api/projects/${ground.project}/trainings`,
      { title: 'Dora’s', releases: [ground.release] },
    );
    expect(opened.openedBy).toBe(dora!.id);
    const endedIn = async (room: string, by: Person) => {
      const session = await enter(by, room);
      const run = await startRun(session, ground, 'practice', [aloneIn(GEARBOX, tim!)]);
      session.submitTraining('run.end', { run });
      await isRevealed(session, run);
      return run;
    };
    const seenBy = async (person: Person, room: string) =>
      (await person.ask<{ results: { run: string }[] }>('GET', `/api/trainings/${room}/results`)).results.map(
        ({ run }) => run,
      );
    const [hers, his] = [await endedIn(opened.room, ina), await endedIn(ground.room, dirk!)];
    await until('both are kept', async () => {
      const kept = [...(await seenBy(ina, opened.room)), ...(await seenBy(ina, ground.room))];
      return kept.includes(hers) && kept.includes(his);
    });
    const sheet = (person: Person, room: string, run: string) =>
      person.ask('GET', `/api/trainings/${room}/runs/${run}/score`);
    await sheet(dora!, opened.room, hers);
    await sheet(dirk!, ground.room, his);
    await expect(sheet(dirk!, opened.room, hers)).rejects.toThrow('As designer you cannot do this.');
    await expect(sheet(dora!, ground.room, his)).rejects.toThrow('As designer you cannot do this.');
    expect(await seenBy(dora!, opened.room)).toEqual([hers]);
    expect(await seenBy(dirk!, ground.room)).toEqual([his]);
    const ofAll = await dirk!.ask<{ results: { run: string }[] }>('GET', `/api/projects/${ground.project}/results`);
    expect(ofAll.results.map(({ run }) => run)).toEqual([his]);
  });

  it('is opened with releases only, and knows what kind of room it is', async () => {
    const info = await tom.ask<{ kind: string; purpose: string }>('GET', `/api/rooms/${ground.room}`);
    expect(Genesis.pick({ kind: true, purpose: true }).parse({ kind: info.kind, purpose: info.purpose })).toEqual({
      kind: 'training',
      purpose: 'training',
    });
    const session = await enter(ina);
    const bytes = new Uint8Array([1]);
    const loaded = session.submitTraining('training.load', { procedure: ground.procedure, part: 0, parts: 1, bytes });
    expect('problem' in loaded && loaded.problem.key).toBe('hall_only');
  });
});

it('goes on after the server was killed in the middle of a run, with its secrets, to the same score', async () => {
  const hall = await startHall();
  try {
    const [ina, tom] = await Promise.all([signIn(hall.url, 'Ina'), signIn(hall.url, 'Tom')]);
    const ground = await openTraining(ina, [[tom, 'trainee']]);
    const session = await tom.train(ground.room);
    const people = [aloneIn(GEARBOX, tom)];
    const run = await startRun(session, ground, 'practice', people, 'the-run');
    await ina.ask('POST', `/api/trainings/${ground.room}/runs/${run}/faults`, { fault: FAULT });
    const way = knownWay('practice', people);
    actAll(session, run, way.slice(0, 40));
    await until('half of it is on disk', () => session.pendingCount.get() === 0);
    await hall.kill9();
    actAll(session, run, way.slice(40));
    const again = await startHall({ dataDir: hall.dataDir, env: { PORT: String(hall.port) } });
    try {
      await until('Tom is back', () => session.connection.get().state === 'live', 20_000);
      await until('all is on disk', () => session.pendingCount.get() === 0);
      expect(rowOf(session, RunId.parse(run)).outcome).toBe('completed');
      await isRevealed(session, run);
      const fresh = await tom.train(ground.room);
      expect(stateHash(fresh.document.get())).toBe(stateHash(session.document.get()));
      const path = `/api/trainings/${ground.room}/runs/${run}/score`;
      const { sheet } = await tom.ask<{ sheet: { points: number; faults: object[] } }>('GET', path);
      expect(sheet.faults).toEqual([{ fault: FAULT, foundAfterMs: null, diagnosedAfterMs: null }]);
      expect(sheet.points).toBe(1000 - DEFAULT_RUBRIC.faults.notFound);
      await Promise.all([fresh.leave(), session.leave()]);
    } finally {
      await again.stop();
    }
  } finally {
    await hall.stop();
  }
});
