import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { partsOf } from '#protocol/design/index';
import { CommentId, OpId, PartId, RoomId } from '#protocol/ids';
import { RoomGate } from '../../server/rooms/index.ts';
import { box, InProcessHall, type Visitor } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open()));
afterAll(() => hall?.close());

const DAY_MS = 24 * 3_600_000;
const id = (text: string) => PartId.parse(text);
const at = (x: number) => ({
  position: [x, 0, 0] as [number, number, number],
  rotation: [0, 0, 0, 1] as [number, number, number, number],
});
const brief = (more: object = {}) => ({
  title: 'A lighter wheel',
  goal: 'Half the weight, same strength.',
  deadlineAt: hall.clock.nowMs() + DAY_MS,
  licence: 'CC-BY-4.0',
  criteria: [
    { id: 'weight', label: 'Weight', weight: 3 },
    { id: 'beauty', label: 'Beauty', weight: 1 },
  ],
  ...more,
});

/** A project with two parts, opened to the crowd; two people of the crowd. */
async function openBrief(more: object = {}) {
  const { project, people } = await hall.cast();
  await hall.act(project.room, people.owner, 'parts.add', { parts: [box('plate'), box('wheel')] });
  const { body, status } = await people.owner.post(`/projects/${project.id}/briefs`, brief(more));
  expect(status).toBe(201);
  const [lin, mateo] = [await hall.guest('Lin'), await hall.guest('Mateo')];
  return { project, people, lin, mateo, id: body.id as string, path: `/briefs/${body.id}` };
}
type Opened = Awaited<ReturnType<typeof openBrief>>;

async function start(opened: Opened, by: Visitor, title = 'Spokes') {
  const { body, status } = await by.post(`${opened.path}/submissions`, { title });
  expect(status, JSON.stringify(body)).toBe(201);
  return { ...(body as { id: string; room: string }), path: `${opened.path}/submissions/${body.id}` };
}

describe('the crowd', () => {
  test('enters with the link alone, builds in a room of its own, and leaves the project as it was', async () => {
    const opened = await openBrief();
    const view = (await opened.lin.get(opened.path)).body;
    expect(view).toMatchObject({
      title: 'A lighter wheel',
      ownerName: 'owner',
      role: 'reviewer',
      isOpen: true,
      submissions: [],
    });
    expect((await opened.lin.get(`/projects/${opened.project.id}`)).status).toBe(403);
    expect((await opened.lin.post(`/rooms/${opened.id}/ticket`)).body.role).toBe('reviewer');
    const mine = await start(opened, opened.lin);
    expect((await opened.lin.get(`/rooms/${mine.room}`)).body).toMatchObject({
      role: 'owner',
      purpose: 'submission',
      brief: opened.id,
      submission: mine.id,
    });
    expect((await opened.mateo.get(`/rooms/${mine.room}`)).body.role).toBe('reviewer');
    await hall.act(mine.room, opened.lin, 'part.move', { moves: [{ id: id('wheel'), poseInParent: at(1) }] });
    const { document } = await hall.host.state(RoomId.parse(opened.project.room));
    expect(partsOf(document).get('wheel')!.poseInParent).toEqual(at(0));
  });

  test('finds open briefs on the page of the hall, and not those that have ended', async () => {
    const opened = await openBrief();
    const shown = async () =>
      (await opened.lin.get('/projects')).body.briefs.some((known: { id: string }) => known.id === opened.id);
    expect(await shown()).toBe(true);
    const before = hall.clock.nowMs();
    hall.clock.advance(2 * DAY_MS);
    expect(await shown()).toBe(false);
    expect(hall.clock.nowMs()).toBeGreaterThan(before);
  });

  test('hands in what is new, iterates, and is rated on the criteria by others', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    expect((await opened.lin.post(`${mine.path}/hand-in`)).body.key).toBe('nothing_new');
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name: 'Spoked wheel' });
    const handedIn = (await opened.lin.post(`${mine.path}/hand-in`, { note: 'first' })).body.submissions[0];
    expect(handedIn).toMatchObject({
      state: 'submitted',
      isMine: true,
      score: null,
      iterations: [{ note: 'first', picture: null }],
    });
    expect((await opened.lin.post(`${mine.path}/ratings`, { scores: { weight: 5 } })).body.key).toBe('own_submission');
    expect((await opened.mateo.post(`${mine.path}/ratings`, { scores: { colour: 5 } })).body.key).toBe(
      'unknown_criterion',
    );
    await opened.mateo.post(`${mine.path}/ratings`, { scores: { weight: 1, beauty: 1 } });
    await opened.mateo.post(`${mine.path}/ratings`, { scores: { weight: 5, beauty: 1 }, note: 'light!' });
    const rated = (await opened.people.owner.get(opened.path)).body.submissions[0];
    expect(rated).toMatchObject({
      score: 4,
      ratingCount: 1,
      ratings: [{ user: opened.mateo.id, name: 'Mateo', note: 'light!' }],
      isMine: false,
    });
    await hall.act(mine.room, opened.lin, 'part.move', { moves: [{ id: id('wheel'), poseInParent: at(2) }] });
    expect(
      (await opened.lin.post(`${mine.path}/hand-in`, { note: 'second' })).body.submissions[0].iterations,
    ).toHaveLength(2);
  });

  test('is told for which iteration a rating was given, until it is given again', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    const handIn = async (name: string) => {
      hall.clock.advance(1000);
      await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name });
      await opened.lin.post(`${mine.path}/hand-in`);
      hall.clock.advance(1000);
    };
    const rate = async () =>
      (await opened.mateo.post(`${mine.path}/ratings`, { scores: { weight: 4 } })).body.submissions[0].ratings;
    await handIn('Spoked wheel');
    expect(await rate()).toMatchObject([{ iteration: 1 }]);
    await handIn('Wheel with ribs');
    expect((await opened.lin.get(opened.path)).body.submissions[0].ratings).toMatchObject([{ iteration: 1 }]);
    expect(await rate()).toMatchObject([{ iteration: 2 }]);
  });
});

