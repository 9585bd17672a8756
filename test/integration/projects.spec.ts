import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeBlock, decodeSnapshot, openEntry } from '#protocol/journal/index';
import { partsOf } from '#protocol/design/index';
import { RoomId } from '#protocol/ids';
import { RoomGate } from '../../server/rooms/index.ts';
import { box, InProcessHall, type Visitor } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open()));
afterAll(() => hall?.close());

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Who gets which status, in the order stranger (no session), outsider, observer, reviewer, designer, owner. */
const RIGHTS: [string, string, unknown, number[]][] = [
  ['GET', '/projects', undefined, [401, 200, 200, 200, 200, 200]],
  ['GET', '/projects/:project', undefined, [401, 403, 200, 200, 200, 200]],
  ['PATCH', '/projects/:project', { title: 'Pump 2' }, [401, 403, 403, 403, 403, 200]],
  ['POST', '/projects/:project/invitations', { role: 'observer' }, [401, 403, 403, 403, 403, 201]],
  ['GET', '/projects/:project/invitations', undefined, [401, 403, 403, 403, 403, 200]],
  ['PATCH', '/projects/:project/members/:reviewer', { role: 'reviewer' }, [401, 403, 403, 403, 403, 200]],
  ['DELETE', '/projects/:project/members/nobody', undefined, [401, 403, 403, 403, 403, 404]],
  ['GET', '/rooms/:room', undefined, [401, 200, 200, 200, 200, 200]],
  ['POST', '/rooms/:room/ticket', {}, [401, 403, 200, 200, 200, 200]],
  ['GET', '/rooms/:room/snapshot', undefined, [401, 403, 200, 200, 200, 200]],
  ['GET', '/rooms/:room/entries', undefined, [401, 403, 200, 200, 200, 200]],
  ['GET', '/projects/none', undefined, [401, 404, 404, 404, 404, 404]],
  ['GET', '/rooms/none', undefined, [401, 404, 404, 404, 404, 404]],
  ['POST', '/rooms/none/ticket', {}, [401, 404, 404, 404, 404, 404]],
  ['POST', '/pictures', { data: png }, [401, 201, 201, 201, 201, 201]],
  ['POST', '/projects/:project/briefs', { title: 'x' }, [401, 422, 422, 422, 422, 422]],
];

describe('rights over HTTP', () => {
  let cast: Awaited<ReturnType<InProcessHall['cast']>>;
  beforeAll(async () => void (cast = await hall.cast()));

  test.each(RIGHTS)('%s %s', async (method, path, body, expected) => {
    const { project, people } = cast;
    const real = path
      .replace(':project', project.id)
      .replace(':room', project.room)
      .replace(':reviewer', people.reviewer.id);
    const callers: Visitor[] = [
      hall.stranger,
      people.outsider,
      people.observer,
      people.reviewer,
      people.designer,
      people.owner,
    ];
    const got = await Promise.all(callers.map(async (caller) => (await caller.ask(method, real, body)).status));
    expect(got).toEqual(expected);
  });

  test('an outsider learns of a room that it exists, and nothing of what is in it', async () => {
    const { body } = await cast.people.outsider.get(`/rooms/${cast.project.room}`);
    expect(body).toMatchObject({ role: null, title: '', length: 0 });
  });
});

