import fc from 'fast-check';
import { Client as Colyseus, type Room } from '@colyseus/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partsOf } from '#protocol/design/index';
import { encodeBlock, decodeBlock } from '#protocol/journal/index';
import { CLOSE, COLYSEUS_ROOM, MAX_FRAME_BYTES, WIRE_VERSION } from '#protocol/room/index';
import type { RoomSession } from '#net/index';
import { startHall, type Hall } from '../support/server.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';

describe('a client that does not keep to the protocol', () => {
  let hall: Hall;
  let ann: Person;
  let room: string;
  let witness: RoomSession;

  beforeAll(async () => {
    hall = await startHall();
    ann = await signIn(hall.url, 'Ann');
    ({ room } = await openProject(ann));
    witness = await ann.enter(room);
  });
  afterAll(async () => {
    await witness?.leave();
    await hall?.stop();
  });

  let clients = 0;
  const seatOptions = async () => {
    const { ticket } = await ann.ask<{ ticket: string }>('POST', `/api/rooms/${room}/ticket`);
    return { v: WIRE_VERSION, room, client: `raw-${(clients += 1)}`, ticket, device: 'bot', have: 0 };
  };

  /** A bare Colyseus connection with what came back. */
  async function raw(): Promise<{
    connection: Room;
    heard: { type: string; message: Record<string, unknown> }[];
    closed: number[];
  }> {
    const connection = await new Colyseus(hall.url).joinOrCreate(COLYSEUS_ROOM, await seatOptions());
    connection.reconnection.enabled = false;
    const heard: { type: string; message: Record<string, unknown> }[] = [];
    const closed: number[] = [];
    for (const type of ['welcome', 'ack', 'reject', 'notice', 'lease', 'entries', 'held', 'roster', 'pong', 'behind'])
      connection.onMessage(type, (bytes: Uint8Array) =>
        heard.push({ type, message: decodeBlock(bytes) as Record<string, unknown> }),
      );
    connection.onMessage('presence', () => {});
    connection.onLeave((code) => closed.push(code));
    connection.onError(() => {});
    await until('welcome', () => heard.some(({ type }) => type === 'welcome'));
    return { connection, heard, closed };
  }

  /** The room still works for the others. */
  async function roomGoesOn(): Promise<void> {
    const name = `after-${Math.random().toString(36).slice(2)}`;
    const added = witness.submit('parts.add', { parts: [solid(name)] }) as { id: string };
    await witness.confirmed(added.id);
    expect(partsOf(witness.document.get()).has(name)).toBe(true);
  }

  it.each([
    ['unknown', { id: 'x1', type: 'part.explode', payload: {} }, 'unknown_op'],
    ['malformed', { id: 'x2', type: 'part.move', payload: { moves: 'up' } }, 'malformed_op'],
    [
      'about a part that is not there',
      { id: 'x3', type: 'part.rename', payload: { id: 'ghost', name: 'Boo' } },
      'no_such_part',
    ],
    [
      'with fields nobody knows',
      { id: 'x4', type: 'part.rename', payload: { id: 'a', name: 'b', admin: true } },
      'malformed_op',
    ],
    [
      'with a forged author',
      { id: 'x5', type: 'part.rename', payload: { id: 'a', name: 'b' }, author: { id: 'root', name: 'Root' } },
      'malformed',
    ],
    [
      'from a lease that is over',
      { id: 'x6', type: 'comment.delete', payload: { id: 'c' }, fence: 12345 },
      'no_such_comment',
    ],
  ])('gets a typed rejection for an op that is %s, and the room goes on', async (_name, op, key) => {
    const { connection, heard } = await raw();
    connection.sendBytes('ops', encodeBlock({ ops: [op] }).bytes);
    await until('the rejection', () => heard.some(({ type, message }) => type === 'reject' && message['id'] === op.id));
    expect(heard.find(({ type }) => type === 'reject')!.message['problem']).toMatchObject({
      key,
      scope: expect.any(String),
      message: expect.any(String),
    });
    await roomGoesOn();
    await connection.leave();
  });

  it('gets a typed rejection for an op that is too large', async () => {
    const { connection, heard } = await raw();
    const parts = Array.from({ length: 500 }, (_, i) =>
      solid(`big${i}`, 'plate', {
        name: 'n'.repeat(200),
        source: { file: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', node: 'x'.repeat(500) },
      }),
    );
    connection.sendBytes('ops', encodeBlock({ ops: [{ id: 'big', type: 'parts.add', payload: { parts } }] }).bytes);
    await until('the rejection', () => heard.some(({ type }) => type === 'reject'));
    expect(heard.find(({ type }) => type === 'reject')!.message['problem']).toMatchObject({ key: 'op_too_large' });
    await roomGoesOn();
    await connection.leave();
  });

  it('is closed when its frame is larger than anything the protocol has', async () => {
    const { connection, closed } = await raw();
    connection.sendBytes('ops', new Uint8Array(MAX_FRAME_BYTES + 10));
    await until('closed', () => closed.length > 0);
    await roomGoesOn();
  });

  it('is closed with 4400 after ten unreadable messages', async () => {
    const { connection, closed } = await raw();
    for (let i = 0; i < 12; i++) connection.sendBytes('ops', Uint8Array.of(255, i));
    await until('closed', () => closed.length > 0);
    expect(closed).toEqual([CLOSE.malformed]);
    await roomGoesOn();
  });

  it('is closed with 4429 when it floods the room', async () => {
    const { connection, closed } = await raw();
    for (let i = 0; i < 2000; i++) connection.sendBytes('ping', encodeBlock({ n: i }).bytes);
    await until('closed', () => closed.length > 0);
    expect(closed).toEqual([CLOSE.tooMany]);
    await roomGoesOn();
  });

  it('cannot stop the room with any bytes in any message', async () => {
    const messages = fc.sample(
      fc.tuple(
        fc.constantFrom('ops', 'lease.take', 'lease.release', 'ping', 'presence', 'nonsense'),
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.jsonValue().map((value) => encodeBlock(value).bytes),
        ),
      ),
      400,
    );
    let client = await raw();
    for (const [type, bytes] of messages) {
      if (client.closed.length) client = await raw();
      client.connection.sendBytes(type, bytes);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await roomGoesOn();
    expect(witness.connection.get().state).toBe('live');
  }, 120_000);

  it('needs a ticket, and each ticket serves once', async () => {
    const options = await seatOptions();
    const seat = (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${hall.url}/matchmake/joinOrCreate/${COLYSEUS_ROOM}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect((await seat({ ...options, ticket: 'made-up' })).status).toBe(401);
    const first = await seat(options);
    expect(first.status).toBe(200);
    expect(first.headers.get('access-control-allow-origin')).toBeNull();
    expect((await seat(options)).status).toBe(401);
    expect(
      (
        await fetch(`${hall.url}/matchmake/create/${COLYSEUS_ROOM}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(options),
        })
      ).status,
    ).toBe(422);
  });

  it('cannot open a socket from a page of another origin', async () => {
    const seat = (await (
      await fetch(`${hall.url}/matchmake/joinOrCreate/${COLYSEUS_ROOM}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(await seatOptions()),
      })
    ).json()) as { processId: string; roomId: string; sessionId: string };
    const { WebSocket } = await import('ws');
    const outcome = (origin: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(
          `${hall.url.replace('http', 'ws')}/${seat.processId}/${seat.roomId}?sessionId=${seat.sessionId}`,
          { origin },
        );
        socket.on('open', () => (socket.close(), resolve('open')));
        socket.on('error', () => resolve('refused'));
      });
    expect(await outcome('https://evil.example')).toBe('refused');
    expect(await outcome(hall.url)).toBe('open');
  });
});
