import type { AddressInfo, Socket } from 'node:net';
import { ClientState, type Client } from '@colyseus/core';
import { expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { decodeTick } from '#protocol/room/index';
import { LINE_QUESTION } from './line-meter.ts';
import { bodyOf, bufferedBytes, PresenceFrame, SharedFrame } from './packing.ts';

/** Two ends of a connection: of the library everybody uses, and one that frames are written to beside it. */
async function connected() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  const arrived = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
  const all: string[] = [];
  near.on('message', (data: Buffer) => all.push(`message ${data.toString('hex')}`));
  near.on('ping', (asked: Buffer) => all.push(`ping ${asked.toString('hex')}`));
  const closed = new Promise<void>((resolve) => near.once('close', () => resolve()));
  await new Promise((resolve) => near.once('open', resolve));
  const far = await arrived;
  server.close();
  return { near, far, client: { ref: far, state: ClientState.JOINED } as unknown as Client, all, closed };
}

/** What was written, in the order of its coming. */
async function heard(write: (client: Client) => void): Promise<string[]> {
  const { far, client, all, closed } = await connected();
  write(client);
  far.close(1000);
  await closed;
  return all;
}

it.each([0, 90, 400, 70_000])(
  'a question to the line comes right behind a frame of %i bytes, which is whole',
  async (bytes) => {
    const body = Uint8Array.from({ length: bytes }, (_, i) => i * 13);
    const frame = SharedFrame.of('presence', body);
    const [first, ...others] = await heard((client) => {
      frame.sendTo(client, true);
      frame.sendTo(client);
    });
    expect(Buffer.from(bodyOf('presence', Buffer.from(first!.slice('message '.length), 'hex'))!)).toEqual(
      Buffer.from(body),
    );
    expect(others).toEqual([`ping ${LINE_QUESTION.toString('hex')}`, first]);
  },
);

it('presence goes out alone to one, and in one frame with what was done to another', async () => {
  const presence = new PresenceFrame(3);
  presence.body.set([1, 2, 3]);
  const entries = Uint8Array.of(4, 5);
  const [alone, both] = await heard((client) => {
    presence.alone.sendTo(client);
    presence.with(entries).sendTo(client);
  });
  const bytesOf = (message: string | undefined) => Buffer.from(message!.slice('message '.length), 'hex');
  expect([...bodyOf('presence', bytesOf(alone))!]).toEqual([1, 2, 3]);
  const tick = decodeTick(bodyOf('tick', bytesOf(both))!)!;
  expect([[...tick.presence], [...tick.entries]]).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

it('what a slow socket does not take waits, is told of, and arrives whole and in order with what the transport sends', async () => {
  const { near, far, client, all, closed } = await connected();
  near.pause();
  const sent: string[] = [];
  const size = 60_000;
  for (let n = 0, full = 0; full < 20; n++) {
    const frame = SharedFrame.of('presence', Buffer.alloc(size, n));
    sent.push(`${n % 256}`);
    if (!frame.sendTo(client)) full++;
    if (n % 3 === 0) far.send(Buffer.alloc(10, n));
    if (n % 3 === 0) sent.push(`own ${n % 256}`);
  }
  expect(bufferedBytes(client)).toBeGreaterThan(size);
  near.resume();
  far.close(1000);
  await closed;
  const heardOf = all.map((message) => {
    const data = Buffer.from(message.slice('message '.length), 'hex');
    const body = bodyOf('presence', data);
    if (!body) return `own ${data[9]}`;
    expect(body.length).toBe(size);
    expect(body.every((byte) => byte === body[0])).toBe(true);
    return `${body[0]}`;
  });
  expect(heardOf).toEqual(sent);
});

it('a socket that breaks while a frame is written ends the connection', async () => {
  const { near, far, client } = await connected();
  const ended = new Promise((resolve) => far.once('close', resolve));
  far.on('error', () => undefined);
  // Nothing is read any more that could tell of the end: only writing can.
  (far as unknown as { _socket: Socket & { _handle: { readStop(): void } } })._socket._handle.readStop();
  near.terminate();
  const frame = SharedFrame.of('presence', Buffer.alloc(1000));
  const isOpen = () => far.readyState === WebSocket.OPEN;
  while (isOpen()) {
    frame.sendTo(client);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ended;
});
