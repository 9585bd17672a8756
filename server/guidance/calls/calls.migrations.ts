import { sql } from 'kysely';
import type { Migration } from '../../platform/database/index.ts';

/** What no journal holds: who can be called, whom it rings for now in all rooms, and recordings on their way in. */
export interface CallTables {
  help_expert: {
    project: string;
    person: string;
    /** JSON. */
    languages: string;
    subjects: string;
    rank: number;
    is_on_duty: boolean;
    /** A page of theirs listened last. */
    seen_at: Date | null;
  };
  /** A copy of the rings in the journals, by person. */
  help_ring: {
    room: string;
    call: string;
    person: string;
    project: string;
    state: string;
    rung_at: Date;
    due_at: Date;
    is_seen: boolean;
    /** JSON: what a ringing page shows. */
    about: string;
    /** Since when somebody who accepted is not in the room. */
    absent_since: Date | null;
  };
  /** `key`: opens the file, sealed with the hall's master key; null: from before recordings were encrypted. */
  help_recording: { room: string; recording: string; cid: string; key: Buffer | null };
  help_recording_part: { room: string; recording: string; n: number; bytes: Buffer; came_at: Date };
}

export const callMigrations: Migration[] = [
  {
    id: '2026-11-21-works-2-calls',
    async up(db) {
      await sql`
        create table help_expert (
          project text not null references project (id) on delete cascade,
          person text not null,
          languages text not null,
          subjects text not null,
          rank integer not null,
          is_on_duty boolean not null,
          seen_at timestamptz,
          primary key (project, person)
        )`.execute(db);
      await sql`create index help_expert_person on help_expert (person)`.execute(db);
      await sql`
        create table help_ring (
          room text not null references job (room) on delete cascade,
          call text not null,
          person text not null,
          project text not null,
          state text not null,
          rung_at timestamptz not null,
          due_at timestamptz not null,
          is_seen boolean not null,
          about text not null,
          absent_since timestamptz,
          primary key (room, call, person)
        )`.execute(db);
      await sql`create index help_ring_person on help_ring (person, rung_at)`.execute(db);
      await sql`create index help_ring_open on help_ring (state) where state in ('ringing', 'accepted')`.execute(db);
      await sql`
        create table help_recording (
          room text not null references job (room) on delete cascade,
          recording text not null,
          cid text not null,
          primary key (room, recording)
        )`.execute(db);
      await sql`
        create table help_recording_part (
          room text not null references job (room) on delete cascade,
          recording text not null,
          n integer not null,
          bytes bytea not null,
          came_at timestamptz not null,
          primary key (room, recording, n)
        )`.execute(db);
    },
  },
  {
    id: '2026-11-21-works-6-recording-keys',
    async up(db) {
      await sql`alter table help_recording add column key bytea`.execute(db);
    },
  },
];
