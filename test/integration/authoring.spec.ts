import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Procedure } from '#protocol/procedures/index';
import { Database } from '../../server/platform/database/index.ts';
import { GEARBOX } from '../support/training.ts';
import { InProcessHall } from './projects-hall.ts';

let hall: InProcessHall;
let cast: Awaited<ReturnType<InProcessHall['school']>>;
beforeAll(async () => {
  hall = await InProcessHall.open();
  cast = await hall.school();
});
afterAll(() => hall?.close());

const started = async (procedure: Procedure = GEARBOX): Promise<string> =>
  (await cast.people.instructor.post(`/projects/${cast.project.id}/procedures`, { procedure })).body.id;
const asked = { version: 1, kind: 'asked', words: '' };

describe('a review of a draft', () => {
  /** In the order stranger, outsider, observer, trainee, reviewer, instructor. */
  const everybody = () => {
    const { outsider, observer, trainee, reviewer, instructor } = cast.people;
    return [hall.stranger, outsider, observer, trainee, reviewer, instructor];
  };

  test('is asked for by who may write, and answered by who may release', async () => {
    const id = await started();
    const got = [];
    for (const person of everybody()) got.push((await person.ask('POST', `/procedures/${id}/reviews`, asked)).status);
    expect(got).toEqual([401, 403, 403, 403, 403, 201]);
    const back = { version: 1, kind: 'returned', words: 'Say which grease.' };
    const answers = [];
    for (const person of everybody().slice(0, 5))
      answers.push((await person.ask('POST', `/procedures/${id}/reviews`, back)).status);
    expect(answers).toEqual([401, 403, 403, 403, 201]);
    const { body } = await cast.people.observer.ask('GET', `/procedures/${id}/reviews`);
    expect(body.reviews.map((one: { kind: string; words: string }) => [one.kind, one.words])).toEqual([
      ['returned', 'Say which grease.'],
      ['asked', ''],
    ]);
    const all = await cast.people.observer.ask('GET', `/projects/${cast.project.id}/reviews`);
    expect(all.body.reviews).toEqual(body.reviews);
  });

  test('is of one version, of something that can be released, and is sent back with a reason', async () => {
    const id = await started();
    const { instructor, reviewer } = cast.people;
    const path = `/procedures/${id}/reviews`;
    const tell = async (by: typeof instructor, body: object) => (await by.ask('POST', path, body)).body.key;
    expect(await tell(reviewer, { version: 1, kind: 'returned', words: 'No.' })).toBe('not_in_review');
    expect(await tell(instructor, { ...asked, version: 2 })).toBe('stale');
    expect(await tell(instructor, asked)).toBeUndefined();
    expect(await tell(instructor, asked)).toBe('already_asked');
    expect(await tell(reviewer, { version: 1, kind: 'returned', words: ' ' })).toBe('no_reason');
    const broken = { ...GEARBOX, rubric: { ...GEARBOX.rubric, passMark: GEARBOX.rubric.full + 1 } };
    await instructor.ask('PUT', `/procedures/${id}`, { version: 1, procedure: broken });
    expect(await tell(reviewer, { version: 2, kind: 'returned', words: 'No.' })).toBe('not_in_review');
    expect(await tell(instructor, { ...asked, version: 2 })).toBe('not_releasable');
  });

  test('leads who is asked to it, until it is answered, saved again or released; who is not asked sees nothing', async () => {
    const { instructor, reviewer, owner, trainee, designer } = cast.people;
    const wanted = async (person: typeof reviewer, id: string) => {
      const { body } = await person.ask('GET', '/reviews/wanted');
      return body.reviews.filter((one: { procedure: string }) => one.procedure === id).length;
    };
    const all = (id: string) => Promise.all([reviewer, owner, trainee, instructor].map((person) => wanted(person, id)));
    const named = await started();
    const ask = (id: string, version: number, to: string[] = []) =>
      instructor.ask('POST', `/procedures/${id}/reviews`, { version, kind: 'asked', words: '', to });
    expect((await ask(named, 1, [trainee.id])).body.key).toBe('cannot_review');
    expect((await ask(named, 1, [reviewer.id])).body.to).toEqual([{ id: reviewer.id, name: reviewer.name }]);
    expect(await all(named)).toEqual([1, 0, 0, 0]);
    await reviewer.ask('POST', `/procedures/${named}/reviews`, { version: 1, kind: 'returned', words: 'No.' });
    expect(await all(named)).toEqual([0, 0, 0, 0]);

    // Nobody is named: everybody who may release, but not who asks.
    const open = await started();
    await ask(open, 1);
    expect(await all(open)).toEqual([1, 1, 0, 0]);
    await instructor.ask('PUT', `/procedures/${open}`, { version: 1, procedure: GEARBOX });
    expect(await all(open)).toEqual([0, 0, 0, 0]);
    await ask(open, 2, [reviewer.id, designer.id]);
    expect(await Promise.all([reviewer, designer, owner].map((person) => wanted(person, open)))).toEqual([1, 1, 0]);
    const { body } = await reviewer.ask('GET', '/reviews/wanted');
    expect(body.reviews.at(-1)).toMatchObject({
      ...{ procedure: open, title: GEARBOX.title, by: { name: instructor.name } },
      project: { id: cast.project.id, title: 'Pump' },
    });
    await reviewer.ask('POST', `/procedures/${open}/releases`, { version: 2 });
    expect(await wanted(designer, open)).toBe(0);
  });

  test('in the demo leads everybody to it who has not chosen a role that releases nothing', async () => {
    const { owner, instructor, reviewer, outsider } = cast.people;
    const { id: demo } = (await owner.post('/projects', { title: 'Demo', description: '' })).body;
    const tables = hall.app.get(Database).of<{ project: { id: string; is_demo: boolean } }>();
    await tables.updateTable('project').set({ is_demo: true }).where('id', '=', demo).execute();
    const draft = async () => (await instructor.post(`/projects/${demo}/procedures`, { procedure: GEARBOX })).body.id;
    const wanted = (id: string) =>
      Promise.all(
        [instructor, reviewer, outsider, owner].map(async (person) => {
          const { body } = await person.ask('GET', '/reviews/wanted');
          return body.reviews.filter((one: { procedure: string }) => one.procedure === id).length;
        }),
      );
    const id = await draft();
    await instructor.ask('POST', `/procedures/${id}/reviews`, asked);
    expect(await wanted(id)).toEqual([0, 1, 1, 1]);
    expect((await outsider.ask('PUT', `/projects/${demo}/my-role`, { role: 'engineer' })).status).toBe(200);
    expect(await wanted(id)).toEqual([0, 1, 0, 1]);
    const toEngineer = await instructor.ask('POST', `/procedures/${await draft()}/reviews`, {
      ...asked,
      to: [outsider.id],
    });
    expect(toEngineer.body.key).toBe('cannot_review');
    expect((await reviewer.ask('POST', `/procedures/${id}/releases`, { version: 1 })).status).toBe(201);
    expect(await wanted(id)).toEqual([0, 0, 0, 0]);
  });
});
