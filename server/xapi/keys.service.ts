import { Injectable } from '@nestjs/common';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Agent, XapiVersion } from '#protocol/xapi/index';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import type { Compartment } from './compartment.ts';
import { problems } from './problems.ts';
import { SCOPES, type Scope } from './scopes.ts';
import type { XapiTables } from './xapi.migrations.ts';

export interface NewKey {
  readonly compartment: Compartment;
  readonly title: string;
  readonly scopes: readonly Scope[];
  /** The person, or `hall` for the command line. */
  readonly madeBy: string;
  /** The newest where not given. */
  readonly version?: XapiVersion;
  /** Whom statements stored with it are vouched for by; by default the key. */
  readonly authority?: Agent;
  readonly expiresAtMs?: number;
  /** A guard that was registered with `CallerGuards`. */
  readonly guard?: string;
}

export interface Key {
  readonly id: string;
  readonly compartment: Compartment;
  readonly title: string;
  readonly scopes: readonly Scope[];
  readonly version: XapiVersion;
  readonly madeBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly isRevoked: boolean;
  readonly authority: Agent;
  readonly guard: string | null;
}

const SECRET_BYTES = 32;
/** `lastUsedAtMs` is no more exact than this; it spares a write for each request. */
const USED_GRAIN_MS = 60_000;

/** Basic credentials of xAPI clients: 256 random bits, kept as their sha-256 and told once. */
@Injectable()
export class XapiKeys {
  private readonly home: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    config: Config,
  ) {
    this.home = homeOf(config);
  }

  /** The secret is in the answer and nowhere else. */
  async make(wanted: NewKey): Promise<{ key: Key; secret: string }> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const row = await this.db
      .insertInto('xapi_key')
      .values({
        id: this.ids.next(),
        compartment: wanted.compartment,
        title: wanted.title,
        secret_hash: hashOf(secret),
        scopes: SCOPES.filter((scope) => wanted.scopes.includes(scope)),
        version: wanted.version ?? '2.0.0',
        authority: wanted.authority ? JSON.stringify(wanted.authority) : null,
        guard: wanted.guard ?? null,
        made_by: wanted.madeBy,
        created_at: new Date(this.clock.nowMs()),
        expires_at: wanted.expiresAtMs === undefined ? null : new Date(wanted.expiresAtMs),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { key: this.keyOf(row), secret };
  }

  /** Null for an unknown, wrong, revoked or expired one. */
  async check(id: string, secret: string): Promise<Key | null> {
    const row = await this.db.selectFrom('xapi_key').selectAll().where('id', '=', id).executeTakeFirst();
    const isRight = timingSafeEqual(row?.secret_hash ?? hashOf(''), hashOf(secret));
    if (!row || !isRight || row.revoked_at !== null) return null;
    const nowMs = this.clock.nowMs();
    if (row.expires_at !== null && row.expires_at.getTime() <= nowMs) return null;
    if ((row.last_used_at?.getTime() ?? 0) < nowMs - USED_GRAIN_MS)
      await this.db
        .updateTable('xapi_key')
        .set({ last_used_at: new Date(nowMs) })
        .where('id', '=', id)
        .execute();
    return this.keyOf(row);
  }

  /** Newest first; with revoked ones, so that who looks sees what was. */
  async list(compartment: Compartment): Promise<Key[]> {
    const rows = await this.db
      .selectFrom('xapi_key')
      .selectAll()
      .where('compartment', '=', compartment)
      // Those of single sessions come and go by themselves.
      .where('guard', 'is', null)
      .orderBy('created_at', 'desc')
      .limit(1000)
      .execute();
    return rows.map((row) => this.keyOf(row));
  }

  async revoke(compartment: Compartment, id: string): Promise<void> {
    const { numUpdatedRows } = await this.db
      .updateTable('xapi_key')
      .set({ revoked_at: new Date(this.clock.nowMs()) })
      .where('compartment', '=', compartment)
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw problems.noKey(id);
  }

  private keyOf(row: KeyRow): Key {
    return {
      id: row.id,
      compartment: row.compartment as Compartment,
      title: row.title,
      scopes: row.scopes as Scope[],
      version: row.version as XapiVersion,
      madeBy: row.made_by,
      createdAtMs: row.created_at.getTime(),
      expiresAtMs: row.expires_at?.getTime() ?? null,
      lastUsedAtMs: row.last_used_at?.getTime() ?? null,
      isRevoked: row.revoked_at !== null,
      guard: row.guard,
      authority: row.authority
        ? (JSON.parse(row.authority) as Agent)
        : { objectType: 'Agent', name: row.title, account: { homePage: `${this.home}/xapi/keys`, name: row.id } },
    };
  }

  private get db() {
    return this.database.of<XapiTables>();
  }
}

type KeyRow = Omit<XapiTables['xapi_key'], 'last_used_at' | 'revoked_at'> & {
  last_used_at: Date | null;
  revoked_at: Date | null;
};

/** What accounts of this hall are accounts of. Set PUBLIC_URL before the first statement: it is in all of them. */
export function homeOf({ tree }: Config): string {
  return tree.publicUrl ?? 'http://localhost';
}

/** A person of the hall, as statements name them. */
export function agentOf(home: string, person: { readonly id: string; readonly name?: string }): Agent {
  const name = person.name === undefined ? {} : { name: person.name };
  return { objectType: 'Agent', ...name, account: { homePage: home, name: person.id } };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
