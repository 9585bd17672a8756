import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectTraining } from '#net/training';
import { WorkhallError } from '#protocol/errors';
import type { Mode } from '#protocol/procedures/index';
import type { Course } from '#protocol/training/index';
import { Database } from '../../server/platform/database/index.ts';
import { Recordings } from '../../server/training/recordings.service.ts';
import { until } from '../support/people.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, startRun, type TrainingGround } from '../support/training.ts';
import { InProcessHall, type Visitor } from './projects-hall.ts';

const DAY_MS = 86_400_000;
let hall: InProcessHall;
let school: Awaited<ReturnType<InProcessHall['school']>>;
let line: string;
/** What the hall does once an hour. */
let hourly: (() => void)[];
let ground: TrainingGround;

beforeAll(async () => {
  const timers = vi.spyOn(globalThis, 'setInterval');
  hall = await InProcessHall.open();
  hourly = timers.mock.calls.flatMap(([work, ms]) => (ms === 3_600_000 ? [work as () => void] : []));
  timers.mockRestore();
  school = await hall.school();
  const { project, people } = school;
  const { body: draft } = await people.instructor.post(`/projects/${project.id}/procedures`, { procedure: GEARBOX });
  line = draft.id;
  const { body: release } = await people.reviewer.post(`/procedures/${line}/releases`, { version: 1 });
  const opened = await people.instructor.post(`/projects/${project.id}/trainings`, {
    title: 'T',
    releases: [release.cid],
  });
  ground = { project: project.id, room: opened.body.room, procedure: release.procedure, release: release.cid };
});
afterAll(() => hall?.close());

const module = (id: string, more: object = {}): Course['modules'][number] => ({
  id,
  title: { en: id },
  line,
  mode: 'practice',
  needs: [],
  isOptional: false,
  attempts: null,
  refresher: { firstDays: 1, growthPercent: 200, mostDays: 4 },
  ...more,
});
const course = (...modules: Course['modules']): Course => ({ v: 1, title: { en: 'C' }, description: {}, modules });
const create = (by: Visitor, body: Course) => by.post(`/projects/${school.project.id}/courses`, { course: body });

/** A whole run of the gearbox, by real ops in the real room. */
async function pass(person: Visitor, run: string, mode: Mode = 'practice'): Promise<void> {
  const session = await connectTraining({ hallUrl: hall.url, token: person.token!, room: ground.room, device: 'bot' });
  const people = [aloneIn(GEARBOX, person as never)];
  const id = await startRun(session, ground, mode, people, run);
  expect(actAll(session, id, knownWay(mode, people))).toEqual([]);
  await until('all is on disk', () => session.pendingCount.get() === 0);
  await isRevealed(session, id);
  await until('the result is kept', async () => {
    const { body } = await person.get(`/trainings/${ground.room}/results`);
    return body.results.some((result: { run: string }) => result.run === run);
  });
  await session.leave();
}

/** Starts a run and gives it up; the key of the problem when it may not even be started. */
async function giveUp(person: Visitor, run: string, mode: Mode = 'practice'): Promise<string | null> {
  const session = await connectTraining({ hallUrl: hall.url, token: person.token!, room: ground.room, device: 'bot' });
  try {
    const id = await startRun(session, ground, mode, [aloneIn(GEARBOX, person as never)], run);
    session.submitTraining('run.end', { run: id });
    await isRevealed(session, id);
    await until('the result is kept', async () => {
      const { body } = await person.get(`/trainings/${ground.room}/results`);
      return body.results.some((result: { run: string }) => result.run === run);
    });
    return null;
  } catch (thrown) {
    if (thrown instanceof WorkhallError) return thrown.problem.key;
    throw thrown;
  } finally {
    await session.leave();
  }
}

