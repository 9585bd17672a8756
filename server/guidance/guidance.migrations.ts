import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** What no journal holds: plans, stations, and copies of what the jobs' journals say, for lists and questions. */
export interface GuidanceTables {
  /** JSON of the plan as it was saved. */
  job_plan: { project: string; product_type: string; plan: string; saved_at: Date };
  station: {
    id: string;
    project: string;
    name: string;
    /** JSON. */
    tools: string;
    /** JSON: instruments. */
    gauges: string;
    /** Number of the first tag on its sheets. */
    first_tag: number;
    /** SHA-256 of a random password. */
    password_hash: Buffer;
    /** The hall plays its tools. */
    is_simulated: boolean;
  };
  job: {
    room: string;
    project: string;
    station: string;
    order: string;
    product_type: string;
    serial: string;
    status: string;
    /** JSON of `JobSummary`. */
    summary: string;
    opened_at: Date;
    /** Entries of the journal that the summary tells of: an older copy does not go over a newer one. */
    length: number;
    /** CID of the signed record, when the job is over. */
    record: string | null;
  };
  /** Pieces and lots that went into products. */
  job_part: {
    room: string;
    n: number;
    project: string;
    product: string;
    thing: string;
    part: string;
    serial: string | null;
    lot: string | null;
    /** Who put it in, by name, and when, ms since 1970; null: copied before this was kept. */
    fitted_by: string | null;
    fitted_at_ms: string | null;
    /** JSON: what the instruction calls its place. */
    title: string | null;
  };
  /** Results for which no job was at the station. */
  /** When the newest result of a tool came, whether or not a job was there for it. */
  tool_heard: { device: string; heard_at: Date };
  stray_result: { device: string; key: string; station: string; result: string; came_at: Date };
  /** The one process that has the lines to tools and instruments, and JSON of what it tells of them. */
  line_holder: { id: string; process: string; told: string };
}

export const guidanceMigrations: Migration[] = [
  {
    id: '2026-11-21-works-1-jobs',
    async up(db) {
      await sql`
        create table job_plan (
          project text not null references project (id) on delete cascade,
          product_type text not null,
          plan text not null,
          saved_at timestamptz not null,
          primary key (project, product_type)
        )`.execute(db);
      await sql`
        create table station (
          id text primary key,
          project text not null references project (id) on delete cascade,
          name text not null,
          tools text not null,
          password_hash bytea not null,
          unique (project, name)
        )`.execute(db);
      await sql`
        create table job (
          room text primary key,
          project text not null references project (id) on delete cascade,
          station text not null references station (id),
          "order" text not null,
          product_type text not null,
          serial text not null,
          status text not null,
          summary text not null,
          opened_at timestamptz not null,
          record text
        )`.execute(db);
      await sql`create index job_project on job (project, opened_at)`.execute(db);
      await sql`create index job_station on job (station) where status not in ('finished', 'scrapped')`.execute(db);
      await sql`
        create table job_part (
          room text not null references job (room) on delete cascade,
          n integer not null,
          project text not null,
          product text not null,
          thing text not null,
          part text not null,
          serial text,
          lot text,
          primary key (room, n)
        )`.execute(db);
      await sql`create index job_part_product on job_part (project, product)`.execute(db);
      await sql`create index job_part_serial on job_part (project, serial)`.execute(db);
      await sql`create index job_part_lot on job_part (project, lot)`.execute(db);
      await sql`
        create table stray_result (
          device text not null,
          key text not null,
          station text not null references station (id) on delete cascade,
          result text not null,
          came_at timestamptz not null,
          primary key (device, key)
        )`.execute(db);
    },
  },
  {
    id: '2026-11-21-works-2-simulated',
    async up(db) {
      await sql`alter table station add column is_simulated boolean not null default false`.execute(db);
    },
  },
  {
    id: '2026-11-21-works-3-shop',
    async up(db) {
      await sql`alter table station add column gauges text not null default '[]'`.execute(db);
      await sql`alter table job add column length integer not null default 0`.execute(db);
      await sql`create table line_holder (id text primary key, process text not null, told text not null)`.execute(db);
    },
  },
  {
    id: '2026-11-21-works-4-tags',
    async up(db) {
      await sql`alter table station add column first_tag integer not null default 0`.execute(db);
      await sql`
        update station set first_tag = ((ranked.n - 1) * 12) % 576
        from (select id, row_number() over (order by name, id) as n from station) as ranked
        where ranked.id = station.id`.execute(db);
    },
  },
  {
    id: '2026-11-21-works-5-heard',
    async up(db) {
      await sql`create table tool_heard (device text primary key, heard_at timestamptz not null)`.execute(db);
    },
  },
  {
    id: '2026-11-22-works-6-fitted',
    async up(db) {
      await sql`
        alter table job_part
          add column fitted_by text, add column fitted_at_ms bigint, add column title text`.execute(db);
    },
  },
  {
    id: '2026-11-22-works-7-any-case',
    async up(db) {
      await sql`create index job_part_product_any_case on job_part (project, lower(product))`.execute(db);
      await sql`create index job_part_serial_any_case on job_part (project, lower(serial))`.execute(db);
      await sql`create index job_part_lot_any_case on job_part (project, lower(lot))`.execute(db);
    },
  },
];