describe('rights in a brief', () => {
  /** In the order stranger (no session), crowd, other submitter, submitter, designer of the project, its owner. */
  const RIGHTS: [string, string, unknown, number[]][] = [
    ['GET', '', undefined, [401, 200, 200, 200, 200, 200]],
    ['POST', '/submissions/:mine/accept', {}, [401, 403, 403, 403, 403, 409]], // 409: not handed in yet
    ['GET', '/submissions/:mine/acceptance/preview', undefined, [401, 403, 403, 403, 403, 409]],
    ['POST', '/submissions/:mine/hand-in', {}, [401, 403, 403, 200, 403, 403]],
    ['POST', '/submissions/:mine/ratings', { scores: { weight: 3 } }, [401, 200, 200, 409, 200, 200]],
    ['POST', '/submissions/none/accept', {}, [401, 404, 404, 404, 404, 404]],
    ['POST', '/submissions/:mine/withdraw', {}, [401, 403, 403, 200, 403, 409]], // 409: the submitter was first
  ];

  test('each request as everyone who could send it', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    await start(opened, opened.mateo);
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name: 'W' });
    const callers = [
      hall.stranger,
      await hall.guest('crowd'),
      opened.mateo,
      opened.lin,
      opened.people.designer,
      opened.people.owner,
    ];
    for (const [method, path, body, expected] of RIGHTS) {
      const got: number[] = [];
      for (const caller of callers)
        got.push((await caller.ask(method, opened.path + path.replace(':mine', mine.id), body)).status);
      expect(got, `${method} ${path}`).toEqual(expected);
    }
    const opening = await Promise.all(
      Object.values(opened.people).map((caller) =>
        caller.post(`/projects/${opened.project.id}/briefs`, brief()).then(({ status }) => status),
      ),
    );
    expect(opening).toEqual([201, 403, 403, 403, 403]); // owner, designer, reviewer, observer, outsider
  });

  test('a submission sent by hand over the socket, naming somebody else’s room, is not one', async () => {
    const opened = await openBrief();
    await hall.act(opened.id, opened.lin, 'submission.start', {
      id: 'forged' as never,
      room: RoomId.parse(opened.project.room),
      title: 'mine',
    });
    expect((await opened.people.owner.get(opened.path)).body.submissions).toEqual([]);
    expect((await opened.people.owner.post(`${opened.path}/submissions/forged/accept`)).status).toBe(404);
  });
});

