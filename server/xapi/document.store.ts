import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { digest, type Compartment } from './compartment.ts';
import type { XapiTables } from './xapi.migrations.ts';

/** What a document hangs on. */
export interface Shelf {
  readonly compartment: Compartment;
  readonly kind: 'state' | 'activity' | 'agent';
  /** `''` where the kind has none. */
  readonly activity: string;
  readonly agent: string;
  readonly registration: string | null;
}
export interface Document {
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  readonly updatedAt: Date;
  readonly bytes: Buffer;
}
export type Content = Pick<Document, 'contentType' | 'bytes'>;

/** Small documents of activities, agents and both, in PostgreSQL. Behaviour: test/integration/xapi-documents.spec.ts. */
@Injectable()
export class DocumentStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async find(shelf: Shelf, id: string): Promise<Document | null> {
    return read(this.database.of<XapiTables>(), keyOf(shelf, id));
  }

  /**
   * Reads, decides and writes while nobody else writes this document. `decide` throws to leave everything, returns null
   * to delete.
   */
  async change(shelf: Shelf, id: string, decide: (before: Document | null) => Content | null): Promise<void> {
    const key = keyOf(shelf, id);
    await this.database.transaction<void, XapiTables>(async (db) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(db);
      const before = await read(db, key);
      const content = decide(before);
      if (!content) return void (await db.deleteFrom('xapi_document').where('key', '=', key).execute());
      const values = {
        content_type: content.contentType,
        bytes: content.bytes,
        etag: `"${createHash('sha1').update(content.bytes).digest('hex')}"`,
        // Two versions within one millisecond would look like one to who asks for what is new.
        updated_at: new Date(Math.max(this.clock.nowMs(), (before?.updatedAt.getTime() ?? 0) + 1)),
      };
      await db
        .insertInto('xapi_document')
        .values({
          key,
          list: listOf(shelf),
          compartment: shelf.compartment,
          registration: shelf.registration,
          id,
          ...values,
        })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(values))
        .execute();
    });
  }

  /** Ids of what changed since; with a registration only its own. At most 10 000. */
  async ids(shelf: Shelf, sinceMs: number | undefined): Promise<{ ids: string[]; updatedAt: Date | null }> {
    let query = this.database
      .of<XapiTables>()
      .selectFrom('xapi_document')
      .select(['id', 'updated_at'])
      .where('list', '=', listOf(shelf));
    if (shelf.registration !== null) query = query.where('registration', '=', shelf.registration);
    if (sinceMs !== undefined) query = query.where('updated_at', '>', new Date(sinceMs));
    const rows = await query.orderBy('updated_at', 'desc').limit(10_000).execute();
    return { ids: [...new Set(rows.map(({ id }) => id))], updatedAt: rows[0]?.updated_at ?? null };
  }

  async deleteAll(shelf: Shelf): Promise<void> {
    let query = this.database.of<XapiTables>().deleteFrom('xapi_document').where('list', '=', listOf(shelf));
    if (shelf.registration !== null) query = query.where('registration', '=', shelf.registration);
    await query.execute();
  }
}

async function read(db: Pick<Transaction<XapiTables>, 'selectFrom'>, key: string): Promise<Document | null> {
  const row = await db
    .selectFrom('xapi_document')
    .select(['content_type', 'etag', 'updated_at', 'bytes'])
    .where('key', '=', key)
    .executeTakeFirst();
  return row ? { contentType: row.content_type, etag: row.etag, updatedAt: row.updated_at, bytes: row.bytes } : null;
}

function listOf({ compartment, kind, activity, agent }: Shelf): string {
  return digest(compartment, kind, activity, agent);
}

function keyOf(shelf: Shelf, id: string): string {
  return digest(listOf(shelf), shelf.registration ?? '', id);
}
