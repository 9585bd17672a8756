import { afterAll, beforeAll, expect, test } from 'vitest';
import { openProject, signIn, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';

/** What a step lets people hear and see. */
let hall: Hall;
let ann: Person;
let tim: Person;
let project: string;

beforeAll(async () => {
  hall = await startHall();
  [ann, tim] = await Promise.all([signIn(hall.url, 'Ann'), signIn(hall.url, 'Tim')]);
  ({ project } = await openProject(ann, [tim], 'trainee'));
});
afterAll(() => hall?.stop());

const send = (who: Person, kind: string, body: Uint8Array) =>
  fetch(`${hall.url}/api/projects/${project}/procedures/media?kind=${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(body),
  });
/** The header of a WebM file, and so many bytes after it. */
const webm = (bytes: number) => Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(bytes, 7)]);

test('a spoken note and a video are kept, and every part of them can be played again', async () => {
  const file = webm(3_000_000);
  for (const kind of ['audio', 'video']) {
    const answer = await send(ann, kind, file);
    expect(answer.status).toBe(201);
    const { cid, bytes } = (await answer.json()) as { cid: string; bytes: number };
    expect(bytes).toBe(file.length);
    const part = await fetch(`${hall.url}/api/assets/${cid}`, { headers: { range: 'bytes=2000000-2000009' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-type')).toBe('video/webm');
    expect([...new Uint8Array(await part.arrayBuffer())]).toEqual(Array.from({ length: 10 }, () => 7));
  }
});

test('a file that is something else is refused with what to choose, also when it is tiny', async () => {
  for (const body of [Buffer.from('<html><script>'), Buffer.from('MZ'), new Uint8Array(0)]) {
    const answer = await send(ann, 'audio', body);
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ scope: 'procedures', key: 'not_playable', facts: { kind: 'audio' } });
  }
  const picture = await send(ann, 'video', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  expect(picture.status).toBe(415);
});

test('who may not write procedures brings nothing in', async () => {
  const answer = await send(tim, 'audio', webm(100));
  expect(answer.status).toBe(403);
});
