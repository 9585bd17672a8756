import type { Socket } from 'node:net';
import { ClientState, getMessageBytes, Protocol, type Client, type Room } from '@colyseus/core';
import WebSocket from 'ws';
import { encodeBlock } from '#protocol/journal/index';
import { encodeTick } from '#protocol/room/index';
import { LINE_QUESTION } from './line-meter.ts';

/** Bytes of entries in one message. */
const ENTRIES_MESSAGE_BYTES = 256 * 1024;
const FINAL_BINARY = 0x82;
const FINAL_PING = 0x89;
const QUESTION_FRAME = Buffer.of(FINAL_PING, LINE_QUESTION.length, ...LINE_QUESTION);

/**
 * A message as it goes into the sockets of many: one whole unmasked WebSocket frame (RFC 6455, 5.2), made once. `ws`
 * itself makes a header for each client and writes header and body as two pieces; that costs half as much again.
 */
export class SharedFrame {
  /** To be written before the frame is sent. */
  readonly body: Buffer;
  readonly #bytes: Buffer;
  readonly #messageAt: number;
  /** With the question behind it; made when the first line is to be asked. */
  #asking: Buffer | undefined;

  /** Room for a body of so many bytes. */
  constructor(type: string, bodyBytes: number) {
    const prefix = prefixOf(type);
    const length = prefix.length + bodyBytes;
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const bytes = Buffer.allocUnsafe(header + length);
    bytes[0] = FINAL_BINARY;
    bytes[1] = header === 2 ? length : header === 4 ? 126 : 127;
    if (header === 4) bytes.writeUInt16BE(length, 2);
    if (header === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
    bytes.set(prefix, header);
    this.body = bytes.subarray(header + prefix.length);
    this.#bytes = bytes;
    this.#messageAt = header;
  }

  static of(type: string, body: Uint8Array): SharedFrame {
    const frame = new SharedFrame(type, body.length);
    frame.body.set(body);
    return frame;
  }

  /**
   * In order with what `ws` itself sends on this connection, which neither compresses nor splits: each call of either is
   * a whole frame. Who has not finished joining gets it right after. False when bytes begin to wait in this process.
   * `isAsking`: with a `LINE_QUESTION` behind it, in one write.
   */
  sendTo(client: Client, isAsking = false): boolean {
    const wire = client.ref as unknown as Wired;
    const isOpen = wire.readyState === WebSocket.OPEN;
    if (isOpen && client.state === ClientState.JOINED) {
      if (isAsking) this.#asking ??= Buffer.concat([this.#bytes, QUESTION_FRAME]);
      return wire._socket === null || writeTo(wire._socket, isAsking ? this.#asking! : this.#bytes);
    }
    client.enqueueRaw(this.#bytes.subarray(this.#messageAt));
    if (isAsking && isOpen) wire.ping(LINE_QUESTION);
    return true;
  }
}

/** The presence of one tick as one square sees it, in the frames it goes out in: each is made once, for all. */
export class PresenceFrame {
  readonly alone: SharedFrame;
  #withEntries: SharedFrame | undefined;

  /** Room for so many bytes of presence. */
  constructor(bytes: number) {
    this.alone = new SharedFrame('presence', bytes);
  }

  get body(): Uint8Array {
    return this.alone.body;
  }

  /** `entries` are those of its tick, the same at each call. */
  with(entries: Uint8Array): SharedFrame {
    return (this.#withEntries ??= SharedFrame.of('tick', encodeTick(this.body, entries)));
  }
}

/** What `ws` keeps for itself: the socket under a connection, into which whole frames can be written. */
type Wired = WebSocket & { readonly _socket: Wire | null };
type Wire = Socket & {
  readonly _handle?: { readonly writeQueueSize: number } | null;
  [WRITTEN]?: (error?: Error | null) => void;
};

const WRITTEN = Symbol('written');
/** Whether the socket that was written to last took all of it at once, as nearly all do. */
let isTaken = false;

/**
 * False when bytes begin to wait. As long as none do, a frame goes past the queue of the stream, which would make some
 * notes for each before and after. What the socket does not take at once waits in it, in order with all that follows.
 */
function writeTo(socket: Wire, bytes: Buffer): boolean {
  // An encrypted line takes one write at a time and ends the process at a second.
  if (socket.writableLength > 0 || 'encrypted' in socket) return socket.write(bytes);
  isTaken = false;
  socket[WRITTEN] ??= (error) => {
    isTaken = true;
    if (error) socket.destroy(error);
  };
  socket._write(bytes, 'buffer' as BufferEncoding, socket[WRITTEN]);
  return isTaken;
}

/** Bytes that wait in this process for a client's socket to take them, at most. */
export function bufferedBytes(client: Client): number {
  const { bufferedAmount, _socket: socket } = client.ref as unknown as Wired;
  return bufferedAmount + (socket?._handle?.writeQueueSize ?? 0);
}

const prefixes = new Map<string, Uint8Array>();

/** What Colyseus puts before the body of a message of this name. */
export function prefixOf(type: string): Uint8Array {
  let prefix = prefixes.get(type);
  if (!prefix) {
    prefix = getMessageBytes.raw(Protocol.ROOM_DATA_BYTES, type, undefined, new Uint8Array(0));
    prefixes.set(type, prefix);
  }
  return prefix;
}

/** The body of a message, when it is of this name; null otherwise. */
export function bodyOf(type: string, frame: Uint8Array): Uint8Array | null {
  const prefix = prefixOf(type);
  for (let i = 0; i < prefix.length; i++) if (frame[i] !== prefix[i]) return null;
  return frame.subarray(prefix.length);
}

type Tapped = { _onMessage(client: Client, frame: Uint8Array): void };

/** Shows a room each frame before Colyseus reads it; what `isTaken` has dealt with goes no further. */
export function tapFrames(room: Room, isTaken: (client: Client, frame: Uint8Array) => boolean): void {
  const tapped = room as unknown as Tapped;
  const pass = tapped._onMessage.bind(room);
  tapped._onMessage = (client, frame) => void (isTaken(client, frame) || pass(client, frame));
}

/** Splits blocks into bodies of `entries` messages that stay well under the frame limit. */
export function* packEntries(from: number, blocks: readonly Uint8Array[]): Generator<Uint8Array> {
  let start = 0;
  let bytes = 0;
  for (let i = 0; i <= blocks.length; i++) {
    const size = blocks[i]?.length ?? 0;
    if (i < blocks.length && (bytes === 0 || bytes + size <= ENTRIES_MESSAGE_BYTES)) {
      bytes += size;
      continue;
    }
    if (i > start) yield encodeBlock({ from: from + start, blocks: blocks.slice(start, i) }).bytes;
    start = i;
    bytes = size;
  }
}
