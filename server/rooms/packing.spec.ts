import type { AddressInfo } from 'node:net';
import { ClientState, type Client } from '@colyseus/core';
import { expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { decodeTick } from '#protocol/room/index';
import { LINE_QUESTION } from './line-meter.ts';
import { bodyOf, PresenceFrame, SharedFrame } from './packing.ts';

/** What a client of the library everybody uses makes of frames that were written beside it, in the order of their coming. */
async function heard(write: (client: Client) => void): Promise<string[]> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  const arrived = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
  const all: string[] = [];
  near.on('message', (data: Buffer) => all.push(`message ${data.toString('hex')}`));
  near.on('ping', (asked: Buffer) => all.push(`ping ${asked.toString('hex')}`));
  await new Promise((resolve) => near.once('open', resolve));
  const far = await arrived;
  write({ ref: far, state: ClientState.JOINED } as unknown as Client);
  far.close(1000);
  await new Promise((resolve) => near.once('close', resolve));
  server.close();
  return all;
}

it.each([0, 90, 400, 70_000])(
  'a question to the line comes right behind a frame of %i bytes, which is whole',
  async (bytes) => {
    const body = Uint8Array.from({ length: bytes }, (_, i) => i * 13);
    const frame = new SharedFrame('presence', body);
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
  const presence = new PresenceFrame(Uint8Array.of(1, 2, 3));
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
  expect(presence.alone).toBe(presence.alone);
});