describe('after the end', () => {
  const roleOf = (room: string, person: Visitor) =>
    hall.app.get(RoomGate, { strict: false }).roleIn(RoomId.parse(room), person.id);

  test('of the deadline nothing is handed in, submitters only look, and the owner can still accept', async () => {
    const opened = await openBrief();
    const [mine, late] = [await start(opened, opened.lin), await start(opened, opened.mateo)];
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name: 'W' });
    await hall.act(late.room, opened.mateo, 'part.rename', { id: id('wheel'), name: 'V' });
    await opened.lin.post(`${mine.path}/hand-in`);
    expect(await roleOf(late.room, opened.mateo)).toBe('owner');
    hall.clock.advance(DAY_MS + 1);
    expect(await roleOf(late.room, opened.mateo)).toBe('observer');
    expect((await opened.mateo.get(`/rooms/${late.room}`)).body.isClosed).toBe(true);
    expect((await opened.mateo.post(`${late.path}/hand-in`)).body.key).toBe('room_closed');
    expect((await opened.mateo.post(`${opened.path}/submissions`, { title: 'too late' })).status).toBe(409);
    expect((await opened.people.owner.post(`${mine.path}/accept`)).body).toEqual({ applied: 1, refused: [] });
  });

  test('of a submission that was withdrawn or accepted its room is closed, and the room is told', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    const told: string[] = [];
    const stop = hall.app.get(RoomGate, { strict: false }).onRoleChange((room) => void told.push(room));
    expect((await opened.lin.post(`${mine.path}/withdraw`)).body.submissions[0].state).toBe('withdrawn');
    stop();
    expect([told, await roleOf(mine.room, opened.lin)]).toEqual([[mine.room], 'observer']);
    expect((await opened.people.owner.post(`${mine.path}/accept`)).body.key).toBe('wrong_state');
  });

  test('of an accepted submission its author starts another one, which can be accepted, too', async () => {
    const opened = await openBrief();
    for (const [round, part] of ['wheel', 'plate'].entries()) {
      const mine = await start(opened, opened.lin, `Idea ${round}`);
      await hall.act(mine.room, opened.lin, 'part.rename', { id: id(part), name: `Better ${part}` });
      await opened.lin.post(`${mine.path}/hand-in`);
      expect((await opened.people.owner.post(`${mine.path}/accept`)).body).toEqual({ applied: 1, refused: [] });
      expect(await roleOf(mine.room, opened.lin)).toBe('observer');
    }
  });

  test('a brief cannot be opened with a deadline that has passed', async () => {
    const { project, people } = await hall.cast();
    const { status, body } = await people.owner.post(
      `/projects/${project.id}/briefs`,
      brief({ deadlineAt: hall.clock.nowMs() - 1 }),
    );
    expect([status, body.key]).toEqual([422, 'deadline_in_the_past']);
  });
});

