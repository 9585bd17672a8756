import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRoom, MemoryOutboxStore, type Replica, type RoomSession } from '#net/index';
import { partOf, partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { CommentId, OpId, PartId } from '#protocol/ids';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import { Dice } from '../support/design-arbitraries.ts';
import { Line } from '../support/line.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

const id = (text: string) => PartId.parse(text);
const at = (x: number) => ({
  position: [x, 0, 0] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
});
/** The benchmark does five times as many. */
const SHIFT_OPS = Number(process.env['OFFLINE_OPS'] ?? 20_000);

describe('work without a network', () => {
  let hall: Hall;
  let line: Line;
  let ann: Person;
  let ben: Person;
  const open: RoomSession[] = [];

  beforeAll(async () => {
    hall = await startHall();
    line = await Line.to(hall);
    [ann, ben] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Ben')]);
  });
  afterAll(async () => {
    await Promise.all(open.map((session) => session.leave()));
    await line?.close();
    await hall?.stop();
  });

  const enter = async (person: Person, room: string, outbox = new MemoryOutboxStore(), hallUrl = line.url) => {
    const session = await connectRoom({ hallUrl, token: person.token, room, device: 'bot', outbox });
    open.push(session);
    return session;
  };

  /** Ann behind the line, Ben beside the server. */
  async function together(outbox = new MemoryOutboxStore()) {
    const { room, project } = await openProject(ann, [ben]);
    const a = await enter(ann, room, outbox);
    const b = await enter(ben, room, new MemoryOutboxStore(), hall.url);
    return { a, b, room, project, outbox };
  }

  async function cutOff(session: RoomSession) {
    line.cut();
    await until('away', () => session.connection.get().state === 'reconnecting');
  }

  async function back(session: RoomSession, timeoutMs = 20_000) {
    line.mend();
    await until('everything is saved', () => session.pendingCount.get() === 0, timeoutMs);
    expect(session.connection.get().state).toBe('live');
  }

  async function journal(room: string) {
    const ids: string[] = [];
    const authors: string[] = [];
    for (let from = 0; ;) {
      const answer = await fetch(`${hall.url}/api/rooms/${room}/entries?from=${from}&limit=500`, {
        headers: { authorization: `Bearer ${ann.token}` },
      });
      const { blocks } = decodeBlock(new Uint8Array(await answer.arrayBuffer())) as { blocks: Uint8Array[] };
      if (blocks.length === 0) return { ids, authors };
      for (const bytes of blocks) {
        const { entry } = openEntry(bytes);
        ids.push(entry.id);
        authors.push(entry.author.id);
      }
      from += blocks.length;
    }
  }

  it(
    `brings ${SHIFT_OPS} changes of a shift into the journal, each once and in order, though the line drops again and again`,
    async () => {
      const { a, b, room } = await together();
      await cutOff(a);
      const { replica } = a as RoomSession & { replica: Replica };
      const dice = new Dice(11);
      const sent: string[] = [];
      const submit = (...args: Parameters<RoomSession['submit']>) => {
        const made = a.submit(...args);
        if ('problem' in made) throw new Error(made.problem.message);
        sent.push(made.id);
      };
      for (let i = 0; sent.length < SHIFT_OPS; i++) {
        const part = id(`p${dice.upTo(Math.min(i, 500) + 1)}`);
        if (i < 500) submit('parts.add', { parts: [solid(`p${i}`)] });
        else if (i % 500 === 1) submit('history.undo', { target: OpId.parse(replica.undoable!.target) });
        else if (i % 200 === 0)
          submit('comment.add', {
            id: CommentId.parse(`c${i}`),
            anchor: { part: id(`p${i % 500}`), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
            text: 'Look here',
          });
        else if (i % 3)
          submit('part.move', { moves: [{ id: id(`p${dice.upTo(500)}`), poseInParent: at(dice.upTo(900)) }] });
        else submit('part.rename', { id: i < 500 ? part : id(`p${dice.upTo(500)}`), name: `Name ${i}` });
        if (i % 1000 === 0) await sleep(0);
      }
      expect(a.pendingCount.get()).toBe(SHIFT_OPS);
      b.submit('parts.add', { parts: [solid('ben')] });
      const lost: string[] = [];
      const stop = a.connection.subscribe(() => lost.push(a.connection.get().state));
      line.mend();
      let cuts = 0;
      for (let i = 0; a.pendingCount.get() > 0; i++) {
        await sleep(100 + dice.upTo(500));
        if (a.connection.get().state === 'closed') throw new Error('the room was closed');
        // Beside her work, and where she works.
        b.submit('part.move', { moves: [{ id: id('ben'), poseInParent: at(i) }] });
        const hers = id(`p${dice.upTo(500)}`);
        if (partsOf(b.document.get()).has(hers)) b.submit('part.move', { moves: [{ id: hers, poseInParent: at(-i) }] });
        if (a.pendingCount.get() === 0 || cuts >= 8 || a.connection.get().state !== 'live') continue;
        cuts += 1;
        line.cut();
        await sleep(dice.upTo(300));
        line.mend();
      }
      stop();
      await until('Ben is saved', () => b.pendingCount.get() === 0);
      await until('both see the same', () => stateHash(a.document.get()) === stateHash(b.document.get()));
      // The line was cut this often, and the server closed nobody.
      expect(cuts).toBeGreaterThan(2);
      expect(lost.filter((state) => state === 'live')).toHaveLength(cuts + 1);
      // What Ben did in between can only be in the way of taking a step back.
      const refused = new Map(a.refused.get().map(({ op, problem }) => [op.id as string, problem.key]));
      expect([...new Set(refused.values())].filter((key) => key !== 'changed_since')).toEqual([]);
      const { ids, authors } = await journal(room);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((_, seq) => seq > 0 && authors[seq] === ann.id)).toEqual(
        sent.filter((one) => !refused.has(one)),
      );
      const fresh = await enter(ben, room, new MemoryOutboxStore(), hall.url);
      expect(stateHash(fresh.document.get())).toBe(stateHash(a.document.get()));
    },
    60_000 + SHIFT_OPS * 3,
  );

  it('sends what an earlier page left, once, also what the server had got already', async () => {
    const { a, b, room, outbox } = await together();
    for (const name of ['one', 'two']) a.submit('parts.add', { parts: [solid(name)] });
    await until('saved', () => a.pendingCount.get() === 0);
    await cutOff(a);
    a.submit('part.rename', { id: id('one'), name: 'Renamed away' });
    a.submit('parts.add', { parts: [solid('three')] });
    const unsent = a.pendingCount.get();
    // The page ends as a closed tab does: what is in its box stays there.
    await a.leave();
    line.mend();
    const again = await enter(ann, room, outbox);
    expect(partOf(again.document.get(), id('one'))?.name).toBe('Renamed away');
    await until('saved', () => again.pendingCount.get() === 0);
    await until('Ben sees it', () => partsOf(b.document.get()).has('three'));
    expect((await journal(room)).ids).toHaveLength(1 + 2 + unsent);
    await again.leave();
    const third = await enter(ann, room, outbox);
    expect(third.pendingCount.get()).toBe(0);
  });

  it('starts from a snapshot after a long time away, and knows which of its changes are in it already', async () => {
    const { a, b, room } = await together();
    const names = Array.from({ length: 300 }, (_, i) => `p${i}`);
    // The server gets all of them, and none of its answers arrives.
    line.muffle();
    for (const name of names) a.submit('parts.add', { parts: [solid(name)] });
    await until('all have arrived', () => partsOf(b.document.get()).size === 300);
    expect(a.pendingCount.get()).toBe(300);
    line.cut();
    await until('away', () => a.connection.get().state === 'reconnecting');
    a.submit('part.rename', { id: id('p7'), name: 'Renamed away' });
    b.submit('parts.add', { parts: [solid('busy')] });
    for (let i = 0; i < 2_500; i++) b.submit('part.move', { moves: [{ id: id('busy'), poseInParent: at(i / 10) }] });
    await until('Ben is saved', () => b.pendingCount.get() === 0);
    await back(a);
    await until('both see the same', () => stateHash(a.document.get()) === stateHash(b.document.get()));
    expect(partOf(a.document.get(), id('p7'))?.name).toBe('Renamed away');
    expect(a.refused.get()).toEqual([]);
    const { ids } = await journal(room);
    expect(ids).toHaveLength(1 + 300 + 1 + 2_501);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps the work of two windows of one person apart, and brings in both', async () => {
    const outbox = new MemoryOutboxStore();
    const { a, room } = await together(outbox);
    const a2 = await enter(ann, room, outbox);
    await Promise.all([cutOff(a), cutOff(a2)]);
    for (let i = 0; i < 30; i++) {
      a.submit('parts.add', { parts: [solid(`left${i}`)] });
      a2.submit('parts.add', { parts: [solid(`right${i}`)] });
    }
    await Promise.all([back(a), back(a2)]);
    const { ids } = await journal(room);
    expect(ids).toHaveLength(1 + 60);
    expect(new Set(ids).size).toBe(61);
    await until('both see all', () => [a, a2].every(({ document }) => partsOf(document.get()).size === 60));
    expect([a, a2].map(({ refused }) => refused.get())).toEqual([[], []]);
  });

  it('lists what could not be applied with the reason, keeps the list until it is dismissed, and applies the rest', async () => {
    const { a, b, room, outbox } = await together();
    for (const name of ['kept', 'doomed']) a.submit('parts.add', { parts: [solid(name)] });
    await until('Ben sees them', () => partsOf(b.document.get()).size === 2);
    await cutOff(a);
    const told: string[] = [];
    a.onReject((problem) => told.push(problem.key));
    a.submit('part.rename', { id: id('doomed'), name: 'Mine' });
    a.submit('part.move', { moves: [{ id: id('doomed'), poseInParent: at(3) }] });
    a.submit('part.rename', { id: id('kept'), name: 'Stays' });
    b.submit('parts.delete', { ids: [id('doomed')] });
    await until('Ben deleted it', () => b.pendingCount.get() === 0);
    await back(a);
    expect(a.refused.get().map(({ op, problem }) => [op.type, problem.key])).toEqual([
      ['part.rename', 'no_such_part'],
      ['part.move', 'no_such_part'],
    ]);
    expect(told).toEqual([]);
    await until('the rest is there', () => partOf(b.document.get(), id('kept'))?.name === 'Stays');
    await a.leave();
    const again = await enter(ann, room, outbox);
    expect(again.refused.get()).toHaveLength(2);
    again.dismissRefused();
    expect(again.refused.get()).toEqual([]);
    await again.leave();
    expect((await enter(ann, room, outbox)).refused.get()).toEqual([]);
  });

  it('lists every change of a person who may no longer change anything, and leaves the room as it was', async () => {
    const { room, project } = await openProject(ann, [ben]);
    const a = await enter(ann, room, new MemoryOutboxStore(), hall.url);
    a.submit('parts.add', { parts: Array.from({ length: 100 }, (_, i) => solid(`p${i}`)) });
    await until('saved', () => a.pendingCount.get() === 0);
    const outbox = new MemoryOutboxStore();
    const b = await enter(ben, room, outbox);
    await cutOff(b);
    const count = 3_000;
    for (let i = 0; i < count; i++)
      b.submit('part.move', { moves: [{ id: id(`p${i % 100}`), poseInParent: at(i / 10) }] });
    await ann.ask('PATCH', `/api/projects/${project}/members/${ben.id}`, { role: 'observer' });
    await back(b);
    expect(b.refused.get()).toHaveLength(count);
    expect(new Set(b.refused.get().map(({ problem }) => problem.key))).toEqual(new Set(['not_allowed']));
    expect(stateHash(b.document.get())).toBe(stateHash(a.document.get()));
    await b.leave();
    expect((await enter(ben, room, outbox)).refused.get()).toHaveLength(count);
  });

  it('drops nothing when my sign-in has ended meanwhile, and says so', async () => {
    const cat = await signIn(hall.url, 'Cat');
    const { room } = await openProject(cat);
    const outbox = new MemoryOutboxStore();
    const session = await enter(cat, room, outbox);
    await cutOff(session);
    for (let i = 0; i < 5; i++) session.submit('parts.add', { parts: [solid(`p${i}`)] });
    await cat.ask('DELETE', '/api/session');
    line.mend();
    await until('told', () => session.connection.get().state === 'closed');
    const closed = session.connection.get() as { problem: { key: string; next?: string } | null };
    expect(closed.problem?.next).toMatch(/sign in/i);
    await until('the box is free', async () => {
      const box = await outbox.open({ room, user: cat.id, client: `look${Math.random()}` });
      await box.close();
      return box.left.length === 5;
    });
  });
});
