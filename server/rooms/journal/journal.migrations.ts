import { sql } from 'kysely';
import type { Migration } from '../../platform/database/index.ts';

export interface JournalTables {
  journals: { room: string; genesis: Uint8Array; created_at: Date };
  journal_entries: { room: string; seq: number; op_id: string; block: Uint8Array };
  journal_snapshots: { room: string; length: number; bytes: Uint8Array };
}

export const journalMigrations: Migration[] = [
  {
    id: '2026-11-21-journal',
    async up(db) {
      await sql`create table journals (
        room text primary key,
        genesis bytea not null,
        created_at timestamptz not null default now()
      )`.execute(db);
      await sql`create table journal_entries (
        room text not null references journals,
        seq integer not null,
        op_id text not null,
        block bytea not null,
        primary key (room, seq),
        unique (room, op_id)
      )`.execute(db);
      await sql`create table journal_snapshots (
        room text not null references journals,
        length integer not null,
        bytes bytea not null,
        primary key (room, length)
      )`.execute(db);
      // Blocks are hashes and small numbers: compressing them costs time and saves nothing.
      await sql`alter table journal_entries alter column block set storage external`.execute(db);
    },
  },
  {
    id: '2026-11-21-journal-owner',
    async up(db) {
      // Empty in a hall of one process. Not a reference to hall_process: an owner that is forgotten there is dead.
      await sql`create table journal_owner (
        room text primary key references journals,
        process text,
        epoch bigint not null
      )`.execute(db);
      await sql`create index journal_owner_process on journal_owner (process)`.execute(db);
    },
  },
];
