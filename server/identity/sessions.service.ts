import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { UserId } from '#protocol/ids';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { IdentityTables } from './identity.migrations.ts';
import type { Person } from './person.ts';

const SESSION_MS = 30 * 24 * 3_600_000;
const TOKEN_BYTES = 32;

/** Bearer tokens of 256 random bits. The database knows only their sha-256, so a stolen copy of it opens no session. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async open(person: Person): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.clock.nowMs();
    await this.db.deleteFrom('session').where('expires_at', '<', new Date(now)).execute();
    await this.db
      .insertInto('session')
      .values({ token_hash: hashOf(token), person: person.id, expires_at: new Date(now + SESSION_MS) })
      .execute();
    return token;
  }

  async personOf(token: string): Promise<Person | null> {
    const row = await this.db
      .selectFrom('session')
      .innerJoin('person', 'person.id', 'session.person')
      .select(['person.id', 'person.name', 'person.wallet_address'])
      .where('token_hash', '=', hashOf(token))
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', new Date(this.clock.nowMs()))
      .executeTakeFirst();
    return row ? { id: UserId.parse(row.id), name: row.name, walletAddress: row.wallet_address } : null;
  }

  async revoke(token: string): Promise<void> {
    await this.db
      .updateTable('session')
      .set({ revoked_at: new Date(this.clock.nowMs()) })
      .where('token_hash', '=', hashOf(token))
      .execute();
  }

  private get db() {
    return this.database.of<IdentityTables>();
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
