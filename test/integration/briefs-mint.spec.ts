import { afterAll, beforeAll, expect, test } from 'vitest';
import { DemoSeed, ExampleBriefSeed } from '../../server/design/index.ts';
import { InProcessHall } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open({ whole: true })));
afterAll(() => hall?.close());

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('a project that took in a submission is published, minted with the shares of all, and verified', async () => {
  await hall.app.get(DemoSeed, { strict: false }).run();
  const example = hall.app.get(ExampleBriefSeed, { strict: false });
  await example.run();
  const zoe = await hall.guest('Zoe');
  const invitation = (await example.ownerInvitation())!.split('/').at(-1);
  const { body: joined } = await zoe.post(`/invitations/${invitation}/accept`);
  const [brief] = (await zoe.get('/projects')).body.briefs;
  const [feet] = (await zoe.get(`/briefs/${brief.id}`)).body.submissions;
  expect((await zoe.post(`/briefs/${brief.id}/submissions/${feet.id}/accept`)).body).toEqual({
    applied: 2,
    refused: [],
  });

  const { body: stored } = await zoe.post('/pictures', { data: picture });
  const published = await zoe.post(`/rooms/${joined.room}/revisions`, {
    title: 'On feet',
    licence: 'CC-BY-4.0',
    picture: stored.cid,
  });
  expect(
    published.body.contributors?.map(({ name }: { name: string }) => name).sort(),
    JSON.stringify(published.body),
  ).toEqual(['Lin', 'Workhall']);
  const minted = await zoe.post(`/revisions/${published.body.cid}/mint`);
  expect(minted.body.token?.tokenId, JSON.stringify(minted.body)).toBeDefined();
  const report = (await zoe.post(`/tokens/${minted.body.token.tokenId}/verify`)).body;
  expect(report.checks.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
  expect(report.ok).toBe(true);
  expect((await zoe.get(`/projects/${joined.project}`)).body).toMatchObject({
    revisionCount: 1,
    revisions: [{ title: 'On feet' }],
    picture: stored.cid,
  });
});
