import type { RoomId } from '#protocol/ids';
import type { Genesis, StoredEntry } from '#protocol/journal/index';

export interface JournalRecord {
  readonly room: RoomId;
  readonly genesis: Genesis;
  /** Number of entries that are on disk. */
  readonly length: number;
}

/** Proof that a process of several may write a journal: a new owner gets a higher epoch (`journal-owners.ts`). */
export interface JournalFence {
  readonly process: string;
  readonly epoch: number;
}

/**
 * Where journals are kept. What `append` has resolved for is on disk; entries are only ever added at the end.
 * Adapters: PostgreSQL (the product) and memory (simulations); both face `journal.store.behaviour.ts`.
 */
export abstract class JournalStore {
  /** Starts a journal with its genesis entry. Throws `journal/room_exists` when there is one already. */
  abstract create(room: RoomId, genesis: Genesis, first: StoredEntry): Promise<void>;
  /** Null when there is no such room. */
  abstract find(room: RoomId): Promise<JournalRecord | null>;
  /**
   * Adds entries in one durable write, all or none. Throws `journal/not_at_end` when the first is not the next seq:
   * somebody else has written, so the caller's state is stale. With a fence: throws `journal/not_owner` when it is over,
   * judged in the same statement, so that nothing is ever written past a new owner's first look.
   */
  abstract append(room: RoomId, entries: readonly StoredEntry[], fence?: JournalFence): Promise<void>;
  /** Blocks of entries `from` (inclusive) on, at most `limit`, in order. */
  abstract read(room: RoomId, from: number, limit: number): Promise<Uint8Array[]>;
  /** Seq by op id, for telling a repeated op from a new one. */
  abstract opIds(room: RoomId): Promise<Map<string, number>>;
  /** Keeps the newest snapshot of a room; older ones may go. */
  abstract saveSnapshot(room: RoomId, length: number, bytes: Uint8Array): Promise<void>;
  /** The newest snapshot with at most `maxLength` entries in it, or null. */
  abstract loadSnapshot(room: RoomId, maxLength: number): Promise<Uint8Array | null>;
}