describe('courses', () => {
  test('are made by instructors, not by trainees, and not with circles', async () => {
    const { people } = school;
    const [observer, trainee, reviewer, instructor] = await Promise.all(
      [people.observer, people.trainee, people.reviewer, people.instructor].map(
        async (person) => (await create(person, course(module('a')))).status,
      ),
    );
    expect([observer, trainee, reviewer, instructor]).toEqual([403, 403, 403, 201]);
    const round = await create(people.instructor, course(module('a', { needs: ['b'] }), module('b', { needs: ['a'] })));
    expect([round.status, round.body.key]).toEqual([422, 'unsound_course']);
  });

  test('are assigned to a group with a day; a real run opens the next module, and lapses when it gets old', async () => {
    const { people, project } = school;
    const { body: made } = await create(
      people.instructor,
      course(module('a'), module('b', { mode: 'exam', needs: ['a'] })),
    );
    const { body: group } = await people.instructor.post(`/projects/${project.id}/groups`, {
      name: 'New people',
      members: [people.trainee.id],
    });
    const dueAt = hall.clock.nowMs() + DAY_MS;
    const assigned = await people.instructor.post(`/courses/${made.id}/assignments`, { groups: [group.id], dueAt });
    expect(assigned.body.standings).toMatchObject([{ name: 'trainee', dueAt, isDone: false, isOverdue: false }]);
    const mine = async () => (await people.trainee.get(`/courses/${made.id}/standings`)).body.standings[0];
    const states = async () => (await mine()).modules.map(({ state }: { state: string }) => state);
    expect(await states()).toEqual(['open', 'locked']);
    await pass(people.trainee, 'course-run');
    expect(await states()).toEqual(['passed', 'open']);
    hall.clock.advance(2 * DAY_MS);
    expect(await states()).toEqual(['lapsed', 'locked']);
    expect((await mine()).isOverdue).toBe(true);
  });

  test('stand before who has to do them, next due first, until they are done; groups count, and other people’s do not', async () => {
    const { people, project } = school;
    const now = hall.clock.nowMs();
    const make = async (id: string, to: object, dueAt: number | null) => {
      const { body } = await create(people.instructor, course(module(id)));
      await people.instructor.post(`/courses/${body.id}/assignments`, { ...to, dueAt });
      return body.id as string;
    };
    const { body: group } = await people.instructor.post(`/projects/${project.id}/groups`, {
      name: 'Reviewers',
      members: [people.reviewer.id],
    });
    const whenever = await make('x', { people: [people.reviewer.id] }, null);
    const later = await make('y', { groups: [group.id] }, now + 5 * DAY_MS);
    const sooner = await make('z', { people: [people.reviewer.id], groups: [group.id] }, now + DAY_MS);
    await make('w', { people: [people.designer.id] }, now);
    const { body } = await people.reviewer.get('/courses/assigned');
    expect(body.courses.map(({ id }: { id: string }) => id)).toEqual([sooner, later, whenever]);
    expect(body.courses[0]).toMatchObject({
      ...{ done: 0, total: 1, isOverdue: false, next: { title: { en: 'z' }, mode: 'practice' } },
      project: { id: project.id, title: 'Pump' },
    });
    await pass(people.reviewer, 'assigned-run');
    expect((await people.reviewer.get('/courses/assigned')).body.courses).toEqual([]);
  });

  test('show others’ standing to instructors alone, and are assigned to members alone', async () => {
    const { people } = school;
    const { body: made } = await create(people.instructor, course(module('a')));
    await people.instructor.post(`/courses/${made.id}/assignments`, {
      people: [people.trainee.id, people.designer.id],
    });
    expect((await people.instructor.get(`/courses/${made.id}/standings`)).body.standings).toHaveLength(2);
    expect((await people.trainee.get(`/courses/${made.id}/standings`)).body.standings).toHaveLength(1);
    expect((await people.reviewer.get(`/courses/${made.id}/standings`)).body.standings).toHaveLength(0);
    const stranger = await people.instructor.post(`/courses/${made.id}/assignments`, { people: [people.outsider.id] });
    expect([stranger.status, stranger.body.key]).toEqual([422, 'no_member']);
    expect((await people.outsider.get(`/courses/${made.id}/standings`)).status).toBe(403);
  });

  test('allow so many attempts: the next start is refused with the reason, other modes and other people go on', async () => {
    const { people } = school;
    const { body: made } = await create(people.instructor, course(module('a', { mode: 'exam', attempts: 2 })));
    await people.instructor.post(`/courses/${made.id}/assignments`, { people: [people.trainee.id] });
    const left = async () => {
      const { body } = await people.trainee.get(`/courses/${made.id}/standings`);
      const [{ state, left: attempts }] = body.standings[0].modules;
      return [state, attempts];
    };
    expect(await left()).toEqual(['open', 2]);
    // Somebody else keeps the room open, so that it knows of the limits when the trainee comes.
    const session = await connectTraining({
      hallUrl: hall.url,
      token: people.instructor.token!,
      room: ground.room,
      device: 'bot',
    });
    expect(await giveUp(people.trainee, 'first-try', 'exam')).toBeNull();
    expect(await left()).toEqual(['open', 1]);
    expect(await giveUp(people.trainee, 'second-try', 'exam')).toBeNull();
    expect(await left()).toEqual(['exhausted', 0]);
    expect(await giveUp(people.trainee, 'third-try', 'exam')).toBe('no_attempt_left');
    expect(await giveUp(people.trainee, 'practising')).toBeNull();
    expect(await giveUp(people.reviewer, 'not-in-the-course', 'exam')).toBeNull();
    await people.instructor.ask('PUT', `/courses/${made.id}`, {
      version: made.version,
      course: course(module('a', { mode: 'exam', attempts: 3 })),
    });
    hall.clock.advance(11_000);
    await until('the room knows the new limit', async () => {
      hall.clock.advance(100);
      return (await giveUp(people.trainee, `again-${hall.clock.nowMs()}`, 'exam')) === null;
    });
    await session.leave();
    await people.instructor.ask('DELETE', `/courses/${made.id}`);
  });

  test('and groups are changed and let go by instructors alone; what was assigned through the group goes with it', async () => {
    const { people, project } = school;
    const { body: made } = await create(people.instructor, course(module('a')));
    const { body: group } = await people.instructor.post(`/projects/${project.id}/groups`, {
      name: 'Night shift',
      members: [people.trainee.id, people.reviewer.id],
    });
    await people.instructor.post(`/courses/${made.id}/assignments`, {
      groups: [group.id],
      people: [people.reviewer.id],
    });
    const names = async () => {
      const { body } = await people.instructor.get(`/courses/${made.id}/standings`);
      return body.standings.map(({ name }: { name: string }) => name).sort();
    };
    expect(await names()).toEqual(['reviewer', 'trainee']);
    // Who comes in later has it, too; who leaves does not.
    const changed = { name: 'Late shift', members: [people.designer.id] };
    expect((await people.trainee.ask('PUT', `/groups/${group.id}`, changed)).status).toBe(403);
    expect((await people.instructor.ask('PUT', `/groups/${group.id}`, changed)).body.name).toBe('Late shift');
    expect(await names()).toEqual(['designer', 'reviewer']);
    const stranger = { ...changed, members: [people.outsider.id] };
    expect((await people.instructor.ask('PUT', `/groups/${group.id}`, stranger)).status).toBe(422);
    expect(await names()).toEqual(['designer', 'reviewer']);
    for (const path of [`/groups/${group.id}`, `/courses/${made.id}`])
      expect((await people.trainee.ask('DELETE', path)).status).toBe(403);
    expect((await people.instructor.ask('DELETE', `/groups/${group.id}`)).status).toBe(204);
    expect(await names()).toEqual(['reviewer']);
    expect((await people.instructor.ask('DELETE', `/courses/${made.id}`)).status).toBe(204);
    expect((await people.instructor.get(`/courses/${made.id}/standings`)).status).toBe(404);
    const { body: list } = await people.trainee.get(`/projects/${project.id}/courses`);
    expect(list.courses.map(({ id }: { id: string }) => id)).not.toContain(made.id);
  });
});

