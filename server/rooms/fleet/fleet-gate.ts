import { Logger } from '@nestjs/common';
import type { RoomId, UserId } from '#protocol/ids';
import type { Role } from '#protocol/permissions/index';
import type { RedisFleet } from '../../platform/fleet/index.ts';
import type { JournalHost } from '../journal-host.ts';
import { RoomGate, type Admitted } from '../room-gate.ts';

const TOPIC = 'role';
type Listener = (room: RoomId, user: UserId) => void;

/** The gate of a hall of several processes: a role that changes in one of them reaches the rooms of all. */
export class FleetGate extends RoomGate {
  readonly #listeners = new Set<Listener>();
  readonly #logger = new Logger('Fleet');

  constructor(
    private readonly inner: RoomGate,
    fleet: RedisFleet,
    private readonly host: JournalHost,
  ) {
    super();
    fleet.subscribe(TOPIC, (body) => {
      const { room, user } = body as { room: RoomId; user: UserId };
      this.#tell(room, user);
    });
    inner.onRoleChange((room, user) => {
      fleet.publish(TOPIC, { room, user }).catch((thrown: unknown) => {
        this.#logger.warn(`A change of role could not be told to the other processes: ${String(thrown)}`);
        this.#tell(room, user);
      });
    });
    fleet.onGap(() => this.#tellAll());
  }

  admit(ticket: string, room: RoomId): Promise<Admitted> {
    return this.inner.admit(ticket, room);
  }

  roleIn(room: RoomId, user: UserId): Promise<Role | null> {
    return this.inner.roleIn(room, user);
  }

  onRoleChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(room: RoomId, user: UserId): void {
    for (const listener of [...this.#listeners]) listener(room, user);
  }

  /** Redis was away: whatever changed meanwhile is asked for again, for everybody who is here. */
  #tellAll(): void {
    for (const [room, people] of this.host.rosters)
      for (const user of new Set(people().map(({ user }) => user))) this.#tell(room, user);
  }
}
