import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import { partOf, partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { WorkhallError } from '#protocol/errors';
import type { Body } from '#protocol/presence/index';
import { startHall, type Hall } from '../support/server.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';

const id = (text: string) => PartId.parse(text);
const at = (x: number) => ({
  position: [x, 0, 0] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
});

describe('a design room', () => {
  let hall: Hall;
  let ann: Person;
  let ben: Person;
  const open: RoomSession[] = [];
  const enter = async (person: Person, room: string) => {
    const session = await person.enter(room);
    open.push(session);
    return session;
  };

  beforeAll(async () => {
    hall = await startHall();
    [ann, ben] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Ben')]);
  });
  afterAll(async () => {
    await Promise.all(open.map((session) => session.leave()));
    await hall?.stop();
  });

  async function together() {
    const { room, project } = await openProject(ann, [ben]);
    const [a, b] = await Promise.all([enter(ann, room), enter(ben, room)]);
    return { a, b, room, project };
  }

  it('shows each change to the other person at once, and both end with the same state', async () => {
    const { a, b } = await together();
    const added = a.submit('parts.add', { parts: [solid('shaft', 'cylinder')] });
    expect(partOf(a.document.get(), id('shaft'))).toBeDefined();
    await a.confirmed((added as { id: string }).id);
    await until('Ben sees the shaft', () => partsOf(b.document.get()).has('shaft'));
    b.submit('part.move', { moves: [{ id: id('shaft'), poseInParent: at(0.25) }] });
    await until('Ann sees it moved', () => partOf(a.document.get(), id('shaft'))?.poseInParent.position[0] === 0.25);
    await until('nothing is pending', () => b.pendingCount.get() === 0);
    expect(stateHash(a.document.get())).toBe(stateHash(b.document.get()));
  });

  it('lists who is here, with role, device and a colour of their own', async () => {
    const { a } = await together();
    await until('two people', () => a.participants.get().length === 2);
    expect(a.participants.get().map(({ name, role, device, badge }) => ({ name, role, device, badge }))).toEqual(
      expect.arrayContaining([
        { name: 'Ann', role: 'owner', device: 'bot', badge: 'guest' },
        { name: 'Ben', role: 'designer', device: 'bot', badge: 'guest' },
      ]),
    );
    expect(new Set(a.participants.get().map(({ color }) => color)).size).toBe(2);
  });

  it('lets nobody else move a part while I hold it, and shows who holds it', async () => {
    const { a, b } = await together();
    a.submit('parts.add', { parts: [solid('gear')] });
    await until('Ben sees it', () => partsOf(b.document.get()).has('gear'));
    expect(await a.hold([id('gear')])).toEqual({ ok: true });
    await until('Ben sees who holds it', () => b.held.get().get('gear')?.session === a.me.session);
    expect(await b.hold([id('gear')])).toMatchObject({ ok: false, problem: { key: 'part_held' } });
    const problems: string[] = [];
    b.onReject((problem) => problems.push(problem.key));
    const before = partOf(b.document.get(), id('gear'))!.poseInParent;
    b.submit('part.move', { moves: [{ id: id('gear'), poseInParent: at(9) }] });
    await until('Ben is told', () => problems.includes('part_held'));
    expect(partOf(b.document.get(), id('gear'))!.poseInParent).toEqual(before);
    a.release([id('gear')]);
    await until('it is free', () => b.held.get().size === 0);
    expect(await b.hold([id('gear')])).toEqual({ ok: true });
  });

  it('frees what somebody held when they leave', async () => {
    const { a, b } = await together();
    a.submit('parts.add', { parts: [solid('bolt')] });
    await until('Ben sees it', () => partsOf(b.document.get()).has('bolt'));
    await b.hold([id('bolt')]);
    await until('held', () => a.held.get().size === 1);
    await b.leave();
    await until('free', () => a.held.get().size === 0);
    await until('gone from the list', () => a.participants.get().length === 1);
  });

  it('takes back my own step, not the other person’s', async () => {
    const { a, b } = await together();
    a.submit('parts.add', { parts: [solid('one')] });
    b.submit('parts.add', { parts: [solid('two')] });
    await until('both there', () => partsOf(a.document.get()).size === 2 && partsOf(b.document.get()).size === 2);
    a.undo();
    await until(
      'mine is gone, theirs stays',
      () => !partsOf(b.document.get()).has('one') && partsOf(b.document.get()).has('two'),
    );
    a.redo();
    await until('mine is back', () => partsOf(b.document.get()).has('one'));
  });

  it('brings me back after a lost connection with a delta, and sends what I did meanwhile', async () => {
    const { a, b } = await together();
    const dropping = a as RoomSession & { dropConnection(): void };
    dropping.dropConnection();
    await until('away', () => a.connection.get().state === 'reconnecting');
    a.submit('parts.add', { parts: [solid('offline')] });
    b.submit('parts.add', { parts: [solid('meanwhile')] });
    expect(a.pendingCount.get()).toBe(1);
    await until('back', () => a.connection.get().state === 'live');
    await until(
      'both are there',
      () => partsOf(b.document.get()).has('offline') && partsOf(a.document.get()).has('meanwhile'),
    );
    await until('all saved', () => a.pendingCount.get() === 0);
    expect(stateHash(a.document.get())).toBe(stateHash(b.document.get()));
    expect(b.participants.get().filter(({ name }) => name === 'Ann')).toHaveLength(1);
  });

  it('shows where people look and what they carry, without storing it', async () => {
    const { a, b, room } = await together();
    a.submit('parts.add', { parts: [solid('carried')] });
    await until('Ben sees it', () => partsOf(b.document.get()).has('carried'));
    await a.hold([id('carried')]);
    const heads: Body[] = [];
    const carried: string[] = [];
    b.onBodies((bodies) => heads.push(...bodies.map(({ body }) => body)));
    b.onCarries((carries) => carried.push(...carries.map(({ part }) => part)));
    const length = (await ann.ask<{ length: number }>('GET', `/api/rooms/${room}`)).length;
    for (let i = 0; i < 5; i++) {
      a.sendBody({ headInRoom: { position: [1, 1.7, i / 10], rotation: [0, 0, 0, 1] } });
      a.sendCarry({ part: 'carried', poseInParent: at(i / 10) });
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await until('Ben sees the head and the part', () => heads.length > 1 && carried.includes('carried'));
    expect(heads.at(-1)!.headInRoom.position[0]).toBeCloseTo(1, 3);
    expect((await ann.ask<{ length: number }>('GET', `/api/rooms/${room}`)).length).toBe(length);
  });

  it('refuses a carry of a part that the sender does not hold', async () => {
    const { a, b } = await together();
    const carried: string[] = [];
    b.onCarries((carries) => carried.push(...carries.map(({ part }) => part)));
    a.sendCarry({ part: 'not-mine', poseInParent: at(1) });
    a.sendBody({ headInRoom: at(0) });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(carried).toEqual([]);
  });

  it('does not let an observer change anything, and tells why', async () => {
    const eve = await signIn(hall.url, 'Eve');
    const { room } = await openProject(ann, [eve], 'observer');
    const session = await enter(eve, room);
    const added = session.submit('parts.add', { parts: [solid('nope')] }) as { id: string };
    await expect(session.confirmed(added.id)).rejects.toMatchObject({ problem: { key: 'not_allowed' } });
    expect(partsOf(session.document.get()).size).toBe(0);
  });

  it('does not let a stranger in', async () => {
    const { room } = await openProject(ann);
    const stranger = await signIn(hall.url, 'Stranger');
    await expect(stranger.enter(room)).rejects.toBeInstanceOf(WorkhallError);
  });

  it('keeps every acknowledged change when the server is killed, and people come back by themselves', async () => {
    const own = await startHall();
    try {
      const cat = await signIn(own.url, 'Cat');
      const { room } = await openProject(cat);
      const session = await cat.enter(room);
      const acknowledged: string[] = [];
      for (let i = 0; i < 40; i++) {
        const added = session.submit('parts.add', { parts: [solid(`p${i}`)] }) as { id: string };
        void session.confirmed(added.id).then(() => acknowledged.push(`p${i}`));
        if (i === 30) await until('some are saved', () => acknowledged.length > 10);
      }
      const saved = [...acknowledged];
      await own.kill9();
      const again = await startHall({ dataDir: own.dataDir, env: { PORT: String(own.port) } });
      try {
        await until('Cat is back', () => session.connection.get().state === 'live', 20_000);
        await until('all is saved', () => session.pendingCount.get() === 0);
        const fresh = await cat.enter(room);
        for (const part of saved) expect(partsOf(fresh.document.get()).has(part)).toBe(true);
        expect(partsOf(fresh.document.get()).size).toBe(40);
        expect(stateHash(fresh.document.get())).toBe(stateHash(session.document.get()));
        await Promise.all([fresh.leave(), session.leave()]);
      } finally {
        await again.stop();
      }
    } finally {
      await own.stop();
    }
  });
});