test('recordings go from the disk when their time is over, while the hall runs', async () => {
  const { people, project } = school;
  await people.owner.ask('PUT', `/projects/${project.id}/training-rules`, { secondPerson: false, recordingDays: 1 });
  const recordings = hall.app.get(Recordings, { strict: false });
  await recordings.keep(ground.room, people.trainee.id, [{ atMs: hall.clock.nowMs(), body: new Uint8Array(30) }]);
  const kept = async () => {
    const tables = hall.app.get(Database).of<{ training_motion: { room: string } }>();
    return (await tables.selectFrom('training_motion').selectAll().execute()).length;
  };
  expect(await kept()).toBe(1);
  hourly.forEach((work) => work());
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await kept()).toBe(1);
  hall.clock.advance(DAY_MS);
  hourly.forEach((work) => work());
  await until('they are gone', async () => (await kept()) === 0);
});

test('results, recordings and standings of others are not for those who only design', async () => {
  const { people } = school;
  const { body: made } = await create(people.instructor, course(module('a')));
  await people.designer.post(`/courses/${made.id}/assignments`, { people: [people.trainee.id] });
  const rows = async (by: Visitor) => (await by.get(`/courses/${made.id}/standings`)).body.standings.length;
  expect([await rows(people.instructor), await rows(people.designer)]).toEqual([1, 0]);
  const results = async (by: Visitor) => (await by.get(`/trainings/${ground.room}/results`)).body.results.length;
  expect(await results(people.instructor)).toBeGreaterThan(0);
  expect(await results(people.designer)).toBe(0);
  const watched = await people.designer.get(`/trainings/${ground.room}/recordings/${people.trainee.id}?from=0&to=1`);
  expect(watched.status).toBe(403);
});
