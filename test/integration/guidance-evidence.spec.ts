import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectGuidance } from '#net/guidance';
import { hasSkill, rowsOf } from '#protocol/guidance/index';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import { valve, valvePlan } from '../support/jobs.ts';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** Pictures and clips of a job. */
let hall: Hall;
let [owner, ann, ben] = [] as unknown as [Person, Person, Person];
let room: string;
let project: string;

beforeAll(async () => {
  hall = await startHall({ env: { MQTT_PORT: '0' } });
  [owner, ann, ben] = (await Promise.all(['Olga', 'Ann', 'Ben'].map((name) => signIn(hall.url, name)))) as [
    Person,
    Person,
    Person,
  ];
  ({ project } = await openProject(owner, [ann, ben], 'trainee'));
  const draft = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure: valve() });
  const { cid: release } = await owner.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
    version: 1,
  });
  await owner.ask('POST', `/api/projects/${project}/job-plans`, valvePlan({ release }));
  const { station } = await owner.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
    name: 'S1',
    tools: [],
  });
  ({ room } = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
    code: 'WO;1;VALVE-40;SN-1',
    station: station.id,
  }));
}, 90_000);
afterAll(() => hall?.stop());

const send = (who: Person, kind: string, body: Uint8Array) =>
  fetch(`${hall.url}/api/jobs/${room}/evidence?kind=${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(body),
  });
const jpeg = (bytes: number) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(bytes, 7)]);
const webm = (bytes: number) => Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(bytes, 7)]);

test('a picture and a clip are kept by what they are: sent twice, they are one file that can be read again', async () => {
  for (const [kind, file, type] of [
    ['picture', jpeg(3_000_000), 'image/jpeg'],
    ['clip', webm(2_000_000), 'video/webm'],
  ] as const) {
    const answers = [await send(ann, kind, file), await send(ann, kind, file)];
    const told = await Promise.all(answers.map((one) => one.json() as Promise<{ cid: string; bytes: number }>));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(told[0]).toEqual({ cid: told[0]!.cid, bytes: file.length });
    expect(told[1]).toEqual(told[0]);
    const again = await fetch(`${hall.url}/api/assets/${told[0]!.cid}`);
    expect(again.headers.get('content-type')).toBe(type);
    expect(Buffer.from(await again.arrayBuffer()).equals(file)).toBe(true);
  }
});

test('what is no picture, and what is too large, is refused with what to send', async () => {
  for (const [kind, body] of [
    ['picture', Buffer.from('<html><script>')],
    ['picture', webm(100)],
    ['clip', jpeg(100)],
    ['picture', new Uint8Array(0)],
  ] as const) {
    const answer = await send(ann, kind, body);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ scope: 'guidance', key: 'not_evidence', facts: { kind } });
  }
});

test('what is announced as too large is refused before it is sent', async () => {
  const asked = request(`${hall.url}/api/jobs/${room}/evidence?kind=picture`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ann.token}`, 'content-length': 32 * 1024 * 1024 + 1 },
  });
  asked.flushHeaders();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(413);
  asked.destroy();
});

test('who is not in the crew brings nothing in', async () => {
  expect((await send(ben, 'picture', jpeg(100))).status).toBe(403);
  expect((await send(owner, 'picture', jpeg(100))).status).toBe(403);
});

test('who joins over HTTP has their skills shown at once, though nobody is in the room', async () => {
  await owner.ask('POST', `/api/projects/${project}/credentials`, {
    person: ben.id,
    achievement: { name: 'Tightening', description: 'Tightens by torque.', criteria: 'Shown twice.' },
    skills: [{ code: 'TORQUE', name: 'Tightening', level: 3 }],
    validUntil: null,
  });
  const person = { id: ben.id, name: 'Ben', roles: [], station: null };
  await ben.ask('POST', `/api/jobs/${room}/ops`, { ops: [{ id: 'ben-joins', type: 'job.join', payload: { person } }] });
  const journal = await fetch(`${hall.url}/api/jobs/${room}/journal`, {
    headers: { authorization: `Bearer ${owner.token}` },
  });
  const { blocks } = decodeBlock(new Uint8Array(await journal.arrayBuffer())) as { blocks: Uint8Array[] };
  const shown = blocks
    .map((bytes) => openEntry(bytes).entry)
    .filter(({ type, payload }) => type === 'skill.show' && (payload as { person: string }).person === ben.id);
  expect(shown.at(-1)?.payload).toMatchObject({ skills: [{ code: 'TORQUE', level: 3 }] });
});

test('a skill that is granted while a step waits for it is there in seconds, once, and gone when it is taken back', async () => {
  const { plans } = await owner.ask<{ plans: { plan: ReturnType<typeof valvePlan> }[] }>(
    'GET',
    `/api/projects/${project}/job-plans`,
  );
  const gates = [{ id: 'skilled', step: 'insert', kind: 'skill', code: 'FITTING', level: 2 }];
  const plan = { ...plans[0]!.plan, productType: 'VALVE-50', gates, kit: [] };
  await owner.ask('POST', `/api/projects/${project}/job-plans`, plan);
  const other = await owner.ask<{ station: { id: string } }>('POST', `/api/projects/${project}/stations`, {
    name: 'S2',
    tools: [],
  });
  const opened = await ann.ask<{ room: string }>('POST', `/api/projects/${project}/jobs`, {
    code: 'WO;2;VALVE-50;SN-2',
    station: other.station.id,
  });
  const session = await connectGuidance({ hallUrl: hall.url, token: ann.token, room: opened.room, device: 'bot' });
  session.submitJob('job.begin', {});
  const has = () => hasSkill(session.document.get(), ann.id, { code: 'FITTING', level: 2 }, Date.now());
  await until('the step runs', () => rowsOf(session.document.get(), 'visits').length > 0);
  expect(has()).toBe(false);
  const { id } = await owner.ask<{ id: string }>('POST', `/api/projects/${project}/credentials`, {
    person: ann.id,
    achievement: { name: 'Fitting', description: 'Fits bearings.', criteria: 'Shown twice.' },
    skills: [{ code: 'FITTING', name: 'Fitting', level: 2 }],
    validUntil: null,
  });
  await until('the job has noticed', has, 20_000);
  const { length } = await ann.ask<{ length: number }>('GET', `/api/rooms/${opened.room}`);
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect((await ann.ask<{ length: number }>('GET', `/api/rooms/${opened.room}`)).length).toBe(length);
  await owner.ask('POST', `/api/credentials/${id}/revoke`, { reason: 'misuse', note: '' });
  await until('the job has noticed that it is gone', () => !has(), 20_000);
  await session.leave();
}, 60_000);
