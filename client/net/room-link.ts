import { Client as Colyseus, type Room, type SeatReservation } from '@colyseus/sdk';
import { problem, type Problem } from '#protocol/errors';
import type { ClientId } from '#protocol/ids';
import { decodeBlock, encodeBlock } from '#protocol/journal/index';
import {
  CLOSE,
  COLYSEUS_ROOM,
  decodeTick,
  VOICE_SERVER_MESSAGES,
  WIRE_VERSION,
  type ClientMessages,
  type JoinOptions,
  type ServerMessages,
} from '#protocol/room/index';
import type { ConnectOptions } from './room-session.types.ts';

/** Everything the server says, as one callback per kind. */
export type LinkListeners = { [K in keyof ServerMessages]: (message: ServerMessages[K]) => void } & {
  presence(bytes: Uint8Array): void;
  hands(bytes: Uint8Array): void;
  /** The connection is gone. `isFinal`: coming back would not help. */
  closed(code: number, isFinal: boolean): void;
};

const SERVER_MESSAGES = [
  'welcome',
  'behind',
  'entries',
  'ack',
  'reject',
  'lease',
  'held',
  'roster',
  'roster.news',
  'pong',
  'notice',
  'machine',
  'hands.wanted',
  ...VOICE_SERVER_MESSAGES,
] as const;
const FINAL: ReadonlySet<number> = new Set([
  CLOSE.unauthorized,
  CLOSE.forbidden,
  CLOSE.unknownRoom,
  CLOSE.replaced,
  CLOSE.malformed,
]);

/** One connection to a room: from the ticket to the close. Coming back means a new link with the same client id. */
export class RoomLink {
  private constructor(private readonly colyseus: Room) {}

  /** Throws a `LinkRefused` when the hall says no, any other error when it cannot be reached. */
  static async open(
    options: ConnectOptions,
    client: ClientId,
    { have, unanswered }: Pick<JoinOptions, 'have' | 'unanswered'>,
    listeners: LinkListeners,
  ): Promise<RoomLink> {
    const { ticket } = (await hallRequest(options, 'POST', `/api/rooms/${options.room}/ticket`).then((answer) =>
      answer.json(),
    )) as { ticket: string };
    const join: JoinOptions = {
      v: WIRE_VERSION,
      room: options.room as JoinOptions['room'],
      client,
      ticket,
      device: options.device,
      have,
      ...(unanswered?.length ? { unanswered } : {}),
    };
    // Asked for by ourselves, because the SDK keeps only the message of a refusal.
    const seat = (await hallRequest(options, 'POST', `/matchmake/joinOrCreate/${COLYSEUS_ROOM}`, join).then((answer) =>
      answer.json(),
    )) as SeatReservation;
    const colyseus = await new Colyseus(options.hallUrl).consumeSeatReservation(seat);
    // We come back ourselves, with a delta and our own outbox; the SDK would keep ten messages and drop the rest.
    colyseus.reconnection.enabled = false;
    for (const type of SERVER_MESSAGES)
      colyseus.onMessage(type, (bytes: Uint8Array) =>
        (listeners[type] as (message: unknown) => void)(decodeBlock(bytes)),
      );
    colyseus.onMessage('hands', (bytes: Uint8Array) => listeners.hands(bytes));
    colyseus.onMessage('presence', (bytes: Uint8Array) => listeners.presence(bytes));
    colyseus.onMessage('tick', (bytes: Uint8Array) => {
      const tick = decodeTick(bytes);
      if (!tick) return;
      listeners.presence(tick.presence);
      listeners.entries(decodeBlock(tick.entries) as ServerMessages['entries']);
    });
    colyseus.onLeave((code) => listeners.closed(code, FINAL.has(code)));
    colyseus.onError((code) => listeners.closed(code, false));
    return new RoomLink(colyseus);
  }

  readonly tell = <K extends keyof ClientMessages>(type: K, message: ClientMessages[K]): void => {
    if (this.colyseus.connection.isOpen) this.colyseus.sendBytes(type, encodeBlock(message).bytes);
  };

  tellPresence(frame: Uint8Array): void {
    if (this.colyseus.connection.isOpen) this.colyseus.sendBytes('presence', frame);
  }

  tellHands(frame: Uint8Array): void {
    if (this.colyseus.connection.isOpen) this.colyseus.sendBytes('hands', frame);
  }

  async leave(): Promise<void> {
    if (this.colyseus.connection.isOpen) await this.colyseus.leave(true);
  }

  /** Ends the connection as a lost network would; for tests and for leaving a link that has gone silent. */
  drop(): void {
    this.colyseus.connection.close(4900, 'dropped');
  }
}

/** The hall answered, and the answer is no. */
export class LinkRefused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

export async function hallRequest(
  { hallUrl, token }: Pick<ConnectOptions, 'hallUrl' | 'token'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const answer = await fetch(hallUrl + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok) return answer;
  const refusal = (await answer.json().catch(() => null)) as Problem | null;
  throw new LinkRefused(
    answer.status,
    refusal?.scope
      ? refusal
      : problem('server', 'unavailable', 'The hall does not answer.', { facts: { status: answer.status } }),
  );
}
