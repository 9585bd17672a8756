import { Injectable } from '@nestjs/common';
import type { RoomId, UserId } from '#protocol/ids';

export type RoleListener = (room: RoomId, user: UserId) => void;

/** Tells open rooms that somebody's role in them may have changed. */
@Injectable()
export class RoleChanges {
  private readonly listeners = new Set<RoleListener>();

  subscribe(listener: RoleListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(room: RoomId, user: UserId): void {
    for (const listener of [...this.listeners]) listener(room, user);
  }
}
