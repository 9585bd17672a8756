import { sql, type Kysely } from 'kysely';
import { WorkhallError } from '#protocol/errors';

export interface Migration {
  /** Sorts the migrations and is never changed: `2026-11-21-design-projects`. */
  readonly id: string;
  up(db: Kysely<unknown>): Promise<void>;
}

/** Any number will do; every process that migrates must use the same. */
const ADVISORY_LOCK = 0x776f726b;

/**
 * Runs what has not run yet, in the order of the ids, each in its own transaction. Several processes may start at
 * once: the advisory lock lets one migrate while the others wait and then find nothing to do.
 */
export async function migrate(db: Kysely<unknown>, migrations: readonly Migration[]): Promise<string[]> {
  const ordered = [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1));
  const twice = ordered.find((migration, index) => migration.id === ordered[index + 1]?.id);
  if (twice) throw new Error(`Two migrations are named ${twice.id}`);

  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${sql.lit(ADVISORY_LOCK)})`.execute(connection);
    try {
      await sql`create table if not exists migration (id text primary key, ran_at timestamptz not null default now())`.execute(
        connection,
      );
      const { rows } = await sql<{ id: string }>`select id from migration`.execute(connection);
      const done = new Set(rows.map((row) => row.id));
      refuseNewer(done, ordered);
      const pending = ordered.filter((migration) => !done.has(migration.id));
      for (const migration of pending) await run(connection, migration);
      return pending.map((migration) => migration.id);
    } finally {
      await sql`select pg_advisory_unlock(${sql.lit(ADVISORY_LOCK)})`.execute(connection);
    }
  });
}

async function run(connection: Kysely<unknown>, migration: Migration): Promise<void> {
  try {
    await connection.transaction().execute(async (transaction) => {
      await migration.up(transaction);
      await sql`insert into migration (id) values (${migration.id})`.execute(transaction);
    });
  } catch (cause) {
    throw new WorkhallError(
      'database',
      'migration_failed',
      `The migration ${migration.id} failed; nothing of it was kept.`,
      {
        facts: { migration: migration.id },
        next: 'Start the previous release on this data folder, and report the cause below.',
        status: 500,
        cause,
      },
    );
  }
}

/** An older release must not write into tables that it does not know. */
function refuseNewer(done: ReadonlySet<string>, known: readonly Migration[]): void {
  const ids = new Set(known.map((migration) => migration.id));
  const newest = [...done]
    .filter((id) => !ids.has(id))
    .sort()
    .at(-1);
  if (newest === undefined) return;
  throw new WorkhallError('database', 'newer_data', `This data was written by a newer Workhall (it knows ${newest}).`, {
    facts: { migration: newest },
    next: 'Start that release, or restore a backup made by this one into another data folder.',
    status: 500,
  });
}
