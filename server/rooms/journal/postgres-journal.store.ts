import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { RoomId } from '#protocol/ids';
import { decodeBlock, encodeBlock, Genesis, type StoredEntry } from '#protocol/journal/index';
import { Database } from '../../platform/database/index.ts';
import type { JournalTables } from './journal.migrations.ts';
import { notAtEnd, notOwner, roomExists } from './journal-problems.ts';
import { JournalStore, type JournalFence, type JournalRecord } from './journal.store.ts';

const UNIQUE_VIOLATION = '23505';
/** Snapshots kept per room: the newest for joining, one before it in case the newest was written by a newer version. */
const SNAPSHOTS_KEPT = 2;

/** Journals in PostgreSQL. One `append` is one statement, so the group is durable or absent as a whole. */
@Injectable()
export class PostgresJournalStore extends JournalStore {
  constructor(private readonly database: Database) {
    super();
  }

  async create(room: RoomId, genesis: Genesis, first: StoredEntry): Promise<void> {
    try {
      await this.database.transaction<void, JournalTables>(async (transaction) => {
        await sql`insert into journals (room, genesis) values (${room}, ${Buffer.from(encodeBlock(genesis).bytes)})`.execute(
          transaction,
        );
        await insert(transaction, room, [first]);
      });
    } catch (thrown) {
      if (isUniqueViolation(thrown)) throw roomExists(room);
      throw thrown;
    }
  }

  async find(room: RoomId): Promise<JournalRecord | null> {
    const { rows } = await sql<{ genesis: Buffer; length: number }>`
      select genesis, (select max(seq) + 1 from journal_entries where room = ${room}) as length
      from journals where room = ${room}`.execute(this.#db);
    const row = rows[0];
    return row ? { room, genesis: Genesis.parse(decodeBlock(row.genesis)), length: row.length } : null;
  }

  async append(room: RoomId, entries: readonly StoredEntry[], fence?: JournalFence): Promise<void> {
    try {
      const written = await insert(this.#db, room, entries, fence);
      if (written === 0n && entries.length > 0) throw notOwner(room);
    } catch (thrown) {
      if (isUniqueViolation(thrown)) throw notAtEnd(room, entries[0]!.entry.seq, thrown);
      throw thrown;
    }
  }

  async read(room: RoomId, from: number, limit: number): Promise<Uint8Array[]> {
    const { rows } = await sql<{ block: Buffer }>`
      select block from journal_entries where room = ${room} and seq >= ${from} order by seq limit ${limit}`.execute(
      this.#db,
    );
    return rows.map(({ block }) => new Uint8Array(block.buffer, block.byteOffset, block.length));
  }

  async opIds(room: RoomId): Promise<Map<string, number>> {
    const { rows } = await sql<{
      op_id: string;
      seq: number;
    }>`select op_id, seq from journal_entries where room = ${room}`.execute(this.#db);
    return new Map(rows.map(({ op_id, seq }) => [op_id, seq]));
  }

  async saveSnapshot(room: RoomId, length: number, bytes: Uint8Array): Promise<void> {
    await sql`insert into journal_snapshots (room, length, bytes) values (${room}, ${length}, ${Buffer.from(bytes)})
      on conflict (room, length) do update set bytes = excluded.bytes`.execute(this.#db);
    await sql`delete from journal_snapshots where room = ${room} and length not in
      (select length from journal_snapshots where room = ${room} order by length desc limit ${SNAPSHOTS_KEPT})`.execute(
      this.#db,
    );
  }

  async loadSnapshot(room: RoomId, maxLength: number): Promise<Uint8Array | null> {
    const { rows } = await sql<{ bytes: Buffer }>`
      select bytes from journal_snapshots where room = ${room} and length <= ${maxLength} order by length desc limit 1`.execute(
      this.#db,
    );
    return rows[0] ? new Uint8Array(rows[0].bytes) : null;
  }

  get #db() {
    return this.database.of<JournalTables>();
  }
}

type Executor = Parameters<ReturnType<typeof sql>['execute']>[0];

/**
 * Number of rows written. The fence's row is locked against a new owner until the entries are committed: either they are
 * there when the new owner reads the journal, or the lock comes too late, the row has changed, and nothing is written.
 */
async function insert(
  executor: Executor,
  room: RoomId,
  entries: readonly StoredEntry[],
  fence?: JournalFence,
): Promise<bigint> {
  const seqs = entries.map(({ entry }) => entry.seq);
  const ids = entries.map(({ entry }) => entry.id);
  const blocks = entries.map(({ bytes }) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const rows = sql`unnest(${seqs}::integer[], ${ids}::text[], ${blocks}::bytea[]) as entry`;
  const statement = fence
    ? sql`with owner as (
        select 1 from journal_owner
        where room = ${room} and process = ${fence.process} and epoch = ${fence.epoch} for share)
      insert into journal_entries (room, seq, op_id, block) select ${room}, entry.* from owner, ${rows}`
    : sql`insert into journal_entries (room, seq, op_id, block) select ${room}, entry.* from ${rows}`;
  return (await statement.execute(executor)).numAffectedRows ?? 0n;
}

const isUniqueViolation = (thrown: unknown) => (thrown as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;
