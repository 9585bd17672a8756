import { Injectable } from '@nestjs/common';
import { RoomId, UserId } from '#protocol/ids';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { DesignTables } from './design.migrations.ts';
import { problems } from './problems.ts';
import { hashOf, newToken } from './token.ts';

const TICKET_MS = 60_000;

/**
 * A ticket lets one person into one room, once, within a minute: it travels in an URL, where a session token must not.
 * In the database, not in memory, so that any process of the fleet can take it.
 */
@Injectable()
export class Tickets {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async issue(room: RoomId, user: UserId): Promise<string> {
    const ticket = newToken();
    const now = this.clock.nowMs();
    await this.db.deleteFrom('room_ticket').where('expires_at', '<', new Date(now)).execute();
    await this.db
      .insertInto('room_ticket')
      .values({ token_hash: hashOf(ticket), room, person: user, expires_at: new Date(now + TICKET_MS) })
      .execute();
    return ticket;
  }

  /** Takes the ticket away, whatever comes out. */
  async redeem(ticket: string, room: RoomId): Promise<UserId> {
    const row = await this.db
      .deleteFrom('room_ticket')
      .where('token_hash', '=', hashOf(ticket))
      .returningAll()
      .executeTakeFirst();
    if (!row || row.room !== room || row.expires_at.getTime() <= this.clock.nowMs()) throw problems.ticketInvalid();
    return UserId.parse(row.person);
  }

  private get db() {
    return this.database.of<DesignTables>();
  }
}
