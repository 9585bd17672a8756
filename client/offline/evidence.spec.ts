import 'fake-indexeddb/auto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { errorOf, HallApi, unreachable } from '#net/api';
import type { uploadFile } from '#net/upload';
import { fileCidOf } from '#protocol/assets/file-cid';
import { EvidenceBox } from './evidence.ts';
import { ShiftStore } from './shift.store.ts';

/** A hall's route for evidence, and nothing else. */
let server: Server;
let answer: (path: string, body: Blob) => Promise<[number, object]>;
const came: string[] = [];
const store = new ShiftStore();
let box: EvidenceBox;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      came.push(request.url!);
      void answer(request.url!, new Blob(parts.map((part) => Uint8Array.from(part)))).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  box = new EvidenceBox(store, new HallApi({ hallUrl: `http://127.0.0.1:${port}`, token: () => 'token' }), post);
});

/** Where there is no XMLHttpRequest, which alone tells how far it is. */
const post: typeof uploadFile = async (api, schema, path, body, { onSent } = {}) => {
  onSent?.(0.5);
  const sent = await fetch(api.url(path), { method: 'POST', headers: api.headers(), body }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  const told: unknown = await sent.json();
  if (!sent.ok) throw errorOf(sent.status, told);
  return schema.parse(told);
};

afterAll(() => server.close());
beforeEach(async () => {
  came.length = 0;
  for (const { cid } of await store.evidence()) await store.removeEvidence(cid);
  answer = async (_path, body) => [200, { cid: await fileCidOf(body), bytes: body.size }];
});

const picture = (n: number) => new Blob([new Uint8Array(2_000).fill(n)]);

it('keeps a picture under its address until the hall has it: pictures first, each once', async () => {
  await box.keep('room', 'ann', 'clip', picture(1));
  const cid = await box.keep('room', 'ann', 'picture', picture(2));
  expect(cid).toBe(await fileCidOf(picture(2)));
  expect(await box.waiting('room')).toBe(2);
  await Promise.all([box.send(), box.send()]);
  expect(came).toEqual(['/api/jobs/room/evidence?kind=picture', '/api/jobs/room/evidence?kind=clip']);
  expect(await box.waiting('room')).toBe(0);
});

it('keeps what the hall has no time for, and sends it again', async () => {
  const good = answer;
  answer = async () => [503, {}];
  await box.keep('room', 'ann', 'picture', picture(3));
  await box.send();
  expect(await box.waiting('room')).toBe(1);
  answer = good;
  await box.send();
  expect(await box.waiting('room')).toBe(0);
});

it('keeps what the hall does not want, with its reason, and asks no more', async () => {
  answer = async () => [
    422,
    { scope: 'guidance', key: 'not_evidence', message: 'This is no picture.', facts: {}, next: 'Take another one.' },
  ];
  await box.keep('room', 'ann', 'picture', picture(4));
  await box.send();
  await box.send();
  expect(came).toHaveLength(1);
  expect((await store.evidence())[0]!.problem).toMatchObject({ key: 'not_evidence' });
});

it('tells how far a clip is on its way, and refuses one that the hall would not take', async () => {
  const told: unknown[] = [];
  const stop = box.onItsWay.subscribe(() => told.push(box.onItsWay.get()));
  await box.keep('room', 'ann', 'clip', picture(5));
  await box.send();
  stop();
  expect(told).toEqual([{ room: 'room', kind: 'clip', sent: 0 }, { room: 'room', kind: 'clip', sent: 0.5 }, null]);
  const huge = Object.defineProperty(picture(6), 'size', { value: 257 * 1024 * 1024 });
  await expect(box.keep('room', 'ann', 'clip', huge)).rejects.toMatchObject({ problem: { key: 'too_large' } });
  expect(await box.waiting('room')).toBe(0);
});
