import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRoom } from '#net/index';
import { partOf } from '#protocol/design/index';
import { PartId } from '#protocol/ids';
import { until } from '../support/people.ts';
import { box, InProcessHall } from './projects-hall.ts';

let hall: InProcessHall;
beforeAll(async () => void (hall = await InProcessHall.open()));
afterAll(() => hall?.close());

test('who is in the room of a submission when it is accepted can only look from that moment on', async () => {
  const { project, people } = await hall.cast();
  await hall.act(project.room, people.owner, 'parts.add', { parts: [box('wheel')] });
  const { body: brief } = await people.owner.post(`/projects/${project.id}/briefs`, {
    title: 'Lighter',
    goal: 'Lighter.',
    deadlineAt: hall.clock.nowMs() + 3_600_000,
    licence: 'CC0-1.0',
    criteria: [{ id: 'weight', label: 'Weight', weight: 1 }],
  });
  const lin = await hall.guest('Lin');
  const { body: mine } = await lin.post(`/briefs/${brief.id}/submissions`, { title: 'Spokes' });
  const session = await connectRoom({ hallUrl: hall.url, token: lin.token!, room: mine.room, device: 'bot' });
  try {
    expect(session.me.role).toBe('owner');
    const wheel = PartId.parse('wheel');
    const rename = (name: string) => session.submit('part.rename', { id: wheel, name });
    const first = rename('Spoked wheel');
    if ('problem' in first) throw new Error(first.problem.message);
    await session.confirmed(first.id);
    await lin.post(`/briefs/${brief.id}/submissions/${mine.id}/hand-in`);
    const { body } = await people.owner.post(`/briefs/${brief.id}/submissions/${mine.id}/accept`);
    expect(body).toEqual({ applied: 1, refused: [] });
    await until('the roster says observer', () => session.participants.get()[0]?.role === 'observer');
    const refused: string[] = [];
    session.onReject(({ key }) => void refused.push(key));
    const late = rename('Too late');
    if (!('problem' in late)) await expect(session.confirmed(late.id)).rejects.toThrow();
    await until('the page shows what is on disk', () => partOf(session.document.get(), wheel)?.name === 'Spoked wheel');
  } finally {
    await session.leave();
  }
});

test('the hall shows who is in a design room now', async () => {
  const { project, people } = await hall.cast();
  const session = await connectRoom({
    hallUrl: hall.url,
    token: people.designer.token!,
    room: project.room,
    device: 'bot',
  });
  const present = async () => (await people.owner.get(`/projects/${project.id}`)).body.present;
  expect(await present()).toEqual(['designer']);
  await session.leave();
  await until('the designer is gone', async () => (await present()).length === 0);
});

test('a member who is removed while in the room is shown out', async () => {
  const { project, people } = await hall.cast();
  const session = await connectRoom({
    hallUrl: hall.url,
    token: people.designer.token!,
    room: project.room,
    device: 'bot',
  });
  await people.owner.ask('DELETE', `/projects/${project.id}/members/${people.designer.id}`);
  await until('the connection is closed', () => session.connection.get().state === 'closed');
  await session.leave();
});