describe('a project', () => {
  test('is there for its members with parts, picture and roles, and for nobody else', async () => {
    const { project, people } = await hall.cast();
    await hall.act(project.room, people.designer, 'parts.add', {
      parts: [box('a'), box('b'), { ...box('g'), shape: null }],
    });
    const { body: picture } = await people.owner.post('/pictures', { data: png });
    await people.owner.ask('PATCH', `/projects/${project.id}`, { title: 'Centrifugal pump', picture: picture.cid });
    const { body } = await people.observer.get(`/projects/${project.id}`);
    expect(body).toMatchObject({
      title: 'Centrifugal pump',
      partCount: 2,
      picture: picture.cid,
      role: 'observer',
      present: [],
    });
    expect(body.members.map((member: { name: string; role: string }) => `${member.name} ${member.role}`)).toEqual([
      'owner owner',
      'designer designer',
      'reviewer reviewer',
      'observer observer',
    ]);
    const mine = (await people.designer.get('/projects')).body.projects.map((known: { id: string }) => known.id);
    const theirs = (await people.outsider.get('/projects')).body.projects.map((known: { id: string }) => known.id);
    expect([mine.includes(project.id), theirs.includes(project.id)]).toEqual([true, false]);
  });

  test('keeps at least one owner, even when two owners demote each other at the same time', async () => {
    const { project, people } = await hall.cast();
    const path = (person: Visitor) => `/projects/${project.id}/members/${person.id}`;
    expect((await people.owner.ask('PATCH', path(people.owner), { role: 'designer' })).body.key).toBe('last_owner');
    expect((await people.owner.ask('DELETE', path(people.owner))).body.key).toBe('last_owner');
    await people.owner.ask('PATCH', path(people.designer), { role: 'owner' });
    await Promise.all([
      people.owner.ask('PATCH', path(people.designer), { role: 'observer' }),
      people.designer.ask('PATCH', path(people.owner), { role: 'observer' }),
    ]);
    const { members } = (await people.reviewer.get(`/projects/${project.id}`)).body;
    expect(members.filter((member: { role: string }) => member.role === 'owner')).toHaveLength(1);
  });

  test('takes no picture that is not one, and none that is not stored', async () => {
    const { project, people } = await hall.cast();
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString(
      'base64',
    );
    expect((await people.owner.post('/pictures', { data: script })).status).toBe(415);
    const huge = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(2 * 1024 * 1024)]).toString('base64');
    expect((await people.owner.post('/pictures', { data: huge })).status).toBe(413);
    const elsewhere = `bafkrei${'a'.repeat(52)}`;
    expect((await people.owner.ask('PATCH', `/projects/${project.id}`, { picture: elsewhere })).body.key).toBe(
      'picture_unknown',
    );
  });
});

describe('an invitation', () => {
  test('gives its role, never takes a higher one away, and is worth nothing once taken back', async () => {
    const { project, people } = await hall.cast();
    const { body: invitation } = await people.owner.post(`/projects/${project.id}/invitations`, { role: 'reviewer' });
    expect(invitation.path).toBe(`/join/${invitation.token}`);
    const accept = (person: Visitor) => person.post(`/invitations/${invitation.token}/accept`);
    expect((await accept(people.outsider)).body).toEqual({ project: project.id, room: project.room, role: 'reviewer' });
    expect((await accept(people.designer)).body.role).toBe('designer');
    const [line] = (await people.owner.get(`/projects/${project.id}/invitations`)).body.invitations.filter(
      (known: { role: string; uses: number }) => known.role === 'reviewer' && known.uses === 2,
    );
    expect((await people.owner.ask('DELETE', `/projects/${project.id}/invitations/${line.id}`)).status).toBe(200);
    const late = await hall.guest('late');
    expect((await accept(late)).body.key).toBe('invitation_taken_back');
  });

  test('to own a project does not exist, and an old one has ended', async () => {
    const { project, people } = await hall.cast();
    expect((await people.owner.post(`/projects/${project.id}/invitations`, { role: 'owner' })).status).toBe(422);
    const { body: invitation } = await people.owner.post(`/projects/${project.id}/invitations`, { role: 'designer' });
    hall.clock.advance(29 * 24 * 3_600_000);
    const late = await hall.guest('late');
    hall.clock.advance(2 * 24 * 3_600_000);
    expect((await late.post(`/invitations/${invitation.token}/accept`)).status).toBe(410);
  });

  test('tells a stranger with the link who invites, to what and as what, and nothing else', async () => {
    const { project, people } = await hall.cast();
    const { body: invitation } = await people.owner.post(`/projects/${project.id}/invitations`, { role: 'reviewer' });
    const told = () => hall.stranger.get(`/invitations/${invitation.token}`);
    const expiresAt = hall.clock.nowMs() + 30 * 24 * 3_600_000;
    const { body, headers } = await told();
    expect(body).toEqual({ project: 'Pump', inviter: 'owner', role: 'reviewer', expiresAt });
    expect(headers.get('cache-control')).toBe('no-store');

    const guess = `${invitation.token.slice(0, -2)}AA`;
    expect((await hall.stranger.get(`/invitations/${guess}`)).body.key).toBe('invitation_unknown');
    expect((await hall.stranger.get('/invitations/short')).body.key).toBe('invitation_unknown');
    expect((await hall.stranger.get(`/invitations/${'x'.repeat(101)}`)).status).toBe(422);

    await people.owner.ask('DELETE', `/projects/${project.id}/invitations/${invitation.token}`);
    expect((await told()).body).toMatchObject({ key: 'invitation_taken_back' });
    const { body: second } = await people.owner.post(`/projects/${project.id}/invitations`, { role: 'reviewer' });
    hall.clock.advance(30 * 24 * 3_600_000);
    const late = await hall.stranger.get(`/invitations/${second.token}`);
    expect([late.status, late.body.key]).toEqual([410, 'invitation_expired']);
  });
});

