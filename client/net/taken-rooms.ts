import { problem, type Problem } from '#protocol/errors';
import type { Role } from '#protocol/permissions/index';
import { cidOf } from '#protocol/journal/index';
import { IndexedDbTakenRooms } from './taken-rooms.indexeddb.ts';

/** A room that somebody took along: it opens without the hall. */
export interface TakenRoom {
  readonly person: { readonly id: string; readonly name: string };
  /** Mark of their session (`markOf`): another person's session on this device does not open it. */
  readonly session: string;
  readonly role: Role;
  /** The server's clock minus this device's, ms, as it was last heard. */
  readonly clockOffsetMs: number;
  /** A state of the journal (protocol/journal/snapshot.ts). */
  readonly snapshot: Uint8Array;
  /** The entries after it that have come since, as they are stored. */
  readonly blocks: readonly Uint8Array[];
}

/**
 * Rooms that are kept on the device with everything of their journal that was ever heard here. An op of mine is
 * forgotten by the outbox only after its entry is in here: so what I see after a crash never goes back.
 */
export interface TakenRooms {
  /** Null: this room was not taken along. */
  open(room: string): Promise<TakenRoom | null>;
  /** Takes it along, or begins again with a newer state; `blocks` are those after the snapshot. */
  put(room: string, taken: TakenRoom): Promise<void>;
  /** What is known of the person and the clock now. */
  note(room: string, change: Partial<Pick<TakenRoom, 'session' | 'role' | 'clockOffsetMs'>>): Promise<void>;
  /** Entries from this number on. Calls are written in their order; resolves when they outlive the page. */
  append(room: string, from: number, blocks: readonly Uint8Array[]): Promise<void>;
  remove(room: string): Promise<void>;
}

export const notTaken = (cause: unknown): Problem =>
  problem('room', 'not_kept_here', 'This device has no space left for this room: it will not open without a network.', {
    facts: { cause: cause instanceof Error ? cause.name : String(cause) },
    next: 'Free some space and take it along again. What you did is safe at the hall.',
  });

const RAW = 0x55;

/** Tells sessions apart without keeping their tokens. */
export const markOf = (token: string): string => `${cidOf(new TextEncoder().encode(token), RAW)}`;

let browserRooms: TakenRooms | null = null;

/** Null where a program keeps nothing. */
export function defaultTakenRooms(): TakenRooms | null {
  if (typeof indexedDB === 'undefined') return null;
  return (browserRooms ??= new IndexedDbTakenRooms());
}
