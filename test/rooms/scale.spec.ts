import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectGuidance } from '#net/guidance';
import type { RoomSession } from '#net/index';
import { submissionsOf } from '#protocol/design/index';
import { tellInSync } from '../../client/offline/in-sync.ts';
import { jobOf } from '#protocol/guidance/index';
import { valve } from '../support/jobs.ts';
import { openShop } from '../support/offline-shift.ts';
import { startFleet, type ReferenceFleet } from '../support/fleet.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { missingForScale } from '../support/programs.ts';
import { cubeStl } from '../support/import-samples.ts';

interface Health {
  parts: { fleet: { detail: string } };
}

/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const missing = missingForScale();
if (missing) console.warn(`The tests of several processes are skipped: this ${missing}`);

describe.skipIf(missing)('a hall of two processes', () => {
  let fleet: ReferenceFleet;
  /** The same person, by each of the two processes and by the proxy. */
  let ann: Record<'first' | 'second' | 'proxy', Person>;
  let ben: Record<'first' | 'second' | 'proxy', Person>;

  const everywhere = async (name: string) => {
    const proxy = await signIn(fleet.url, name);
    const { 'hall-1': one, 'hall-2': two } = fleet.halls;
    return { proxy, first: proxy.at(one.url), second: proxy.at(two.url) };
  };
  /** Name of the process in which a room is open, or is opened now. */
  const placeOf = async (person: Person, room: string): Promise<string> => {
    const { ticket } = await person.ask<{ ticket: string }>('POST', `/api/rooms/${room}/ticket`);
    const join = { v: 1, room, client: `seat-${room}`, ticket, device: 'bot', have: 0 };
    return (await person.ask<{ processId: string }>('POST', '/matchmake/joinOrCreate/hall', join)).processId;
  };
  const leave = (...sessions: RoomSession[]) => Promise.all(sessions.map((session) => session.leave()));

  beforeAll(async () => {
    fleet = await startFleet();
    [ann, ben] = [await everywhere('Ann'), await everywhere('Ben')];
  });
  afterAll(async () => fleet?.stop());

  it('lets two people meet who come in through different processes', async () => {
    const { room } = await openProject(ann.first, [ben.second]);
    const [a, b] = [await ann.first.enter(room), await ben.second.enter(room)];
    await until('both see both', () => [a, b].every(({ participants }) => participants.get().length === 2));
    const added = a.submit('parts.add', { parts: [solid('seen')] }) as { id: string };
    await a.confirmed(added.id);
    await until('Ben has the part', () => b.document.get().tables.get('parts')?.has('seen') ?? false);
    const presentAt = async (person: Person) => {
      const { projects } = await person.ask<{ projects: { room: string; present: string[] }[] }>(
        'GET',
        '/api/projects',
      );
      return projects.find((one) => one.room === room)?.present.length;
    };
    for (const at of [ann.first, ann.second])
      await until('each process knows who is there', async () => (await presentAt(at)) === 2);
    await leave(a, b);
  });

  it('answers what is in any room from any process, at once after it was saved', async () => {
    const { room } = await openProject(ann.first);
    const session = await ann.first.enter(room);
    for (let i = 0; i < 20; i++) {
      const added = session.submit('parts.add', { parts: [solid(`part-${i}`)] }) as { id: string };
      await session.confirmed(added.id);
      for (const at of [ann.first, ann.second])
        expect((await at.ask<{ length: number }>('GET', `/api/rooms/${room}`)).length).toBe(i + 2);
    }
    await leave(session);
  });

  it('writes into a room of another process through the process that has it', async () => {
    const { project } = await openProject(ann.first);
    const brief = { title: 'Pump', goal: 'Lighter', deadlineAt: Date.now() + 3_600_000, licence: 'CC-BY-4.0' };
    const criteria = [{ id: 'weight', label: 'Weight', weight: 1 }];
    const { id: room } = await ann.first.ask<{ id: string }>('POST', `/api/projects/${project}/briefs`, {
      ...brief,
      criteria,
    });
    const session = await ann.first.enter(room);
    for (const at of [ben.first, ben.second])
      await at.ask('POST', `/api/briefs/${room}/submissions`, { title: 'Mine' });
    await until('both submissions are in the open room', () => submissionsOf(session.document.get()).size === 2);
    await leave(session);
  });

  it('tells a person in a room of one process of a role that changed in the other', async () => {
    for (const [seated, other] of [
      ['first', 'second'],
      ['second', 'first'],
    ] as const) {
      const { project, room } = await openProject(ann.proxy, [ben.proxy]);
      const session = await ben[seated].enter(room);
      const hosted = await placeOf(ann.proxy, room);
      const far = hosted === 'hall-1' ? 'second' : 'first';
      for (const at of [ann[far], ann[other]])
        await at.ask('PATCH', `/api/projects/${project}/members/${ben.proxy.id}`, { role: 'observer' });
      await until('Ben is an observer', () => session.me.role === 'observer', 5_000);
      await ann[far].ask('DELETE', `/api/projects/${project}/members/${ben.proxy.id}`);
      await until('Ben is out', () => session.connection.get().state === 'closed', 5_000);
      await leave(session);
    }
  });

  it('opens one room when many come at once through both processes', async () => {
    const { room } = await openProject(ann.proxy);
    const entries = Array.from({ length: 40 }, (_, i) => (i % 2 ? ann.first : ann.second).enter(room));
    const sessions = await Promise.all(entries);
    for (const { participants } of sessions)
      await until('everybody sees everybody', () => participants.get().length === 40);
    expect(new Set(sessions.map(({ me }) => me.participant)).size).toBe(40);
    await leave(...sessions);
  });

  it('gives new rooms to the process with the fewest people, not with the fewest rooms', async () => {
    const crowded = await openProject(ann.proxy);
    const crowd = await Promise.all(Array.from({ length: 16 }, () => ann.proxy.enter(crowded.room)));
    const full = await placeOf(ann.proxy, crowded.room);
    // Who left the rooms of the tests before this one is forgotten with the next beats, too.
    await until('both processes have told how many are there', async () => {
      const { parts } = (await (await fetch(`${fleet.url}/api/health`)).json()) as Health;
      const counts = [...parts.fleet.detail.matchAll(/(hall-\d) \((\d+)\)/g)].map(([, name, count]) => [
        name,
        Number(count),
      ]);
      const { [full]: here = 0, ...others } = Object.fromEntries(counts) as Record<string, number>;
      return here >= 16 && Object.values(others).every((count) => count + 6 < here);
    });
    const rooms = await Promise.all(Array.from({ length: 5 }, () => openProject(ann.proxy)));
    const places = await Promise.all(rooms.map(({ room }) => placeOf(ann.proxy, room)));
    expect(places).not.toContain(full);
    await leave(...crowd);
  });

  it('publishes in one process, signs and mints in the other, once, and proves it in both', async () => {
    const { room } = await openProject(ann.first);
    const session = await ann.first.enter(room);
    const added = session.submit('parts.add', { parts: [solid('made')] }) as { id: string };
    await session.confirmed(added.id);
    await leave(session);
    const { cid: picture } = await ann.first.ask<{ cid: string }>('POST', '/api/pictures', { data: PIXEL });
    const terms = { title: 'First', notes: '', licence: 'CERN-OHL-S-2.0', picture };
    const { cid } = await ann.first.ask<{ cid: string }>('POST', `/api/rooms/${room}/revisions`, terms);
    // With the key that the first process made and sealed when it published.
    await ann.second.ask('POST', `/api/revisions/${cid}/sign`);
    const mints = await Promise.allSettled(
      [ann.first, ann.second].map((at) => at.ask('POST', `/api/revisions/${cid}/mint`)),
    );
    expect(mints.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const at of [ann.first, ann.second]) {
      const { token } = await at.ask<{ token: { tokenId: string } }>('GET', `/api/revisions/${cid}`);
      const report = await at.ask<{ ok: boolean }>('POST', `/api/tokens/${token.tokenId}/verify`);
      expect(report.ok).toBe(true);
    }
  });

  it('takes a job over to a new release when its device is back, whichever process heard of what', async () => {
    const { owner, ann: eve, project, rooms } = await openShop(fleet, 1);
    const room = rooms[0]!;
    const at = (person: Person) => [fleet.halls['hall-1'], fleet.halls['hall-2']].map(({ url }) => person.at(url));
    const [eveFirst, eveSecond] = at(eve) as [Person, Person];
    await eveFirst.ask('POST', `/api/jobs/${room}/taken`, { device: 'device-of-eve' });
    const [, second] = at(owner) as [Person, Person];
    const { procedures } = await second.ask<{ procedures: { id: string; version: number }[] }>(
      'GET',
      `/api/projects/${project}/procedures`,
    );
    const procedure = valve((steps) =>
      steps.map((step) => (step['id'] === 'inspect' ? { ...step, title: { en: 'Look once more' } } : step)),
    );
    const { version } = await second.ask<{ version: number }>('PUT', `/api/procedures/${procedures[0]!.id}`, {
      version: 1,
      procedure,
    });
    await second.ask('POST', `/api/procedures/${procedures[0]!.id}/releases`, { version });
    const changeAt = async (person: Person) =>
      (await person.ask<{ change: { change: string } | null }>('GET', `/api/jobs/${room}/instruction-change`)).change;
    for (const person of [eveFirst, eveSecond])
      await until('it is away, in each process', async () => (await changeAt(person))?.change === 'away');
    const session = await connectGuidance({ hallUrl: eveSecond.hallUrl, token: eve.token, room, device: 'bot' });
    const stop = tellInSync(session, 'device-of-eve');
    for (const person of [eveFirst, eveSecond])
      await until('it has gone over, in each process', async () => (await changeAt(person)) === null);
    expect(jobOf(session.document.get())!.revision).toBe(2);
    stop();
    await session.leave();
  });

  it('shows how far an import is from any process, and passes on the end of its events', async () => {
    const answer = await fetch(`${ann.first.hallUrl}/api/imports?name=cube.stl&unit=millimetre`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.first.token}`, 'content-type': 'application/octet-stream' },
      body: cubeStl(20),
    });
    const { id } = (await answer.json()) as { id: string };
    const events = await fetch(`${ann.second.hallUrl}/api/imports/${id}/events`, {
      headers: { authorization: `Bearer ${ann.second.token}` },
    });
    expect(await events.text()).toContain('"state":"done"');
    for (const at of [ann.first, ann.second])
      expect((await at.ask<{ state: string }>('GET', `/api/imports/${id}`)).state).toBe('done');
    await expect(ben.second.ask('GET', `/api/imports/${id}`)).rejects.toMatchObject({ key: 'import_unknown' });
  });
});
