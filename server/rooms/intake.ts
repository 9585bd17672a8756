import { Protocol, type Client } from '@colyseus/core';
import type WebSocket from 'ws';
import type { z } from 'zod';
import { problem, type Problem } from '#protocol/errors';
import { decodeBlock } from '#protocol/journal/index';
import { CLIENT_MESSAGES, CLOSE, type ClientMessages } from '#protocol/room/index';
import { RateLimit } from './rate-limit.ts';
import { hasAtMostItems } from './cbor-items.ts';
import type { Roster, Seat } from './roster.ts';
import { sendAway } from './send-away.ts';

/** `readyState` of a socket that nobody has closed. */
const OPEN = 1;
/**
 * Frames of any kind per second on average, and at once, the transport's own pings included. Presence takes 20, hands 10;
 * ops are packed 100 to a message.
 */
const FRAMES_PER_SECOND = 120;
const FRAMES_BURST = 450;
/** More than a room can judge of one person's ops, so that the outbox of a shift with large imports stays below. */
const BYTES_PER_SECOND = 8 * 1024 * 1024;
const BYTES_BURST = 32 * 1024 * 1024;
/** Items in one list of any message (500 parts), at most. */
const LONGEST_LIST = 500;
/** Values in one message in all, names of fields included: three times what 500 parts have. */
const MOST_ITEMS = 100_000;
const LARGE_BYTES = 64 * 1024;
/** First bytes that a client's frames may have (docs/protocol.md, Frames). */
const FRAME_KINDS: ReadonlySet<number | undefined> = new Set([
  Protocol.JOIN_ROOM,
  Protocol.LEAVE_ROOM,
  Protocol.ROOM_DATA_BYTES,
  Protocol.PING,
]);
/** Unreadable messages before the connection is closed. */
const MAX_STRIKES = 10;
const BAD_OPS_PER_STRIKE = 10;

/** How many frames and bytes a connection may send. */
export interface Allowance {
  readonly frames: RateLimit;
  readonly bytes: RateLimit;
}

/**
 * What clients send, before a room acts on it: from somebody who is seated, within the rate, readable, of the right
 * shape. Whoever sends too much or only nonsense is closed with a 44xx code; the others notice nothing.
 */
export class Intake {
  constructor(
    private readonly roster: Roster,
    private readonly nowMs: () => number,
  ) {}

  /** What a new connection may send. The pings of the transport count as well, which no message handler ever sees. */
  allow(client: Client): Allowance {
    const frames = new RateLimit(FRAMES_PER_SECOND, FRAMES_BURST, this.nowMs());
    const bytes = new RateLimit(BYTES_PER_SECOND, BYTES_BURST, this.nowMs());
    const socket = client.ref as unknown as WebSocket;
    socket.on('ping', () => void (frames.take(this.nowMs()) || sendAway(client, CLOSE.tooMany)));
    return { frames, bytes };
  }

  /** Every frame comes here before anything reads it. Whose it is; undefined when it is to be dropped. */
  admit(client: Client, frame: Uint8Array, nowMs: number): Seat | undefined {
    const seat = this.seatOf(client);
    if (!seat || !this.isWithinRate(seat, frame.length, nowMs)) return undefined;
    if (FRAME_KINDS.has(frame[0])) return seat;
    sendAway(client, CLOSE.malformed);
    return undefined;
  }

  /** Counts a frame of somebody whose connection is open; who sends too much is sent away. */
  isWithinRate(seat: Seat, frameBytes: number, nowMs: number): boolean {
    const { frames, bytes } = seat.allowance;
    if (frames.take(nowMs) && bytes.take(nowMs, frameBytes)) return true;
    sendAway(seat.client, CLOSE.tooMany);
    return false;
  }

  /** Reads messages of one type and passes on the good ones. */
  reader<K extends keyof ClientMessages>(
    type: K,
    react: (seat: Seat, message: ClientMessages[K]) => void,
  ): (client: Client, bytes: unknown) => void {
    const schema = CLIENT_MESSAGES[type] as unknown as z.ZodType<ClientMessages[K]>;
    return (client, bytes) => {
      const seat = this.seatOf(client);
      if (!seat) return;
      const { length } = bytes as Uint8Array;
      if (!hasAtMostItems(bytes as Uint8Array, MOST_ITEMS))
        return this.strike(seat, `too much in one ${type} message`, Infinity);
      let message: unknown;
      try {
        message = decodeBlock(bytes as Uint8Array);
      } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : '';
        return this.strike(seat, `unreadable ${type} message: ${why}`, length);
      }
      if (!isModest(message)) return this.strike(seat, `a list in a ${type} message is too long`, length);
      const parsed = schema.safeParse(message);
      if (parsed.success) return react(seat, parsed.data);
      this.#refuse(seat, type, message, parsed.error.issues[0]?.message ?? 'malformed', length);
    };
  }

  /** The seat of whoever sent something; undefined when nobody is seated there, or not any more. */
  seatOf(client: Client): Seat | undefined {
    // What is still coming from somebody who was sent away is not heard: they send all of it again, in order.
    if ((client.ref as unknown as WebSocket).readyState !== OPEN) return undefined;
    return this.roster.seatOf(client);
  }

  /** Large nonsense costs as much to read as a thousand good messages: one is enough. */
  strike(seat: Seat | undefined, reason: string, bytes = 0): void {
    if (!seat) return;
    seat.strikes += bytes > LARGE_BYTES ? MAX_STRIKES : 1;
    this.roster.tell(seat, 'notice', {
      problem: problem('room', 'malformed', `Unreadable message: ${reason}.`, { facts: { strikes: seat.strikes } }),
    });
    if (seat.strikes >= MAX_STRIKES) sendAway(seat.client, CLOSE.malformed);
  }

  /** A good client sends no op that its own schema refuses; one of another version sends some, a hostile one thousands. */
  refused(seat: Seat, { key }: Problem): void {
    if (key !== 'unknown_op' && key !== 'malformed_op') return;
    seat.strikes += 1 / BAD_OPS_PER_STRIKE;
    if (seat.strikes >= MAX_STRIKES) sendAway(seat.client, CLOSE.malformed);
  }

  /** A malformed op that still has an id is answered like any refused op, so that its sender can take it back. */
  #refuse(seat: Seat, type: string, message: unknown, reason: string, bytes: number): void {
    const reject = problem('room', 'malformed', `This ${type} message is malformed: ${reason}.`, {
      facts: { type },
      next: 'Nothing was changed.',
    });
    const { ops } = (message ?? {}) as { ops?: unknown };
    for (const op of type === 'ops' && Array.isArray(ops) ? (ops as unknown[]).slice(0, 100) : []) {
      const id = (op as { id?: unknown } | null)?.id;
      if (typeof id === 'string' && id.length <= 64) this.roster.tell(seat, 'reject', { id, problem: reject });
    }
    this.strike(seat, reason, bytes);
  }
}

/** No list is longer than any message allows: a schema reads a list to its end before it says that it is too long. */
function isModest(message: unknown): boolean {
  const left = [message];
  for (let value = left.pop(); left.length > 0 || value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (items.length > LONGEST_LIST) return false;
    for (const item of items) if (typeof item === 'object' && item !== null) left.push(item);
  }
  return true;
}
