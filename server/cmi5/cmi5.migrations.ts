import { sql, type ColumnType, type Generated } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** Courses of others, who takes them, and what was said of the order of their statements. */
export interface Cmi5Tables {
  cmi5_course: {
    id: string;
    project: string;
    /** In the address of its files: who launches it knows it. */
    key: string;
    /** JSON of `CourseStructure`. */
    structure: string;
    files: number;
    bytes: string;
    made_by: string;
    created_at: Date;
  };
  cmi5_file: { course: string; path: string; cid: string; size: string };
  cmi5_registration: {
    /** UUID, the registration of its statements. */
    id: string;
    course: string;
    /** JSON of the xAPI agent. */
    actor: string;
    /** Null: of another system. */
    person: string | null;
    name: string;
    created_at: Date;
  };
  /** What a registration has reached in a unit, by the statement that said it. */
  cmi5_unit: {
    registration: string;
    unit: number;
    completed_by: string | null;
    passed_by: string | null;
    is_failed: Generated<boolean>;
    score: number | null;
    waived_at: Date | null;
  };
  /** `course`, or `block 3`: said to be satisfied. */
  cmi5_satisfied: { registration: string; what: string; at: Date };
  cmi5_session: {
    /** UUID, the session id of its statements. */
    id: string;
    registration: string;
    unit: number;
    mode: string;
    /** sha-256 of what the fetch address carries. */
    fetch_hash: Buffer;
    /** The key of the LRS that was fetched. */
    xapi_key: string | null;
    launched_at: Date;
    /** JSON of `SessionFacts` but for what the whole registration says. */
    facts: string;
    closed_at: Date | null;
    ended: ColumnType<'terminated' | 'abandoned' | null>;
  };
  /** Our own procedures as units for the LMSs of others. */
  cmi5_package: {
    id: string;
    project: string;
    title: string;
    /** JSON of `PackageUnit[]`. */
    units: string;
    /** sha-256 of the entitlement key, which is in the package alone. */
    secret_hash: Buffer;
    made_by: string;
    created_at: Date;
    expires_at: Date;
    revoked_at: Date | null;
    /** Learners at most. */
    seats: number;
  };
  /** One learner of an LMS is one guest here. */
  cmi5_guest: {
    package: string;
    /** sha-256 of their account. */
    learner: string;
    person: string;
    created_at: Date;
    /** The account itself, for the certificate; null of guests who have not come since it is kept. */
    home_page: string | null;
    account: string | null;
  };
  /** The room of one learner in one unit and registration. */
  cmi5_place: { room: string; package: string; unit: number; learner: string; registration: string };
}

export const cmi5Migrations: Migration[] = [
  {
    id: '2026-11-21-school-6-cmi5',
    async up(db) {
      await sql`create table cmi5_course (
        id text primary key,
        project text not null references project (id) on delete cascade,
        key text not null unique,
        structure text not null,
        files integer not null,
        bytes bigint not null,
        made_by text not null,
        created_at timestamptz not null
      )`.execute(db);
      await sql`create index cmi5_course_project on cmi5_course (project)`.execute(db);
      await sql`create table cmi5_file (
        course text not null references cmi5_course (id) on delete cascade,
        path text not null,
        cid text not null,
        size bigint not null,
        primary key (course, path)
      )`.execute(db);
      await sql`create table cmi5_registration (
        id text primary key,
        course text not null references cmi5_course (id) on delete cascade,
        actor text not null,
        person text,
        name text not null,
        created_at timestamptz not null
      )`.execute(db);
      await sql`create index cmi5_registration_course on cmi5_registration (course, created_at desc)`.execute(db);
      await sql`create table cmi5_unit (
        registration text not null references cmi5_registration (id) on delete cascade,
        unit integer not null,
        completed_by text,
        passed_by text,
        is_failed boolean not null default false,
        score double precision,
        waived_at timestamptz,
        primary key (registration, unit)
      )`.execute(db);
      await sql`create table cmi5_satisfied (
        registration text not null references cmi5_registration (id) on delete cascade,
        what text not null,
        at timestamptz not null,
        primary key (registration, what)
      )`.execute(db);
      await sql`create table cmi5_session (
        id text primary key,
        registration text not null references cmi5_registration (id) on delete cascade,
        unit integer not null,
        mode text not null,
        fetch_hash bytea not null unique,
        xapi_key text unique,
        launched_at timestamptz not null,
        facts text not null,
        closed_at timestamptz,
        ended text
      )`.execute(db);
      await sql`create index cmi5_session_registration on cmi5_session (registration)`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-7-cmi5-packages',
    async up(db) {
      await sql`create table cmi5_package (
        id text primary key,
        project text not null references project (id) on delete cascade,
        title text not null,
        units text not null,
        secret_hash bytea not null,
        made_by text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        seats integer not null
      )`.execute(db);
      await sql`create table cmi5_guest (
        package text not null references cmi5_package (id) on delete cascade,
        learner text not null,
        person text not null unique,
        created_at timestamptz not null,
        primary key (package, learner)
      )`.execute(db);
      await sql`create table cmi5_place (
        room text primary key,
        package text not null references cmi5_package (id) on delete cascade,
        unit integer not null,
        learner text not null,
        registration text not null,
        unique (package, unit, learner, registration)
      )`.execute(db);
    },
  },
  {
    id: '2026-11-21-school-8-cmi5-accounts',
    async up(db) {
      await sql`alter table cmi5_guest add column home_page text, add column account text`.execute(db);
    },
  },
];
