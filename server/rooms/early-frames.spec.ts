import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '@colyseus/core';
import WebSocket, { WebSocketServer } from 'ws';
import { readEarly } from './early-frames.ts';
import { LINE_QUESTION } from './line-meter.ts';
import { prefixOf } from './packing.ts';

let server: WebSocketServer;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => void server.close());

type Sent = { readonly kind: 'presence' | 'other' | 'pong'; readonly body: Uint8Array; readonly pieces: number };

/** Writes bytes of one's own choice to a server that reads presence early; what that server understood, in its order. */
async function heard(
  messages: readonly Sent[],
  cuts: readonly number[],
  isMemoryShared = true,
): Promise<{ all: string[]; early: number }> {
  const arrived = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
  await new Promise((resolve) => near.once('open', resolve));
  const far = await arrived;
  const all: string[] = [];
  let early = 0;
  // As in a Node that keeps to itself how a socket reads into memory of others.
  if (!isMemoryShared)
    Object.assign((far as unknown as { _socket: Wire })._socket._handle, { useUserBuffer: undefined });
  readEarly({ ref: far } as unknown as Client, 'presence', {
    take(body) {
      early++;
      all.push(`presence ${Buffer.from(body).toString('hex')}`);
    },
    answered() {
      early++;
      all.push(`pong ${LINE_QUESTION.toString('hex')}`);
    },
  });
  far.on('pong', (body) => void all.push(`pong ${body.toString('hex')}`));
  const prefix = Buffer.from(prefixOf('presence'));
  const isDone = new Promise<void>((resolve) => {
    far.on('ping', () => resolve());
    far.on('close', () => resolve());
  });
  far.on('message', (data: Buffer) => {
    const isPresence = data.subarray(0, prefix.length).equals(prefix);
    all.push(isPresence ? `presence ${data.subarray(prefix.length).toString('hex')}` : `other ${data.toString('hex')}`);
  });
  const bytes = Buffer.concat([...messages.flatMap(framesOf), frame(Buffer.alloc(0), 0x9, true)]);
  const [socket, reading] = [near, far].map((one) => (one as unknown as { _socket: Socket })._socket) as [
    Socket,
    Socket,
  ];
  const handshake = reading.bytesRead;
  const ends = [...cuts.map((cut) => cut % bytes.length), 0, bytes.length].sort((a, b) => a - b);
  for (let i = 1; i < ends.length; i++) {
    socket.write(bytes.subarray(ends[i - 1], ends[i]));
    while (!reading.destroyed && reading.bytesRead < handshake + ends[i]!)
      await new Promise((resolve) => setImmediate(resolve));
  }
  await isDone;
  near.terminate();
  return { all, early };
}

type Wire = Socket & { readonly _handle: object };

function framesOf({ kind, body, pieces }: Sent): Buffer[] {
  if (kind === 'pong') return [frame(body, 0xa, true)];
  const data = kind === 'presence' ? Buffer.concat([prefixOf('presence'), body]) : Buffer.from(body);
  const size = Math.max(1, Math.ceil(data.length / pieces));
  const parts = Array.from({ length: Math.max(1, Math.ceil(data.length / size)) }, (_, i) =>
    data.subarray(i * size, (i + 1) * size),
  );
  return parts.map((part, i) => frame(part, i === 0 ? 2 : 0, i === parts.length - 1));
}

const maskOf = (opcode: number, length: number): number[] => [0x5a, length & 255, 0xc3, opcode];

/** As a browser masks it (RFC 6455, 5.2 and 5.3). */
function frame(data: Uint8Array, opcode: number, isLast: boolean): Buffer {
  const mask = maskOf(opcode, data.length);
  const length = data.length < 126 ? [0x80 | data.length] : [0x80 | 126, data.length >> 8, data.length & 255];
  return Buffer.from([(isLast ? 0x80 : 0) | opcode, ...length, ...mask, ...data.map((byte, i) => byte ^ mask[i & 3]!)]);
}

const told = ({ kind, body }: Sent): string => `${kind} ${Buffer.from(body).toString('hex')}`;

