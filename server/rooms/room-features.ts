import { Injectable } from '@nestjs/common';
import type { Problem } from '#protocol/errors';
import type { ClientId, RoomId, UserId } from '#protocol/ids';
import type { Genesis, Op } from '#protocol/journal/index';
import type { Role } from '#protocol/permissions/index';
import type { ServerMessages } from '#protocol/room/index';
import type { LiveJournal } from './journal/live-journal.ts';

/** Somebody's window in the room. */
export interface SeatOfRoom {
  /** Another object for each connection. */
  readonly client: object;
  readonly user: UserId;
  /** The client id that its window came with: the same after a drop. */
  readonly session: ClientId;
  readonly role: Role;
  /** Much waits for this line already: what can be left out is. */
  readonly isSlow: boolean;
}

/** A room that people are in, as a domain sees it that has something to do there by itself. */
export interface OpenRoom {
  readonly room: RoomId;
  readonly journal: LiveJournal;
  seats(): Iterable<SeatOfRoom>;
  tell<K extends keyof ServerMessages>(seat: SeatOfRoom, type: K, message: ServerMessages[K]): void;
}

export interface FeatureOfRoom {
  /** With each tick of the room (20 Hz); must not throw and must not wait. */
  tick(nowMs: number): void;
  /** Where somebody's head and hands are: the packed body of presence, as it came. */
  hear?(user: UserId, body: Uint8Array, nowMs: number): void;
  /** Whether somebody holds this, so that others are shown where they carry it: what is no part and has no lease. */
  carries?(user: UserId, thing: string): boolean;
  /** Why an op of somebody is not even judged: what the room's own model cannot know. Null: nothing speaks against it. */
  refusal?(op: Op, by: Pick<SeatOfRoom, 'role'>): Problem | null;
  /** The last person has left, or the room moves to another process. */
  close(): void;
}

export interface RoomFeature {
  open(room: OpenRoom): FeatureOfRoom;
}

/** What domains do in rooms of their kind while these are open. One per kind. */
@Injectable()
export class RoomFeatures {
  private readonly byKind = new Map<Genesis['kind'], RoomFeature>();

  register(kind: Genesis['kind'], feature: RoomFeature): void {
    this.byKind.set(kind, feature);
  }

  open(room: OpenRoom): FeatureOfRoom | undefined {
    return this.byKind.get(room.journal.durable.genesis.kind)?.open(room);
  }
}
