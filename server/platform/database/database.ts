import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { WorkhallError } from '#protocol/errors';
import type { PartState } from '../health/index.ts';

export interface DatabaseServer {
  readonly url: string;
  /** `embedded` or the host that DATABASE_URL names; for people. */
  readonly place: string;
  stop(): Promise<void>;
}

/** A PostgreSQL that others run (`DATABASE_URL`). */
export function externalServer(url: string): DatabaseServer {
  const { hostname, pathname } = new URL(url);
  return { url, place: `${hostname}${pathname}`, stop: async () => {} };
}

/** Connections at most; each costs PostgreSQL a process of some 3-8 MB, so idle ones are closed again. */
const POOL_SIZE = 8;
const IDLE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than a transaction takes on a slow chain. */
const LOCK_TIMEOUT_MS = 150_000;

/** The one way to PostgreSQL, embedded or not. Domains bring their own table types. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly kysely: Kysely<unknown>;
  private isClosed = false;

  constructor(private readonly server: DatabaseServer) {
    this.pool = new pg.Pool({
      connectionString: server.url,
      max: POOL_SIZE,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'workhall',
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => {});
    this.kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: this.pool }) });
  }

  of<Tables>(): Kysely<Tables> {
    return this.kysely as Kysely<Tables>;
  }

  /** Commits when `work` resolves, rolls back when it throws. */
  transaction<Result, Tables = unknown>(work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.of<Tables>().transaction().execute(work);
  }

  /**
   * Runs `work` while nobody else on this database runs work with the same key. On a connection of its own: when the
   * process dies its lock is gone, and who waits takes no connection from those who work.
   */
  async locked<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const client = new pg.Client({
      connectionString: this.server.url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'workhall lock',
    });
    client.on('error', () => {}); // a broken connection shows at the next query
    await client.connect();
    try {
      await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [key]).catch((cause: unknown) => {
        throw new WorkhallError('database', 'busy', 'Somebody else is at this just now, and it takes long.', {
          facts: { key },
          next: 'Try again in a minute.',
          status: 503,
          cause,
        });
      });
      return await work();
    } finally {
      await client.end();
    }
  }

  async check(): Promise<PartState> {
    const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(
      this.kysely,
    );
    return { ok: true, detail: `PostgreSQL ${rows[0]?.version}, ${this.server.place}` };
  }

  /** Fails with a sentence for a person when the database does not answer. */
  async connect(): Promise<void> {
    try {
      await this.check();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WorkhallError(
        'database',
        'unreachable',
        `The database (${this.server.place}) does not answer: ${reason}`,
        {
          facts: { place: this.server.place },
          next: 'Check DATABASE_URL and that PostgreSQL runs there, or unset it to use the embedded database.',
          status: 503,
          cause,
        },
      );
    }
  }

  /** Waits for running queries, closes the connections, then stops the server if it is ours. */
  async onApplicationShutdown(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.kysely.destroy();
    await this.server.stop();
  }
}
