import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTraining } from '#net/index';
import type { Course } from '#protocol/training/index';
import { until } from '../support/people.ts';
import { actAll, aloneIn, GEARBOX, isRevealed, knownWay, startRun, type TrainingGround } from '../support/training.ts';
import { InProcessHall, type Visitor } from './projects-hall.ts';

const DAY_MS = 86_400_000;
let hall: InProcessHall;
let school: Awaited<ReturnType<InProcessHall['school']>>;
let line: string;
let ground: TrainingGround;

beforeAll(async () => {
  hall = await InProcessHall.open();
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
async function pass(person: Visitor, run: string): Promise<void> {
  const session = await connectTraining({ hallUrl: hall.url, token: person.token!, room: ground.room, device: 'bot' });
  const people = [aloneIn(GEARBOX, person as never)];
  const id = await startRun(session, ground, 'practice', people, run);
  expect(actAll(session, id, knownWay('practice', people))).toEqual([]);
  await until('all is on disk', () => session.pendingCount.get() === 0);
  await isRevealed(session, id);
  await until('the result is kept', async () => {
    const { body } = await person.get(`/trainings/${ground.room}/results`);
    return body.results.some((result: { run: string }) => result.run === run);
  });
  await session.leave();
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
    const { body: matrix } = await people.instructor.get(`/projects/${project.id}/course-skills`);
    const row = matrix.people.find(({ name }: { name: string }) => name === 'trainee');
    expect(row.skills.filter((skill: { course: string }) => skill.course === made.id)).toMatchObject([
      { module: 'a', state: 'lapsed' },
      { module: 'b', state: 'locked' },
    ]);
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
});
