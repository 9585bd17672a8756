import { z } from 'zod';
import { OpId, RoomId, UserId } from '../ids.ts';
import { CID, decodeBlock, encodeBlock, type Block } from './block.ts';

/** Largest op on the wire, bytes of its dag-cbor encoding. A batch of 500 parts fits; more goes in several ops. */
export const MAX_OP_BYTES = 256 * 1024;

/** What a client sends. `type` and `payload` are judged by the room's model; the rest by the journal. */
export const Op = z.strictObject({
  /** Made by the client; sending the same id again is answered with the first outcome. */
  id: OpId,
  type: z.string().min(1).max(64),
  payload: z.unknown(),
  /** Ops of one gesture (an import, a multi-part drag) share a group and are undone together. */
  group: OpId.optional(),
  /** Fence of the lease the sender believes to hold; a stale one is refused. */
  fence: z.number().int().nonnegative().optional(),
  /** Of an op that was made without the server: when, ms since 1970, by the server's clock as the device knew it. */
  madeAt: z.number().int().nonnegative().optional(),
});
export type Op = z.infer<typeof Op>;

export const Author = z.strictObject({ id: UserId, name: z.string().min(1).max(80) });
export type Author = z.infer<typeof Author>;

const Link = z.custom<CID>((value) => CID.asCID(value) !== null, 'a CID link');

/** One link of the chain as it is stored: a dag-cbor block whose CID is the next entry's `prev`. */
export const Entry = z.strictObject({
  v: z.literal(1),
  room: RoomId,
  seq: z.number().int().nonnegative(),
  prev: Link.nullable(),
  id: OpId,
  author: Author,
  /** Server clock, milliseconds since 1970, never decreasing within a journal. */
  at: z.number().int().nonnegative(),
  /** When the author says that it was made, where that was before the server heard of it. Never later than `at`. */
  madeAt: z.number().int().nonnegative().optional(),
  type: z.string(),
  payload: z.unknown(),
  group: OpId.optional(),
  /** Where an entry that was taken over from another journal (an accepted submission) was first written. */
  via: z.strictObject({ room: RoomId, cid: Link }).optional(),
});
export type Entry = z.infer<typeof Entry>;

export interface StoredEntry extends Block {
  readonly entry: Entry;
}

/** Payload of entry 0 of every journal. A fork starts from the state its parent had after `length` entries. */
export const Genesis = z.strictObject({
  kind: z.enum(['design', 'training', 'guidance']),
  purpose: z.enum(['project', 'brief', 'submission', 'training', 'guidance']),
  title: z.string().max(200),
  fork: z.strictObject({ room: RoomId, head: Link, length: z.number().int().positive() }).optional(),
});
export type Genesis = z.infer<typeof Genesis>;
export const GENESIS_TYPE = 'room.opened';

/** Seals an entry: drops absent optional fields, encodes, hashes. */
export function sealEntry(entry: Entry): StoredEntry {
  const clean = Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Entry;
  return { entry: clean, ...encodeBlock(clean) };
}

/** Reads an entry back from its block. Throws a ZodError on anything that is not an entry. */
export function openEntry(bytes: Uint8Array): StoredEntry {
  const entry = Entry.parse(decodeBlock(bytes));
  return { entry, ...encodeBlock(entry) };
}
