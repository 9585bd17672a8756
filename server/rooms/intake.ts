import type { Client } from '@colyseus/core';
import type WebSocket from 'ws';
import type { z } from 'zod';
import { problem } from '#protocol/errors';
import { decodeBlock } from '#protocol/journal/index';
import { CLIENT_MESSAGES, CLOSE, type ClientMessages } from '#protocol/room/index';
import type { Roster, Seat } from './roster.ts';

/** `readyState` of a socket that nobody has closed. */
const OPEN = 1;
/** Unreadable messages before the connection is closed. */
const MAX_STRIKES = 10;

/**
 * What clients send, before a room acts on it: from somebody who is seated, within the rate, readable, of the right
 * shape. Whoever sends too much or only nonsense is closed with a 44xx code; the others notice nothing.
 */
export class Intake {
  constructor(
    private readonly roster: Roster,
    private readonly nowMs: () => number,
  ) {}

  /** Reads messages of one type and passes on the good ones. */
  reader<K extends keyof ClientMessages>(
    type: K,
    react: (seat: Seat, message: ClientMessages[K]) => void,
  ): (client: Client, bytes: unknown) => void {
    const schema = CLIENT_MESSAGES[type] as unknown as z.ZodType<ClientMessages[K]>;
    return (client, bytes) => {
      const seat = this.seatOf(client);
      if (!seat) return;
      let message: unknown;
      try {
        message = decodeBlock(bytes as Uint8Array);
      } catch (thrown) {
        return this.strike(seat, `unreadable ${type} message: ${thrown instanceof Error ? thrown.message : ''}`);
      }
      const parsed = schema.safeParse(message);
      if (parsed.success) return react(seat, parsed.data);
      this.#refuse(seat, type, message, parsed.error.issues[0]?.message ?? 'malformed');
    };
  }

  /** The seat of whoever sent something; undefined when nobody is seated there, or when they send too much. */
  seatOf(client: Client): Seat | undefined {
    // What is still coming from somebody who was sent away is not heard: they send all of it again, in order.
    if ((client.ref as unknown as WebSocket).readyState !== OPEN) return undefined;
    const seat = this.roster.seatOf(client);
    if (!seat || seat.limit.take(this.nowMs())) return seat;
    client.leave(CLOSE.tooMany);
    return undefined;
  }

  strike(seat: Seat | undefined, reason: string): void {
    if (!seat) return;
    seat.strikes += 1;
    this.roster.tell(seat, 'notice', {
      problem: problem('room', 'malformed', `Unreadable message: ${reason}.`, { facts: { strikes: seat.strikes } }),
    });
    if (seat.strikes >= MAX_STRIKES) seat.client.leave(CLOSE.malformed);
  }

  /** A malformed op that still has an id is answered like any refused op, so that its sender can take it back. */
  #refuse(seat: Seat, type: string, message: unknown, reason: string): void {
    const reject = problem('room', 'malformed', `This ${type} message is malformed: ${reason}.`, {
      facts: { type },
      next: 'Nothing was changed.',
    });
    const { ops } = (message ?? {}) as { ops?: unknown };
    for (const op of type === 'ops' && Array.isArray(ops) ? (ops as unknown[]).slice(0, 100) : []) {
      const id = (op as { id?: unknown } | null)?.id;
      if (typeof id === 'string' && id.length <= 64) this.roster.tell(seat, 'reject', { id, problem: reject });
    }
    this.strike(seat, reason);
  }
}
