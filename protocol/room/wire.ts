import { z } from 'zod';
import { Op } from '../journal/entry.ts';
import { Role } from '../permissions/index.ts';
import { ClientId, OpId, PartId, RoomId, UserId } from '../ids.ts';
import type { EquipmentEvent } from '../equipment/model.ts';
import type { Problem } from '../errors.ts';
import { VOICE_CLIENT_MESSAGES, type VoiceServerMessages } from './voice.ts';

/**
 * Every message of a room, split by who sends it. Messages travel as Colyseus `ROOM_DATA_BYTES` with these names;
 * the bytes are dag-cbor, except `presence`, which is the packed frame of `presence/frame.ts`.
 * `docs/protocol.md` is the same page for people who write a client in another language.
 */
export const WIRE_VERSION = 1;
/** The one Colyseus room type; which room it is, and its kind, stand in the ticket. */
export const COLYSEUS_ROOM = 'hall';
/** Largest frame either side sends, bytes. */
export const MAX_FRAME_BYTES = 1024 * 1024;
export const PRESENCE_HZ = 20;
/** A lease not renewed for this long is free again, ms. Holders renew every third of it. */
export const LEASE_MS = 10_000;

/** A client has at most this many ops on the way. */
export const MAX_UNANSWERED = 400;

/** Options of `joinById`/`joinOrCreate`. */
export const JoinOptions = z.strictObject({
  v: z.literal(WIRE_VERSION),
  room: RoomId,
  /**
   * Made by the client when it starts, kept over reconnections: leases, the participant number and the place in the
   * roster belong to it. A second connection with the same id replaces the first.
   */
  client: ClientId,
  /** From `POST /api/rooms/:id/ticket`; valid for 60 s, once. */
  ticket: z.string().max(2000),
  device: z.enum(['desktop', 'phone', 'headset', 'glasses', 'bot']),
  /** Number of journal entries the client already has; the server sends the rest. */
  have: z.number().int().nonnegative(),
  /** The oldest ops that were never answered, in order: the welcome tells what became of them. */
  unanswered: z.array(OpId).max(MAX_UNANSWERED).optional(),
});
export type JoinOptions = z.infer<typeof JoinOptions>;
export type Device = JoinOptions['device'];

// ---- client to server ------------------------------------------------------------------------------------------

/** `ops`: in order; each is answered by `ack` or `reject`. Safe to repeat. */
export const OpsMessage = z.strictObject({ ops: z.array(Op).min(1).max(100) });
/** `lease.take`: all or nothing; answered by `lease`. Renewing is taking again. */
export const LeaseTake = z.strictObject({ request: z.number().int(), parts: z.array(PartId).min(1).max(500) });
/** `lease.release`: what is not held is ignored. */
export const LeaseRelease = z.strictObject({ parts: z.array(PartId).min(1).max(500) });
/** `ping`: answered by `pong` with the same number; measures the round trip. */
export const Ping = z.strictObject({ n: z.number() });

export const CLIENT_MESSAGES = {
  ops: OpsMessage,
  'lease.take': LeaseTake,
  'lease.release': LeaseRelease,
  ping: Ping,
  ...VOICE_CLIENT_MESSAGES,
} as const;
export type ClientMessages = { [K in keyof typeof CLIENT_MESSAGES]: z.infer<(typeof CLIENT_MESSAGES)[K]> };

// ---- server to client ------------------------------------------------------------------------------------------

export interface Participant {
  /** Small number used in presence frames; free again after the person has left. */
  readonly participant: number;
  /** The client id it joined with. */
  readonly session: ClientId;
  readonly user: UserId;
  readonly name: string;
  readonly role: Role;
  readonly device: Device;
  /** How the person was authenticated. */
  readonly badge: 'guest' | 'wallet';
  /** Index into the palette of twelve participant colours. */
  readonly color: number;
  readonly isConnected: boolean;
}

export interface Held {
  readonly part: PartId;
  readonly session: ClientId;
  readonly fence: number;
}

export interface ServerMessages extends VoiceServerMessages {
  /** First message: who you are, how long the journal is. Entries from `have` on follow. */
  welcome: {
    v: number;
    participant: number;
    session: ClientId;
    user: UserId;
    role: Role;
    length: number;
    serverTimeMs: number;
    /** Messages beyond the first version that this server understands: `hands`. */
    takes?: readonly string[];
    /**
     * Of the `unanswered` ops of the join, those that were decided. One that is missing here, before one of the same
     * page that is in the journal, was refused, and the server no longer knows why.
     */
    answered?: ({ id: string; seq: number } | { id: string; problem: Problem })[];
  };
  /** Somebody near sees your bare hands from now on, or nobody does any more: send their shapes only meanwhile. */
  'hands.wanted': { wanted: boolean };
  /** The client is further behind than the server sends over the socket: fetch the snapshot, then join again. */
  behind: { length: number };
  /** Journal entries in order, each the dag-cbor block as it is stored. Everybody gets everyone's, their own too. */
  entries: { from: number; blocks: Uint8Array[] };
  /** These ops are on disk, as entries `seq`. Comes before the entries themselves. */
  ack: { acks: { id: string; seq: number }[] };
  /** The op was not taken; nothing changed. */
  reject: { id: string; problem: Problem };
  /** Answer to `lease.take`. */
  lease: { request: number; fence: number; expiresInMs: number } | { request: number; problem: Problem };
  /** Everything that is held now, whenever that changes. */
  held: { held: Held[] };
  /** Everyone here; after the welcome. */
  roster: { participants: Participant[] };
  /** Who came or changed (`now`), and the sessions that went (`gone`), since the last tick. */
  'roster.news': { now: Participant[]; gone: ClientId[] };
  /**
   * A run's machine, to its people at 20 Hz and to instructors at 2 Hz: what changed of what can be seen since the last
   * one over this connection (`equipment/wire.ts`), and what happened. Newest wins: frames are left out on slow lines.
   */
  machine: { run: string; tick: number; delta: Uint8Array; happened: readonly EquipmentEvent[] };
  pong: { n: number; serverTimeMs: number };
  /** Something the person should read, such as a restart of the server. */
  notice: { problem: Problem };
}

/**
 * `tick`: in a big room presence and entries of one tick travel in one frame: u32 length of the presence frame (little
 * endian), the presence frame, then the `entries` message.
 */
export function encodeTick(presence: Uint8Array, entries: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + presence.length + entries.length);
  new DataView(bytes.buffer).setUint32(0, presence.length, true);
  bytes.set(presence, 4);
  bytes.set(entries, 4 + presence.length);
  return bytes;
}

/** Null when the bytes end early. */
export function decodeTick(bytes: Uint8Array): { presence: Uint8Array; entries: Uint8Array } | null {
  if (bytes.length < 4) return null;
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return end <= bytes.length ? { presence: bytes.subarray(4, end), entries: bytes.subarray(end) } : null;
}

/** Close codes echo HTTP: 4000 + status. */
export const CLOSE = {
  malformed: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  unknownRoom: 4404,
  tooSlow: 4408,
  replaced: 4409,
  tooLarge: 4413,
  tooMany: 4429,
  journalFailed: 4500,
  restarting: 4503,
} as const;
