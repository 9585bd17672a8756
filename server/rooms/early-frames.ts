import type { Socket } from 'node:net';
import type { Client } from '@colyseus/core';
import WebSocket from 'ws';
import { LINE_QUESTION } from './line-meter.ts';
import { prefixOf } from './packing.ts';

/** First byte of a frame that is a whole binary message, or an answer, and the bit of the second that says it is masked. */
const WHOLE_BINARY = 0x82;
const PONG = 0x8a;
const MASKED = 0x80;
/** Longer frames tell their length in other bytes (RFC 6455, 5.2): none of those that come often. */
const LONGEST = 125;
const MASK_AT = 2;
const PAYLOAD_AT = 6;
/** `_state` of a receiver of `ws` that stands between two frames. */
const BETWEEN_FRAMES = 0;

/** What `ws` and Node keep for themselves and lend to nobody: without it every frame goes a longer way. */
type Wired = WebSocket & { readonly _socket?: Wire | null; readonly _receiver?: Receiver };
type Wire = Socket & { readonly _handle?: { useUserBuffer?(memory: Uint8Array): void } | null };

interface Receiver {
  readonly _state: number;
  readonly _bufferedBytes: number;
  readonly _fragmented: number;
  readonly writable: boolean;
}

interface EarlyReader {
  /** The body of a message, valid until the call returns, and the bytes of its whole frame. */
  take(body: Uint8Array, frameBytes: number): void;
  /** `LINE_QUESTION` came back. */
  answered(): void;
}

/** Where all sockets read to, in turn: a piece of memory for each chunk would keep the collector busy. */
const CHUNK = Buffer.allocUnsafeSlow(64 * 1024);
/** Bodies without their mask, by length. */
const BODIES = Array.from({ length: LONGEST + 1 }, (_, length) => new Uint8Array(length));

/**
 * Reads the small messages of one type right where they come out of a client's socket: twenty a second from everybody,
 * and the way through the stream and the events of `ws` costs more than all that is done with them. Whatever else comes,
 * or comes in pieces, `ws` reads as ever, and in the order of its coming.
 */
export function readEarly(client: Client, type: string, reader: EarlyReader): void {
  const wire = client.ref as unknown as Wired;
  const { _socket: socket, _receiver: receiver } = wire;
  if (!socket || !receiver || !isBetweenFrames(receiver)) return;
  const [pass, ...others] = socket.listeners('data');
  if (!pass || others.length > 0) return;
  const prefix = prefixOf(type);
  // `ws` has only what it is given here: what it had finished it stays with until it gets more.
  let isBetween = true;
  /** How many bytes of a chunk were whole frames for the reader. */
  const read = (chunk: Buffer, length: number): number => {
    isBetween ||= isBetweenFrames(receiver);
    let at = 0;
    for (let end = 0; isBetween && at < length && wire.readyState === WebSocket.OPEN; at = end) {
      end = endOfFrame(chunk, at, length);
      if (end > 0 && isOf(chunk, at, WHOLE_BINARY, prefix)) reader.take(unmasked(chunk, at, prefix.length), end - at);
      else if (end === at + PAYLOAD_AT + LINE_QUESTION.length && isOf(chunk, at, PONG, LINE_QUESTION))
        reader.answered();
      else break;
    }
    return at;
  };
  const passOn = (rest: Buffer) => {
    if (!receiver.writable) return; // it has read the last message, or nonsense
    pass.call(socket, rest);
    isBetween = isBetweenFrames(receiver);
  };
  const isShared = readInto(socket, CHUNK, (length) => {
    const at = read(CHUNK, length);
    if (at < length) passOn(Buffer.from(CHUNK.subarray(at, length)));
  });
  if (!isShared)
    socket.on('data', (chunk: Buffer) => {
      const at = read(chunk, chunk.length);
      if (at < chunk.length) passOn(at === 0 ? chunk : chunk.subarray(at));
    });
  socket.off('data', pass as (chunk: Buffer) => void);
}

/**
 * From now on a socket reads into `memory`, as Node lets one that is made with the option `onread`; those of an HTTP
 * server are made without. False when this Node keeps that elsewhere, and for an encrypted line, which reads into its own.
 */
function readInto(socket: Wire, memory: Buffer, took: (length: number) => void): boolean {
  if ('encrypted' in socket) return false;
  const own = Object.getOwnPropertySymbols(socket);
  const [buffer, callback] = ['kBuffer', 'kBufferCb'].map((name) =>
    own.find(({ description }) => description === name),
  );
  if (!buffer || !callback || !socket._handle?.useUserBuffer) return false;
  socket._handle.useUserBuffer(memory);
  Object.assign(socket, { [buffer]: memory, [callback]: took });
  return true;
}

function isBetweenFrames({ _state, _bufferedBytes, _fragmented }: Receiver): boolean {
  return _state === BETWEEN_FRAMES && _bufferedBytes === 0 && _fragmented === 0;
}

/** Where the small, masked frame ends that begins there; 0 when none does, or it is not whole. */
function endOfFrame(chunk: Buffer, at: number, length: number): number {
  if (at + PAYLOAD_AT > length) return 0;
  const payload = chunk[at + 1]! - MASKED;
  const end = at + PAYLOAD_AT + payload;
  return payload >= 0 && payload <= LONGEST && end <= length ? end : 0;
}

/** Whether a frame is of that kind and its payload begins so. */
function isOf(chunk: Buffer, at: number, kind: number, beginning: Uint8Array): boolean {
  if (chunk[at] !== kind || chunk[at + 1]! - MASKED < beginning.length) return false;
  for (let i = 0; i < beginning.length; i++)
    if ((chunk[at + PAYLOAD_AT + i]! ^ chunk[at + MASK_AT + (i & 3)]!) !== beginning[i]) return false;
  return true;
}

/** The payload of a frame, without its first bytes. */
function unmasked(chunk: Buffer, at: number, without: number): Uint8Array {
  const body = BODIES[chunk[at + 1]! - MASKED - without]!;
  const from = at + PAYLOAD_AT + without;
  const maskAt = (i: number) => chunk[at + MASK_AT + ((without + i) & 3)]!;
  const [a, b, c, d] = [maskAt(0), maskAt(1), maskAt(2), maskAt(3)];
  let i = 0;
  for (; i + 3 < body.length; i += 4) {
    body[i] = chunk[from + i]! ^ a;
    body[i + 1] = chunk[from + i + 1]! ^ b;
    body[i + 2] = chunk[from + i + 2]! ^ c;
    body[i + 3] = chunk[from + i + 3]! ^ d;
  }
  for (; i < body.length; i++) body[i] = chunk[from + i]! ^ maskAt(i);
  return body;
}
