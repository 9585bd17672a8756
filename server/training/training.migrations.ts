import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** What the journals do not hold: where runs are, what is still secret, and sheets that were made from them. */
export interface TrainingTables {
  training_run: {
    run: string;
    room: string;
    /** From which the salt of each seal follows; told when the run is over. */
    salt: Buffer;
    /** When all that the run has to say in xAPI was recorded. */
    stated_at: Date | null;
  };
  /** Facts that only instructors know. `slot`: the seal that stands for it, null until the next. */
  training_secret: { id: string; run: string; slot: number | null; at_ms: string; event: string; by: string };
  /** JSON of a machine's state, from which a room that was closed goes on. */
  training_machine: { run: string; saved: string };
  /** Compressed motion of one person over some seconds. */
  training_motion: { room: string; person: string; from_ms: string; to_ms: string; bytes: Buffer; forget_at: Date };
  /** Runs that others may follow. */
  training_expert: { room: string; run: string; person: string; marked_at: Date };
  course: { id: string; project: string; document: string; version: number };
  person_group: { id: string; project: string; name: string; members: string[] };
  course_assignment: {
    course: string;
    /** A person, or a group. */
    subject: string;
    is_group: boolean;
    assigned_at: Date;
    due_at: Date | null;
  };
  training_result: {
    run: string;
    person: string;
    name: string;
    room: string;
    project: string;
    procedure: string;
    mode: string;
    started_at: Date;
    ended_at: Date;
    outcome: string;
    points: number;
    full_points: number;
    is_passed: boolean;
    rubric_version: number;
    head: string;
  };
}

export const trainingMigrations: Migration[] = [
  {
    id: '2026-11-21-school-2-training',
    async up(db) {
      await sql`
        create table training_run (run text primary key, room text not null, salt bytea not null)`.execute(db);
      await sql`
        create table training_secret (
          id text primary key,
          run text not null,
          slot integer,
          at_ms bigint not null,
          event text not null,
          by text not null
        )`.execute(db);
      await sql`create table training_machine (run text primary key, saved text not null)`.execute(db);
      await sql`create index training_secret_run on training_secret (run, slot)`.execute(db);
      await sql`
        create table training_result (
          run text not null,
          person text not null,
          name text not null,
          room text not null,
          project text not null references project (id) on delete cascade,
          procedure text not null,
          mode text not null,
          started_at timestamptz not null,
          ended_at timestamptz not null,
          outcome text not null,
          points integer not null,
          full_points integer not null,
          is_passed boolean not null,
          rubric_version integer not null,
          head text not null,
          primary key (run, person)
        )`.execute(db);
      await sql`create index training_result_person on training_result (person, procedure)`.execute(db);
      await sql`create index training_result_room on training_result (room)`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-3-courses',
    async up(db) {
      await sql`
        create table course (
          id text primary key,
          project text not null references project (id) on delete cascade,
          document text not null,
          version integer not null
        )`.execute(db);
      await sql`create index course_project on course (project)`.execute(db);
      await sql`
        create table person_group (
          id text primary key,
          project text not null references project (id) on delete cascade,
          name text not null,
          members text[] not null
        )`.execute(db);
      await sql`
        create table course_assignment (
          course text not null references course (id) on delete cascade,
          subject text not null,
          is_group boolean not null,
          assigned_at timestamptz not null,
          due_at timestamptz,
          primary key (course, subject)
        )`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-4-motion',
    async up(db) {
      await sql`
        create table training_motion (
          room text not null,
          person text not null,
          from_ms bigint not null,
          to_ms bigint not null,
          bytes bytea not null,
          forget_at timestamptz not null,
          primary key (room, person, from_ms)
        )`.execute(db);
      await sql`create index training_motion_forget on training_motion (forget_at)`.execute(db);
      // Compressed already.
      await sql`alter table training_motion alter column bytes set storage external`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-5-stated',
    async up(db) {
      await sql`alter table training_run add column stated_at timestamptz`.execute(db);
      await sql`create index training_run_unstated on training_run (run) where stated_at is null`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-6-expert',
    async up(db) {
      await sql`
        create table training_expert (
          room text not null,
          run text not null,
          person text not null,
          marked_at timestamptz not null,
          primary key (room, run)
        )`.execute(db);
    },
  },
];
