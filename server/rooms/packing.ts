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
  readonly #bytes: Buffer;
  readonly #bodyAt: number;
  /** With the question behind it; made when the first line is to be asked. */
  #asking: Buffer | undefined;

  constructor(type: string, body: Uint8Array) {
    const prefix = prefixOf(type);
    const length = prefix.length + body.length;
    const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const bytes = Buffer.allocUnsafe(header + length);
    bytes[0] = FINAL_BINARY;
    bytes[1] = header === 2 ? length : header === 4 ? 126 : 127;
    if (header === 4) bytes.writeUInt16BE(length, 2);
    if (header === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
    bytes.set(prefix, header);
    bytes.set(body, header + prefix.length);
    this.#bytes = bytes;
    this.#bodyAt = header;
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
      return wire._socket?.write(isAsking ? this.#asking! : this.#bytes) ?? true;
    }
    client.enqueueRaw(this.#bytes.subarray(this.#bodyAt));
    if (isAsking && isOpen) wire.ping(LINE_QUESTION);
    return true;
  }
}

/** The presence of one tick as one square sees it, in the frames it goes out in: each is made once, for all. */
export class PresenceFrame {
  #alone: SharedFrame | undefined;
  #withEntries: SharedFrame | undefined;

  constructor(private readonly presence: Uint8Array) {}

  get alone(): SharedFrame {
    return (this.#alone ??= new SharedFrame('presence', this.presence));
  }

  /** `entries` are those of its tick, the same at each call. */
  with(entries: Uint8Array): SharedFrame {
    return (this.#withEntries ??= new SharedFrame('tick', encodeTick(this.presence, entries)));
  }
}

/** What `ws` keeps for itself: the socket under a connection, into which whole frames can be written. */
type Wired = WebSocket & { readonly _socket: Socket | null };

/** Bytes that wait in this process for a client's socket to take them. */
export const bufferedBytes = (client: Client): number => (client.ref as unknown as WebSocket).bufferedAmount;

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