describe('accepting a submission', () => {
  test('writes its ops into the project’s journal: original authors, and where each was first written', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    await hall.act(mine.room, opened.lin, 'parts.add', { parts: [box('spoke')] });
    await hall.act(mine.room, opened.lin, 'part.move', { moves: [{ id: id('plate'), poseInParent: at(9) }] });
    const moved = (await hall.host.entries(RoomId.parse(mine.room), 2, 1))[0]!;
    await hall.act(mine.room, opened.lin, 'history.undo', { target: OpId.parse(moved.entry.id) });
    await hall.act(mine.room, opened.mateo, 'comment.add', {
      id: CommentId.parse('c1'),
      text: 'nice',
      anchor: { part: id('spoke'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
    });
    await opened.lin.post(`${mine.path}/hand-in`);
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('spoke'), name: 'after hand-in' });

    const project = RoomId.parse(opened.project.room);
    const { length } = await hall.host.state(project);
    expect((await opened.people.owner.post(`${mine.path}/accept`)).body).toEqual({ applied: 1, refused: [] });
    const written = await hall.host.entries(project, length, 10);
    const first = (await hall.host.entries(RoomId.parse(mine.room), 1, 1))[0]!;
    expect(written.map(({ entry }) => [entry.type, entry.author])).toEqual([
      ['parts.add', { id: opened.lin.id, name: 'Lin' }],
    ]);
    expect(written[0]!.entry.via!.room).toBe(mine.room);
    expect(written[0]!.entry.via!.cid.equals(first.cid)).toBe(true);
    const { document } = await hall.host.state(project);
    expect(partsOf(document).get('spoke')!.name).toBe('spoke');
    expect(partsOf(document).get('plate')!.poseInParent).toEqual(at(0));
    expect((await opened.lin.get(opened.path)).body.submissions[0].state).toBe('accepted');
  });

  test('tells what the project refuses by now, and takes the rest', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name: 'Spoked wheel' });
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('plate'), name: 'Base plate' });
    await opened.lin.post(`${mine.path}/hand-in`);
    await hall.act(opened.project.room, opened.people.owner, 'parts.delete', { ids: [id('wheel')] });
    const { body } = await opened.people.owner.post(`${mine.path}/accept`);
    expect(body).toMatchObject({ applied: 1, refused: [{ type: 'part.rename', author: 'Lin' }] });
    expect(body.refused[0].message).toContain('not there any more');
    const { document } = await hall.host.state(RoomId.parse(opened.project.room));
    expect(partsOf(document).get('plate')!.name).toBe('Base plate');
  });

  test('is foretold: what comes over, what is refused, whose it is, and that the comments stay; nothing is written', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('wheel'), name: 'Spoked wheel' });
    await hall.act(mine.room, opened.lin, 'part.rename', { id: id('plate'), name: 'Base plate' });
    await hall.act(mine.room, opened.mateo, 'comment.add', {
      id: CommentId.parse('c1'),
      text: 'nice',
      anchor: { part: id('wheel'), face: null, pointInPart: [0, 0, 0], normalInPart: [0, 1, 0] },
    });
    await opened.lin.post(`${mine.path}/hand-in`);
    await hall.act(opened.project.room, opened.people.owner, 'parts.delete', { ids: [id('wheel')] });
    const lengths = () =>
      Promise.all(
        [opened.project.room, opened.id, mine.room].map(
          async (room) => (await hall.host.state(RoomId.parse(room))).length,
        ),
      );
    const before = await lengths();
    const { body: foretold } = await opened.people.owner.get(`${mine.path}/acceptance/preview`);
    expect(foretold).toMatchObject({ applied: 1, comments: 1, authors: [{ id: opened.lin.id, name: 'Lin' }] });
    expect(await lengths()).toEqual(before);
    const { body: done } = await opened.people.owner.post(`${mine.path}/accept`);
    expect({ applied: foretold.applied, refused: foretold.refused }).toEqual(done);
  });

  test('twice at the same moment takes it in once', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    await hall.act(mine.room, opened.lin, 'parts.add', { parts: [box('spoke')] });
    await opened.lin.post(`${mine.path}/hand-in`);
    const { length } = await hall.host.state(RoomId.parse(opened.project.room));
    const answers = await Promise.all([1, 2].map(() => opened.people.owner.post(`${mine.path}/accept`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await hall.host.state(RoomId.parse(opened.project.room))).length).toBe(length + 1);
  });

  test('carries an import of hundreds of parts, in order', async () => {
    const opened = await openBrief();
    const mine = await start(opened, opened.lin);
    for (let i = 0; i < 250; i++) await hall.act(mine.room, opened.lin, 'parts.add', { parts: [box(`p${i}`)] });
    await opened.lin.post(`${mine.path}/hand-in`);
    expect((await opened.people.owner.post(`${mine.path}/accept`)).body).toEqual({ applied: 250, refused: [] });
    expect(partsOf((await hall.host.state(RoomId.parse(opened.project.room))).document).size).toBe(252);
  });
});