describe('entering a room', () => {
  const gate = () => hall.app.get(RoomGate, { strict: false });

  test('a ticket lets its person into its room, once', async () => {
    const { project, people } = await hall.cast();
    const room = RoomId.parse(project.room);
    const { body } = await people.designer.post(`/rooms/${room}/ticket`);
    expect(body).toMatchObject({ room, role: 'designer' });
    expect(await gate().admit(body.ticket, room)).toEqual({
      user: people.designer.id,
      name: 'designer',
      badge: 'guest',
    });
    await expect(gate().admit(body.ticket, room)).rejects.toMatchObject({
      status: 401,
      problem: { key: 'ticket_invalid' },
    });
  });

  test('a ticket is worth nothing after a minute, for another room, or after its person lost the right', async () => {
    const [{ project, people }, other] = [await hall.cast(), await hall.cast()];
    const room = RoomId.parse(project.room);
    const ticket = async () => (await people.designer.post(`/rooms/${room}/ticket`)).body.ticket as string;
    await expect(gate().admit(await ticket(), RoomId.parse(other.project.room))).rejects.toMatchObject({ status: 401 });
    const slow = await ticket();
    hall.clock.advance(60_000);
    await expect(gate().admit(slow, room)).rejects.toMatchObject({ status: 401 });
    const removed = await ticket();
    await people.owner.ask('DELETE', `/projects/${project.id}/members/${people.designer.id}`);
    await expect(gate().admit(removed, room)).rejects.toMatchObject({ status: 403 });
  });

  test('two who come with the same ticket at the same moment: one is let in', async () => {
    const { project, people } = await hall.cast();
    const room = RoomId.parse(project.room);
    const { body } = await people.designer.post(`/rooms/${room}/ticket`);
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => gate().admit(body.ticket, room)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('open rooms are told at once when a role changes', async () => {
    const { project, people } = await hall.cast();
    const told: string[] = [];
    const stop = gate().onRoleChange((room, user) => void told.push(`${room} ${user}`));
    await people.owner.ask('PATCH', `/projects/${project.id}/members/${people.designer.id}`, { role: 'observer' });
    stop();
    expect(told).toContain(`${project.room} ${people.designer.id}`);
    expect(await gate().roleIn(RoomId.parse(project.room), people.designer.id)).toBe('observer');
  });
});

test('snapshot and entries come as the bytes that are stored, whole and in order', async () => {
  const { project, people } = await hall.cast();
  for (const id of ['a', 'b', 'c']) await hall.act(project.room, people.designer, 'parts.add', { parts: [box(id)] });
  const snapshot = decodeSnapshot((await people.observer.get(`/rooms/${project.room}/snapshot`)).bytes);
  expect([snapshot.length, partsOf(snapshot.document).size]).toEqual([4, 3]);
  const { bytes } = await people.observer.get(`/rooms/${project.room}/entries?from=1&limit=2`);
  const { from, blocks } = decodeBlock(bytes) as { from: number; blocks: Uint8Array[] };
  const [second, third] = blocks.map((block) => openEntry(block));
  expect([from, blocks.length, second!.entry.seq, third!.entry.seq]).toEqual([1, 2, 1, 2]);
  expect(third!.entry.prev!.equals(second!.cid)).toBe(true);
  expect((await people.observer.get(`/rooms/${project.room}/entries?limit=100000`)).status).toBe(422);
});
