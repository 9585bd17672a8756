import type { Socket } from 'node:net';
import type { Client } from '@colyseus/core';
import WebSocket from 'ws';
import { prefixOf } from './packing.ts';

/** First byte of a frame that is a whole binary message, and the bit of the second that says it is masked (RFC 6455, 5.2). */
const WHOLE_BINARY = 0x82;
const MASKED = 0x80;
/** Longer frames tell their length in other bytes: none of those that come often. */
const LONGEST = 125;
const MASK_AT = 2;
const PAYLOAD_AT = 6;
/** `_state` of a receiver of `ws` that stands between two frames. */
const BETWEEN_FRAMES = 0;

/** What `ws` keeps for itself and lends to nobody: without it every frame goes the long way. */
type Wired = WebSocket & { readonly _socket?: Socket | null; readonly _receiver?: Receiver };

interface Receiver {
  readonly _state: number;
  readonly _bufferedBytes: number;
  readonly _fragmented: number;
}

/**
 * Reads the small messages of one type right where they come out of a client's socket: twenty a second from everybody,
 * and the way through the stream and the events of `ws` costs more than all that is done with them. Whatever else comes,
 * or comes in pieces, `ws` reads as ever, and in the order of its coming.
 */
export function readEarly(client: Client, type: string, take: (body: Uint8Array, frameBytes: number) => void): void {
  const wire = client.ref as unknown as Wired;
  const { _socket: socket, _receiver: receiver } = wire;
  if (!socket || !receiver || !isBetweenFrames(receiver)) return;
  const [pass, ...others] = socket.listeners('data');
  if (!pass || others.length > 0) return;
  const prefix = prefixOf(type);
  // `ws` has only what it is given here: what it had finished it stays with until it gets more.
  let isBetween = true;
  socket.on('data', (chunk: Buffer) => {
    isBetween ||= isBetweenFrames(receiver);
    let at = 0;
    while (isBetween && wire.readyState === WebSocket.OPEN && isEarly(chunk, at, prefix)) {
      const end = at + PAYLOAD_AT + chunk[at + 1]! - MASKED;
      unmask(chunk, at, end);
      take(chunk.subarray(at + PAYLOAD_AT + prefix.length, end), end - at);
      at = end;
    }
    if (at === chunk.length) return;
    pass.call(socket, at === 0 ? chunk : chunk.subarray(at));
    isBetween = isBetweenFrames(receiver);
  });
  socket.off('data', pass as (chunk: Buffer) => void);
}

function isBetweenFrames({ _state, _bufferedBytes, _fragmented }: Receiver): boolean {
  return _state === BETWEEN_FRAMES && _bufferedBytes === 0 && _fragmented === 0;
}

/** Whether a whole, small, masked binary frame with that beginning stands there. */
function isEarly(chunk: Buffer, at: number, prefix: Uint8Array): boolean {
  const length = chunk[at + 1]! - MASKED;
  if (chunk[at] !== WHOLE_BINARY || !(length >= prefix.length) || length > LONGEST) return false;
  if (at + PAYLOAD_AT + length > chunk.length) return false;
  for (let i = 0; i < prefix.length; i++)
    if ((chunk[at + PAYLOAD_AT + i]! ^ chunk[at + MASK_AT + (i & 3)]!) !== prefix[i]) return false;
  return true;
}

function unmask(chunk: Buffer, at: number, end: number): void {
  const mask = at + MASK_AT;
  const [a, b, c, d] = [chunk[mask]!, chunk[mask + 1]!, chunk[mask + 2]!, chunk[mask + 3]!];
  let i = at + PAYLOAD_AT;
  for (; i + 3 < end; i += 4) {
    chunk[i]! ^= a;
    chunk[i + 1]! ^= b;
    chunk[i + 2]! ^= c;
    chunk[i + 3]! ^= d;
  }
  for (let k = 0; i < end; i++, k++) chunk[i]! ^= chunk[mask + k]!;
}
