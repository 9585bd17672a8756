import { sql } from 'kysely';
import type { RoomId } from '#protocol/ids';
import type { Database } from '../../platform/database/index.ts';
import { isAlive, type HallProcess } from '../../platform/fleet/index.ts';
import type { JournalFence } from './journal.store.ts';
import { notOwner } from './journal-problems.ts';

const isOwnerAlive = sql`exists (select 1 from hall_process where id = journal_owner.process and ${isAlive})`;

/**
 * Which process may write which journal. One row a room: its owner and an epoch that grows with each new owner. Owned is
 * what a living process has; what a dead one had, or nobody has, belongs to who takes it first
 * (docs/decisions/0012-several-processes-one-hall.md).
 */
export class JournalOwners {
  constructor(
    private readonly database: Database,
    private readonly self: HallProcess,
  ) {}

  /** Throws `journal/not_owner` while a living process has it. Resolves after its last write has landed. */
  async take(room: RoomId): Promise<JournalFence> {
    const { rows } = await sql<{ epoch: string }>`
      insert into journal_owner (room, process, epoch) values (${room}, ${this.self.id}, 1)
      on conflict (room) do update set process = excluded.process, epoch = journal_owner.epoch + 1
      where journal_owner.process is null or journal_owner.process = excluded.process or not ${isOwnerAlive}
      returning epoch`.execute(this.#db);
    if (!rows[0]) throw notOwner(room);
    return { process: this.self.id, epoch: Number(rows[0].epoch) };
  }

  /** Nobody's from now on; nothing when it is another's already. */
  async release(room: RoomId, { process, epoch }: JournalFence): Promise<void> {
    await sql`update journal_owner set process = null
      where room = ${room} and process = ${process} and epoch = ${epoch}`.execute(this.#db);
  }

  /** The living process that has it; null: nobody. */
  async ownerOf(room: RoomId): Promise<HallProcess | null> {
    const { rows } = await sql<HallProcess>`select hall_process.id, hall_process.name
      from journal_owner join hall_process on hall_process.id = journal_owner.process
      where room = ${room} and ${isOwnerAlive}`.execute(this.#db);
    return rows[0] ?? null;
  }

  /** Epochs of the rooms this process has. */
  async mine(): Promise<Map<RoomId, number>> {
    const { rows } = await sql<{
      room: RoomId;
      epoch: string;
    }>`select room, epoch from journal_owner where process = ${this.self.id}`.execute(this.#db);
    return new Map(rows.map(({ room, epoch }) => [room, Number(epoch)]));
  }

  get #db() {
    return this.database.of();
  }
}
