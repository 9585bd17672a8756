import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childrenOf, partsOf } from '#protocol/design/index';
import type { ImportResult } from '#protocol/assets/import-status';
import { decodeBlock } from '#protocol/journal/index';
import { RoomId } from '#protocol/ids';
import { AssetStore } from '../../server/assets/index.ts';
import { DemoSeed, ExampleBriefSeed } from '../../server/design/index.ts';
import { InProcessHall } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open()));
afterAll(() => hall?.close());

const run = () => hall.app.get(DemoSeed, { strict: false }).run();

test('an empty hall gets a demo that everybody may work on, once', async () => {
  const seeding = run();
  const ada = await hall.guest('Ada');
  expect(await seeding).toMatch(/^“Planetary gearbox” with \d+ parts$/);
  const [demo] = (await ada.get('/projects')).body.projects;
  expect(demo).toMatchObject({ title: 'Planetary gearbox', isDemo: true, role: 'designer' });
  expect(demo.partCount).toBeGreaterThan(100);
  const { document } = await hall.host.state(RoomId.parse(demo.room));
  expect(childrenOf(document, null)).toHaveLength(1);
  const files = new Set(
    [...partsOf(document).values()].map(({ shape }) => (shape?.kind === 'asset' ? shape.cid : null)),
  );
  expect(files.size).toBeLessThan(demo.partCount / 2); // repeated parts are stored once
  expect((await ada.get(`/assets/${[...files].find((cid) => cid !== null)}`)).status).toBe(200);
  expect((await ada.get(`/projects/${demo.id}`)).body.members).toEqual([
    { user: 'workhall', name: 'Workhall', role: 'owner' },
  ]);
  expect(await run()).toBe('there');
  expect((await ada.get('/projects')).body.projects).toHaveLength(1);

  const example = hall.app.get(ExampleBriefSeed, { strict: false });
  expect(await example.run()).toContain('with two submissions');
  expect(await example.run()).toBe('there');
  const [brief] = (await ada.get('/projects')).body.briefs;
  const { submissions } = (await ada.get(`/briefs/${brief.id}`)).body;
  expect(
    submissions.map((each: { title: string; score: number; iterations: unknown[] }) => [
      each.title,
      each.score,
      each.iterations.length,
    ]),
  ).toEqual([
    ['Four rubber feet', 4.25, 1],
    ['Drilled base plate', 3.42, 2],
  ]);

  const path = (await example.ownerInvitation())!;
  expect((await ada.post(`/invitations/${path.split('/').at(-1)}/accept`)).body.role).toBe('owner');
  const { body } = await ada.post(`/briefs/${brief.id}/submissions/${submissions[1].id}/accept`);
  expect(body).toEqual({ applied: 3, refused: [] });
});

test('in the demo people try on roles, as engineer or supervisor; what an owner gave stays, and no other project has it', async () => {
  await run();
  const [sue, olga] = [await hall.guest('Sue'), await hall.guest('Olga')];
  const demo = (await sue.get('/projects')).body.projects.find((one: { isDemo: boolean }) => one.isDemo);
  const path = `/projects/${demo.id}/my-role`;
  expect(await sue.ask('PUT', path, { role: 'supervisor' })).toMatchObject({
    status: 200,
    body: { role: 'supervisor' },
  });
  expect((await sue.get(`/projects/${demo.id}`)).body.role).toBe('supervisor');
  expect(await sue.ask('PUT', path, { role: 'engineer' })).toMatchObject({ body: { role: 'engineer' } });
  expect((await sue.ask('PUT', path, { role: 'owner' })).status).toBe(422);
  expect((await sue.ask('PUT', path, { role: 'instructor' })).status).toBe(422);
  expect((await hall.stranger.ask('PUT', path, { role: 'designer' })).status).toBe(401);
  const { body: own } = await olga.post('/projects', { title: 'Own', description: '' });
  const elsewhere = await olga.ask('PUT', `/projects/${own.id}/my-role`, { role: 'engineer' });
  expect(elsewhere).toMatchObject({ status: 409, body: { key: 'not_the_demo' } });
  expect((await sue.ask('PUT', `/projects/${own.id}/my-role`, { role: 'engineer' })).status).toBe(403);
});

test('a hall that is in use is left alone', async () => {
  const used = await InProcessHall.open();
  try {
    const ada = await used.guest('Ada');
    await ada.post('/projects', { title: 'Mine', description: '' });
    expect(await used.app.get(DemoSeed, { strict: false }).run()).toBe('not needed, the hall has projects');
    expect((await ada.get('/projects')).body.projects).toHaveLength(1);
  } finally {
    await used.close();
  }
});

/** What people see of an import, to the nanometre; the bytes of its shapes may differ between versions of the kernel. */
async function seenIn(path: string) {
  const assets = hall.app.get(AssetStore, { strict: false });
  const [root] = await assets.importCar(readFileSync(path));
  const { result } = decodeBlock(await assets.getBlock(root!)) as { result: ImportResult };
  const { nodes, shapes } = result.structure;
  const looks = shapes.map(({ name, boundsM, faces }) => ({ name, boundsM, faces }));
  const rounded = (_: string, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e9) / 1e9 + 0 : value;
  const { placed } = result.counts;
  return JSON.parse(JSON.stringify({ original: result.original, placed, nodes, looks }, rounded)) as object;
}

test('the archive that the demo comes with is what importing its file gives', { timeout: 180_000 }, async () => {
  const path = await hall.app.get(DemoSeed, { strict: false }).prepare(join(hall.dataDir, 'again.car'));
  expect(await seenIn('assets/demo/planetary-gearbox.car')).toEqual(await seenIn(path));
});
