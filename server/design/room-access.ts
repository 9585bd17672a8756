import { Injectable } from '@nestjs/common';
import { briefOf, submissionOf } from '#protocol/design/index';
import type { RoomId, UserId } from '#protocol/ids';
import { decide, type Action, type Role, type Situation } from '#protocol/permissions/index';
import type { Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Memberships } from './memberships.service.ts';
import { problems, refusal } from './problems.ts';
import { RoomGuests } from './room-guests.ts';
import { RoleChanges } from './role-changes.ts';
import { RoomPlaces, type RoomPlace, type SubmissionPlace } from './room-place.store.ts';

/** Timers of Node reach 24.8 days; a later deadline is looked at again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Access {
  readonly place: RoomPlace;
  readonly role: Role;
}

/** Who is what in which room, and the one way for every request to ask for a right in it. */
@Injectable()
export class RoomAccess {
  private readonly deadlines = new Map<RoomId, NodeJS.Timeout>();

  constructor(
    private readonly places: RoomPlaces,
    private readonly memberships: Memberships,
    private readonly host: RoomHost,
    private readonly clock: Clock,
    private readonly changes: RoleChanges,
    private readonly guests: RoomGuests,
  ) {}

  /** Throws 404 for no such room, 403 for who may not enter or has not this right, 409 for a closed room. */
  async require(room: string, person: Person, action: Action, own = false): Promise<Access> {
    const place = await this.places.get(room);
    const role = await this.roleAt(place, person.id);
    if (!role) throw problems.notAMember(place.project);
    const situation: Situation = { own, held: 'nobody', room: (await this.isClosed(place)) ? 'closed' : 'open' };
    const denied = decide(role, action, situation);
    if (denied) throw refusal(denied);
    return { place, role };
  }

  /** Null: may not enter. */
  async roleIn(room: RoomId, user: UserId): Promise<Role | null> {
    const place = await this.places.find(room);
    return place ? this.roleAt(place, user) : null;
  }

  /**
   * In a brief's room everybody who has the link is a reviewer, and the project's owners are owners. A submission
   * belongs to its submitter until it is accepted, withdrawn or past the deadline; then they only look, too.
   */
  async roleAt(place: RoomPlace, user: UserId): Promise<Role | null> {
    const inProject = await this.memberships.roleIn(place.project, user);
    switch (place.purpose) {
      case 'training':
        return inProject ?? this.guests.roleIn(place.room, user);
      case 'project':
      case 'guidance':
        return inProject;
      case 'brief':
        return inProject === 'owner' ? 'owner' : 'reviewer';
      case 'submission':
        if (place.person !== user) return 'reviewer';
        if (await this.isClosed(place)) return 'observer';
        await this.watchDeadline(place);
        return 'owner';
    }
  }

  /** Past its deadline, accepted or withdrawn. */
  async isClosed(place: RoomPlace): Promise<boolean> {
    if (place.purpose === 'project' || place.purpose === 'training' || place.purpose === 'guidance') return false;
    const { document } = await this.host.state(place.purpose === 'brief' ? place.room : place.brief);
    if (this.clock.nowMs() > (briefOf(document)?.deadlineAt ?? Infinity)) return true;
    if (place.purpose === 'brief') return false;
    const state = submissionOf(document, place.submission)?.state;
    return state === 'accepted' || state === 'withdrawn';
  }

  onApplicationShutdown(): void {
    for (const timer of this.deadlines.values()) clearTimeout(timer);
  }

  /** Whoever is still editing when the deadline passes is told by the room at that moment. */
  private async watchDeadline(place: SubmissionPlace): Promise<void> {
    const { document } = await this.host.state(place.brief);
    const deadlineAt = briefOf(document)?.deadlineAt;
    if (deadlineAt === undefined) return;
    clearTimeout(this.deadlines.get(place.room));
    const waitMs = Math.min(deadlineAt + 1 - this.clock.nowMs(), LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      this.deadlines.delete(place.room);
      this.changes.tell(place.room, place.person);
    }, waitMs);
    this.deadlines.set(place.room, timer.unref());
  }
}
