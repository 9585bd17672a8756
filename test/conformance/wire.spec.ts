import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partsOf } from '#protocol/design/index';
import { openEntry } from '#protocol/journal/index';
import { decodeDown } from '#protocol/presence/index';
import { openProject, signIn, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { bareClient, decode } from './bare-client.ts';
import { wireFixture } from './wire-fixture.ts';

const fixture = JSON.parse(readFileSync(new URL('./wire.fixture.json', import.meta.url), 'utf8')) as ReturnType<
  typeof wireFixture
>;

describe('the wire', () => {
  it('still has the recorded bytes: a change breaks every client out there and raises the version', () => {
    expect(JSON.parse(JSON.stringify(wireFixture()))).toEqual(fixture);
  });

  it('names each recorded journal block by its own hash', () => {
    for (const { cid, block } of fixture.journal) expect(openEntry(Buffer.from(block, 'hex')).cid.toString()).toBe(cid);
  });
});

describe('a client written from docs/protocol.md alone', () => {
  let hall: Hall;
  let ann: Person;
  beforeAll(async () => {
    hall = await startHall();
    ann = await signIn(hall.url, 'Ann');
  });
  afterAll(() => hall?.stop());

  it('enters, adds a part, sees it on disk, and shows where it is', async () => {
    const { room } = await openProject(ann);
    const witness = await ann.enter(room);
    const heads: number[] = [];
    witness.onBodies((bodies) => heads.push(...bodies.map(({ body }) => body.headInRoom.position[0])));
    const heard: { name: string; body: Uint8Array }[] = [];
    const client = await bareClient(hall.url, room, ann.token, 0, (name, body) =>
      heard.push({ name, body: body.slice() }),
    );
    await until('welcome', () => heard.some(({ name }) => name === 'welcome'));
    const added = decode(Buffer.from(fixture.journal[1]!.block, 'hex')) as { type: string; payload: unknown };
    client.tell('ops', { ops: [{ id: 'from-the-page', type: added.type, payload: added.payload }] });
    await until('the acknowledgement', () => heard.some(({ name }) => name === 'ack'));
    expect(decode(heard.find(({ name }) => name === 'ack')!.body)).toEqual({ acks: [{ id: 'from-the-page', seq: 1 }] });
    await until('the entry', () => heard.filter(({ name }) => name === 'entries').length >= 2);
    await until('the other sees the part', () => partsOf(witness.document.get()).has('shaft'));
    client.tellPresence(Buffer.from(fixture.presence.upBytes, 'hex'));
    await until('the other sees the head', () => heads.includes(1.25));
    client.leave();
    await until('the other is alone', () => witness.participants.get().length === 1);
    await witness.leave();
  });

  it('reads presence frames by the byte', () => {
    const down = decodeDown(Buffer.from(fixture.presence.downBytes, 'hex'))!;
    expect(down).toMatchObject({
      serverTimeMs: 305_419_896,
      entries: [{ participant: 258, carries: [{ part: 'shaft' }] }],
    });
  });
});
