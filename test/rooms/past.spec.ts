import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withPast, type RoomSession, type ShownSession } from '#net/index';
import { partsOf } from '#protocol/design/index';
import { stateHash } from '#protocol/document/index';
import { decodeBlock, decodeSnapshot } from '#protocol/journal/index';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** The past of rooms as a client reads it from a real server. */
let hall: Hall;
let ann: Person;
const sessions: RoomSession[] = [];

beforeAll(async () => {
  hall = await startHall();
  ann = await signIn(hall.url, 'Ann');
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.leave()));
  await hall?.stop();
});

async function bytes(path: string): Promise<Uint8Array> {
  const answer = await fetch(hall.url + path, { headers: { authorization: `Bearer ${ann.token}` } });
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return new Uint8Array(await answer.arrayBuffer());
}

const snapshotAt = async (room: string, length: number) =>
  decodeSnapshot(await bytes(`/api/rooms/${room}/snapshot?length=${length}`));

async function enter(room: string): Promise<ShownSession> {
  const live = await ann.enter(room);
  sessions.push(live);
  return withPast(live, {
    entries: async (from, limit) =>
      (decodeBlock(await bytes(`/api/rooms/${room}/entries?from=${from}&limit=${limit}`)) as { blocks: Uint8Array[] })
        .blocks,
    begin: () => snapshotAt(room, 1),
  });
}

async function done(session: RoomSession, ...[type, payload]: Parameters<RoomSession['submit']>): Promise<void> {
  const sent = session.submit(type, payload);
  if ('problem' in sent) throw new Error(sent.problem.message);
  await session.confirmed(sent.id);
}

describe('the past of a room on a server', () => {
  it('is at every step what the server says it was', async () => {
    const { room } = await openProject(ann);
    const session = await enter(room);
    for (let n = 0; n < 12; n++) await done(session, 'parts.add', { parts: [solid(`part-${n}`)] });
    await done(session, 'history.undo', {
      target: session.document.get().history.get(ann.id)!.undo.last()!.target as never,
    });
    await until('every entry is here', () => session.length.get() === 14);
    await session.past.prepare();
    for (const seq of [0, 5, 12, 3, 11]) {
      session.past.seek(seq);
      expect(stateHash(session.document.get())).toBe(stateHash((await snapshotAt(room, seq + 1)).document));
    }
    session.past.backToNow();
    expect(partsOf(session.document.get()).size).toBe(11);
  });

  it('begins in a submission with what its reference had', async () => {
    const { room, project } = await openProject(ann);
    const session = await enter(room);
    await done(session, 'parts.add', { parts: [solid('shaft'), solid('cover')] });
    const { id: brief } = await ann.ask<{ id: string }>('POST', `/api/projects/${project}/briefs`, {
      ...{ title: 'Lighter', goal: 'Half the weight', licence: 'CC-BY-4.0' },
      ...{ criteria: [{ id: 'weight', label: 'Weight', weight: 1 }], deadlineAt: Date.now() + 86_400_000 },
    });
    const { room: own } = await ann.ask<{ room: string }>('POST', `/api/briefs/${brief}/submissions`, {
      title: 'Mine',
    });
    const mine = await enter(own);
    await done(mine, 'parts.delete', { ids: ['cover' as never] });
    await until('the entry is here', () => mine.length.get() === 2);
    mine.past.seek(0);
    await mine.past.prepare();
    expect([...partsOf(mine.document.get()).keys()].sort()).toEqual(['cover', 'shaft']);
    mine.past.backToNow();
    expect([...partsOf(mine.document.get()).keys()]).toEqual(['shaft']);
  });

  it('is shown to nobody who may not read it', async () => {
    const { room } = await openProject(ann);
    const stranger = await signIn(hall.url, 'Stranger');
    await expect(stranger.ask('GET', `/api/rooms/${room}/snapshot?length=1`)).rejects.toThrow(/403|404/);
    await expect(ann.ask('GET', `/api/rooms/${room}/snapshot?length=0`)).rejects.toThrow(/422/);
  });
});
