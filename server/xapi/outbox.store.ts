import { sql } from 'kysely';
import type { Database } from '../platform/database/index.ts';
import type { Parcel } from './lrs-line.ts';
import type { XapiTables } from './xapi.migrations.ts';

/** What waits for the LRS outside. */
export interface OutboxState {
  readonly waiting: number;
  /** Which the other LRS will not take; they stay until somebody looks. */
  readonly refused: number;
  readonly oldestQueuedAtMs: number | null;
  /** Of the one that waits longest, and of one that was refused. */
  readonly lastError: string | null;
  readonly refusal: string | null;
}
export interface WaitingParcel extends Parcel {
  readonly seq: string;
  readonly attempts: number;
}

export async function outboxState(database: Database): Promise<OutboxState> {
  const { rows } = await sql<{ waiting: string; refused: string; oldest: Date | null; error: string; refusal: string }>`
    select count(*) filter (where refusal is null) as waiting,
           count(*) filter (where refusal is not null) as refused,
           min(queued_at) filter (where refusal is null) as oldest,
           (select last_error from xapi_outbox where refusal is null order by seq limit 1) as error,
           (select refusal from xapi_outbox where refusal is not null order by seq limit 1) as refusal
    from xapi_outbox`.execute(database.of());
  const row = rows[0]!;
  return {
    waiting: Number(row.waiting),
    refused: Number(row.refused),
    oldestQueuedAtMs: row.oldest?.getTime() ?? null,
    lastError: row.error,
    refusal: row.refusal,
  };
}

/** Lets what was refused try again, after the cause was seen to. Answers how many. */
export async function retryRefused(database: Database): Promise<number> {
  const { numUpdatedRows } = await database
    .of<XapiTables>()
    .updateTable('xapi_outbox')
    .set({ refusal: null, attempts: 0 })
    .where('refusal', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export function firstWaiting(database: Database, limit: number): Promise<WaitingParcel[]> {
  return database
    .of<XapiTables>()
    .selectFrom('xapi_outbox')
    .select(['seq', 'id', 'statement', 'attempts'])
    .where('refusal', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

export async function forget(database: Database, parcels: readonly WaitingParcel[]): Promise<void> {
  const seqs = parcels.map(({ seq }) => seq);
  await sql`delete from xapi_outbox where seq = any(${seqs}::bigint[])`.execute(database.of());
}

export async function note(
  database: Database,
  parcels: readonly WaitingParcel[],
  told: { readonly error: string } | { readonly refusal: string },
): Promise<void> {
  const seqs = parcels.map(({ seq }) => seq);
  const [error, refusal] = 'error' in told ? [told.error, null] : [null, told.refusal];
  await sql`update xapi_outbox set attempts = attempts + 1, last_error = ${error}, refusal = ${refusal}
            where seq = any(${seqs}::bigint[])`.execute(database.of());
}
