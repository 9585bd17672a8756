import type { RoomId, UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';

export interface Admitted {
  readonly user: UserId;
  readonly name: string;
  readonly badge: 'guest' | 'wallet';
}

/** Who may enter which room. Rooms know nobody; the domain that knows people and projects provides this. */
export abstract class RoomGate {
  /** Uses up a ticket. Throws a WorkhallError (401, 403). */
  abstract admit(ticket: string, room: RoomId): Promise<Admitted>;
  /** Asked at each join, and again when roles change. Null: may not enter. */
  abstract roleIn(room: RoomId, user: UserId): Promise<Role | null>;
  /** Calls back when somebody's role in a room may have changed; returns the function that stops it. */
  abstract onRoleChange(listener: (room: RoomId, user: UserId) => void): () => void;
}
