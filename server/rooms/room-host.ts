import type { RoomId } from '#protocol/ids';
import type { Author, Entry, Genesis, JournalState, Op, StoredEntry } from '#protocol/journal/index';
import type { Role } from '#protocol/permissions/index';
import type { Participant } from '#protocol/room/index';
import type { Verdict } from './journal/live-journal.ts';

export interface NewRoom {
  /** Default: a new id. */
  readonly room?: RoomId;
  /** Default: `design`. */
  readonly kind?: Genesis['kind'];
  readonly purpose: Genesis['purpose'];
  readonly title: string;
  readonly author: Author;
  /** Starts from another room's state after `length` entries (default: all there are). */
  readonly fork?: { readonly room: RoomId; readonly length?: number };
}

export interface SubmitOptions {
  /** For ops taken over from another journal: where each was first written, in the order of the ops. */
  readonly via?: readonly NonNullable<Entry['via']>[];
  /** Whose right is asked for; default `owner`, because the calling domain has decided already. */
  readonly role?: Role;
}

/** Rooms as the domains see them: journals that can be opened, read and written. Injectable. */
export abstract class RoomHost {
  abstract create(options: NewRoom): Promise<RoomId>;
  /** Verdicts in the order of the ops; resolves when all that were taken are on disk. */
  abstract submit(room: RoomId, author: Author, ops: readonly Op[], options?: SubmitOptions): Promise<Verdict[]>;
  /** The newest state that is on disk, or as it was after `length` entries. Throws `journal/no_such_room`. */
  abstract state(room: RoomId, length?: number): Promise<JournalState>;
  abstract entries(room: RoomId, from: number, limit: number): Promise<StoredEntry[]>;
  abstract snapshot(room: RoomId): Promise<{ bytes: Uint8Array; length: number }>;
  /** Who is in the room now. */
  abstract participants(room: RoomId): Promise<readonly Participant[]>;
}
