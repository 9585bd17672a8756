import { Injectable } from '@nestjs/common';
import type { RoomId, UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';

type Ask = (room: RoomId, user: UserId) => Promise<Role | null>;

/** Who may be in one room without being in its project: the domain that let them in says so, each time it is asked. */
@Injectable()
export class RoomGuests {
  private ask: Ask = async () => null;

  use(ask: Ask): void {
    this.ask = ask;
  }

  roleIn(room: RoomId, user: UserId): Promise<Role | null> {
    return this.ask(room, user);
  }
}
