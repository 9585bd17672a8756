import { sql, type Generated } from 'kysely';
import type { Role } from '#protocol/permissions/index';
import type { Migration } from '../platform/database/index.ts';

/** What is here is about people and addresses; everything about the design itself is in the rooms' journals. */
export interface DesignTables {
  project: {
    id: string;
    title: string;
    description: string;
    /** Its design room. */
    room: string;
    picture: string | null;
    picture_at: Date | null;
    is_demo: boolean;
    created_at: Generated<Date>;
  };
  membership: { project: string; person: string; role: Role };
  invitation: {
    /** sha-256 of the token. */
    token_hash: Buffer;
    project: string;
    role: Role;
    created_by: string;
    expires_at: Date;
    revoked_at: Date | null;
    uses: Generated<number>;
  };
  /** Which project, brief and submission a room belongs to. Rows are never changed. */
  room_place: {
    room: string;
    project: string;
    purpose: 'project' | 'brief' | 'submission' | 'training' | 'guidance';
    brief: string | null;
    submission: string | null;
    /** Who opened it: of a submission, its submitter. */
    person: string;
    created_at: Generated<Date>;
  };
  room_ticket: { token_hash: Buffer; room: string; person: string; expires_at: Date };
}

export const designMigrations: Migration[] = [
  {
    id: '2026-11-21-projects-1',
    async up(db) {
      await sql`
        create table project (
          id text primary key,
          title text not null,
          description text not null,
          room text not null unique,
          picture text,
          is_demo boolean not null default false,
          created_at timestamptz not null default now()
        )`.execute(db);
      // Two servers that find the hall empty at the same time still make one demo.
      await sql`create unique index project_demo on project (is_demo) where is_demo`.execute(db);
      await sql`
        create table membership (
          project text not null references project (id) on delete cascade,
          person text not null,
          role text not null check (role in ('owner', 'designer', 'reviewer', 'observer')),
          primary key (project, person)
        )`.execute(db);
      await sql`create index membership_person on membership (person)`.execute(db);
      await sql`
        create table invitation (
          token_hash bytea primary key,
          project text not null references project (id) on delete cascade,
          role text not null,
          created_by text not null,
          expires_at timestamptz not null,
          revoked_at timestamptz,
          uses integer not null default 0
        )`.execute(db);
      await sql`
        create table room_place (
          room text primary key,
          project text not null references project (id) on delete cascade,
          purpose text not null check (purpose in ('project', 'brief', 'submission')),
          brief text references room_place (room),
          submission text unique,
          person text not null,
          created_at timestamptz not null default now()
        )`.execute(db);
      await sql`create index room_place_project on room_place (project, purpose)`.execute(db);
      await sql`create index room_place_brief on room_place (brief)`.execute(db);
      // A ticket lives for a minute: it need not survive a crash, so it costs no flush to disk.
      await sql`
        create unlogged table room_ticket (
          token_hash bytea primary key,
          room text not null,
          person text not null,
          expires_at timestamptz not null
        )`.execute(db);
    },
  },
  {
    id: '2026-11-21-projects-2',
    async up(db) {
      await sql`alter table project add column picture_at timestamptz`.execute(db);
      await sql`update project set picture_at = now() where picture is not null`.execute(db);
    },
  },
  {
    id: '2026-11-21-projects-3-training',
    async up(db) {
      await sql`alter table membership drop constraint membership_role_check`.execute(db);
      await sql`
        alter table membership add constraint membership_role_check
        check (role in ('owner', 'designer', 'instructor', 'reviewer', 'trainee', 'observer'))`.execute(db);
      await sql`alter table room_place drop constraint room_place_purpose_check`.execute(db);
      await sql`
        alter table room_place add constraint room_place_purpose_check
        check (purpose in ('project', 'brief', 'submission', 'training'))`.execute(db);
    },
  },
  {
    id: '2026-11-21-projects-4-guidance',
    async up(db) {
      await sql`alter table room_place drop constraint room_place_purpose_check`.execute(db);
      await sql`
        alter table room_place add constraint room_place_purpose_check
        check (purpose in ('project', 'brief', 'submission', 'training', 'guidance'))`.execute(db);
    },
  },
  {
    id: '2026-11-21-projects-5-shop-floor',
    async up(db) {
      await sql`alter table membership drop constraint membership_role_check`.execute(db);
      await sql`
        alter table membership add constraint membership_role_check
        check (role in
          ('owner', 'designer', 'instructor', 'supervisor', 'reviewer', 'engineer', 'trainee', 'observer'))`.execute(
        db,
      );
    },
  },
];