const message = fc.record({
  kind: fc.constantFrom('presence', 'presence', 'other'),
  body: fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ minLength: 0, maxLength: 40 }) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 100, maxLength: 400 }) },
  ),
  pieces: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 3 }) }),
}) as fc.Arbitrary<Sent>;

const pong = fc.record({
  kind: fc.constant('pong' as const),
  body: fc.oneof(fc.constant(LINE_QUESTION), fc.uint8Array({ minLength: 0, maxLength: 3 })),
  pieces: fc.constant(1),
});

it('a presence message is read before any event of the socket, as it was sent', async () => {
  const body = Uint8Array.from({ length: 36 }, (_, i) => i * 7);
  expect(await heard([{ kind: 'presence', body, pieces: 1 }], [])).toEqual({
    all: [told({ kind: 'presence', body, pieces: 1 })],
    early: 1,
  });
});

it('what looks like presence in the middle of a large message is a part of that message', async () => {
  const look = Buffer.concat([prefixOf('presence'), Buffer.alloc(36, 7)]);
  // Masked once more, so that after the mask of the whole it stands on the line as a frame of its own would.
  const planted = frame(look, 2, true);
  const mask = maskOf(2, 4000);
  const body = Buffer.alloc(4000, 9);
  planted.forEach((byte, i) => (body[1000 + i] = byte ^ mask[i & 3]!));
  const message: Sent = { kind: 'other', body, pieces: 1 };
  const at = frame(body, 2, true).indexOf(planted);
  expect(at).toBeGreaterThan(0);
  expect(await heard([message], [at, at + planted.length])).toEqual({ all: [told(message)], early: 0 });
});

it.each([true, false])(
  'whatever is sent, in whatever pieces the network brings it, arrives once and in order (one memory for all: %s)',
  async (isMemoryShared) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: pong }), { maxLength: 12 }),
        fc.array(fc.nat({ max: 2000 }), { maxLength: 8 }),
        async (messages, cuts) => {
          const { all } = await heard(messages, cuts, isMemoryShared);
          expect(all).toEqual(messages.map(told));
        },
      ),
      { numRuns: 100 },
    );
  },
);

it('the answer of a line is read early, another one by the transport', async () => {
  const messages: Sent[] = [LINE_QUESTION, Buffer.alloc(0), Buffer.of(...LINE_QUESTION, 2)].map((body) => ({
    kind: 'pong',
    body,
    pieces: 1,
  }));
  expect(await heard(messages, [])).toEqual({ all: messages.map(told), early: 1 });
});

it('a frame that no client may send is left to the transport, which ends the connection', async () => {
  const arrived = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { perMessageDeflate: false });
  await new Promise((resolve) => near.once('open', resolve));
  const far = await arrived;
  far.on('error', () => undefined);
  let early = 0;
  readEarly({ ref: far } as unknown as Client, 'presence', { take: () => void early++, answered: () => void early++ });
  const isClosed = new Promise<number>((resolve) => near.once('close', resolve));
  // Not masked, though a client must (RFC 6455, 5.1).
  const bare = Buffer.from(prefixOf('presence'));
  (near as unknown as { _socket: Socket })._socket.write(Buffer.concat([Buffer.of(0x82, bare.length), bare]));
  expect(await isClosed).toBe(1002);
  expect(early).toBe(0);
});

it('a connection that is read early ends as any other: by either side, or without a word', async () => {
  const open = async () => {
    const arrived = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
    const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      perMessageDeflate: false,
    });
    await new Promise((resolve) => near.once('open', resolve));
    const far = await arrived;
    readEarly({ ref: far } as unknown as Client, 'presence', { take: () => undefined, answered: () => undefined });
    const codeOf = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));
    return { near, far, codes: Promise.all([codeOf(near), codeOf(far)]) };
  };
  const left = await open();
  left.near.close(4000);
  expect(await left.codes).toEqual([4000, 4000]);
  const sentAway = await open();
  sentAway.far.close(4429);
  expect(await sentAway.codes).toEqual([4429, 4429]);
  const lost = await open();
  lost.near.terminate();
  expect(await lost.codes).toEqual([1006, 1006]);
});
