import { Injectable } from '@nestjs/common';
import type { RoomId, UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import { badgeOf, People } from '../identity/index.ts';
import { RoomGate, type Admitted } from '../rooms/index.ts';
import { problems } from './problems.ts';
import { RoleChanges, type RoleListener } from './role-changes.ts';
import { RoomAccess } from './room-access.ts';
import { RoomPlaces } from './room-place.store.ts';
import { Tickets } from './tickets.service.ts';

/** What the rooms ask about people. */
@Injectable()
export class ProjectRoomGate extends RoomGate {
  constructor(
    private readonly tickets: Tickets,
    private readonly people: People,
    private readonly access: RoomAccess,
    private readonly places: RoomPlaces,
    private readonly changes: RoleChanges,
  ) {
    super();
  }

  async admit(ticket: string, room: RoomId): Promise<Admitted> {
    const person = await this.people.get(await this.tickets.redeem(ticket, room));
    // The right may have been taken since the ticket was given.
    const role = await this.access.roleIn(room, person.id);
    if (!role) throw problems.notAMember((await this.places.get(room)).project);
    return { user: person.id, name: person.name, badge: badgeOf(person) };
  }

  roleIn(room: RoomId, user: UserId): Promise<Role | null> {
    return this.access.roleIn(room, user);
  }

  onRoleChange(listener: RoleListener): () => void {
    return this.changes.subscribe(listener);
  }
}
