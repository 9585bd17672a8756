import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { WorkhallError } from '#protocol/errors';
import type { Database, Migration } from '../database/index.ts';
import type { HallProcess } from './fleet.ts';

export const BEAT_MS = 1_000;
/** A process that was not heard of for this long is dead: others may take its rooms. By the database's clock. */
const EXPIRY_MS = 3_000;
const FORGET_MS = 60_000;

export interface Neighbour extends HallProcess {
  /** `http://10.0.0.3:2567` */
  readonly url: string;
  /** People in its rooms, and rooms that were just given to it. */
  readonly users: number;
  readonly isDraining: boolean;
  /** Name of its machine. */
  readonly host: string;
}

export const fleetMigrations: Migration[] = [
  {
    id: '2026-11-21-fleet-1',
    async up(db) {
      await sql`create table hall_process (
        id text primary key,
        name text not null unique,
        -- Host and data folder: whoever holds the folder's lock knows that its former holder is dead.
        folder text not null,
        url text,
        is_draining boolean not null default false,
        users integer not null default 0,
        placed integer not null default 0,
        beat_at timestamptz not null default now()
      )`.execute(db);
      await sql`create table hall_setting (name text primary key, fingerprint text not null)`.execute(db);
    },
  },
];

/** Of a row of hall_process. */
export const isAlive = sql`beat_at > now() - ${sql.lit(`${EXPIRY_MS} ms`)}::interval`;

/** Who is in the fleet, in PostgreSQL: the clock that judges who is dead is the one that guards the journals. */
export class ProcessRegistry {
  readonly #folder: string;

  constructor(
    private readonly database: Database,
    readonly self: HallProcess,
    dataDir: string,
  ) {
    this.#folder = `${hostname()}:${dataDir}`;
  }

  /** Throws `fleet.name_taken` when a living process has our name. */
  async join(): Promise<void> {
    for (const endMs = performance.now() + EXPIRY_MS + BEAT_MS; ; await sleep(100)) {
      if (await this.#enter()) return;
      if (performance.now() > endMs) throw nameTaken(this.self.name);
    }
  }

  /** One beat. Comes back by itself when it was forgotten meanwhile. */
  async beat(users: number): Promise<void> {
    const { rows } = await sql`update hall_process set beat_at = now(), users = ${users}, placed = 0
      where id = ${this.self.id} returning id`.execute(this.#db);
    if (rows.length === 0 && !(await this.#enter())) throw nameTaken(this.self.name);
  }

  async announce(url: string): Promise<void> {
    await sql`update hall_process set url = ${url} where id = ${this.self.id}`.execute(this.#db);
  }

  async drain(): Promise<void> {
    await sql`update hall_process set is_draining = true where id = ${this.self.id}`.execute(this.#db);
  }

  async leave(): Promise<void> {
    await sql`delete from hall_process where id = ${this.self.id}`.execute(this.#db);
  }

  async living(): Promise<Neighbour[]> {
    const { rows } = await sql<Neighbour>`select id, name, url, users + placed as users, is_draining as "isDraining",
      split_part(folder, ':', 1) as host from hall_process where ${isAlive} and url is not null order by name`.execute(
      this.#db,
    );
    return rows;
  }

  /** Its port refuses connections: nobody waits until its last beat is old. */
  async declareDead(id: string): Promise<void> {
    await sql`update hall_process set beat_at = '-infinity' where id = ${id}`.execute(this.#db);
  }

  /** The process with the fewest people, which gets a room more; null when all are draining. */
  async place(): Promise<HallProcess | null> {
    return this.database.transaction(async (transaction) => {
      // One after the other: who comes second must see what the first was given.
      await sql`lock table hall_process in share row exclusive mode`.execute(transaction);
      const { rows } = await sql<HallProcess>`update hall_process set placed = placed + 1 where id = (
        select id from hall_process where ${isAlive} and url is not null and not is_draining
        order by users + placed, name limit 1) returning id, name`.execute(transaction);
      return rows[0] ?? null;
    });
  }

  /** Ids of processes that have been dead for a while, each told to one caller. */
  async forgetDead(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`delete from hall_process
      where beat_at < now() - ${sql.lit(`${FORGET_MS} ms`)}::interval returning id`.execute(this.#db);
    return rows.map(({ id }) => id);
  }

  /** Throws `fleet.setting_differs` when another process of this hall has another value. */
  async agree(name: string, fingerprint: string): Promise<void> {
    const { rows } = await sql<{ fingerprint: string }>`insert into hall_setting (name, fingerprint)
      values (${name}, ${fingerprint}) on conflict (name) do update set name = excluded.name
      returning fingerprint`.execute(this.#db);
    if (rows[0]?.fingerprint !== fingerprint)
      throw new WorkhallError('fleet', 'setting_differs', `${name} is not the one that this hall has used so far.`, {
        facts: { setting: name },
        next: `Give every process the same ${name}.`,
        status: 500,
      });
  }

  /** False while a living process has our name. */
  async #enter(): Promise<boolean> {
    const { id, name } = this.self;
    await sql`delete from hall_process where name = ${name} and (not (${isAlive}) or folder = ${this.#folder})`.execute(
      this.#db,
    );
    const { rows } = await sql`insert into hall_process (id, name, folder) values (${id}, ${name}, ${this.#folder})
      on conflict do nothing returning id`.execute(this.#db);
    return rows.length > 0;
  }

  get #db() {
    return this.database.of();
  }
}

const nameTaken = (name: string): WorkhallError =>
  new WorkhallError('fleet', 'name_taken', `Another process of this hall is called ${name}, and it is alive.`, {
    facts: { name },
    next: 'Give each process a PROCESS_NAME of its own, or leave it out.',
    status: 500,
  });
