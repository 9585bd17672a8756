import { sql, type Generated } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** Drafts are here; what was released is on IPFS, and here only how to find it. */
export interface ProcedureTables {
  procedure_draft: {
    id: string;
    project: string;
    /** JSON text of the document, as it was saved. */
    document: string;
    version: number;
    saved_by: string;
    saved_at: Date;
    /** People who changed it since the newest release. */
    authors: string[];
    /** Version that was released last, 0: none. */
    released_version: number;
    created_at: Generated<Date>;
  };
  procedure_release: {
    cid: string;
    draft: string;
    release: number;
    procedure: string;
    released_at: Date;
  };
  project_rules: { project: string; second_person: boolean; recording_days: number };
}

export const procedureMigrations: Migration[] = [
  {
    id: '2026-11-21-school-1-procedures',
    async up(db) {
      await sql`
        create table procedure_draft (
          id text primary key,
          project text not null references project (id) on delete cascade,
          document text not null,
          version integer not null,
          saved_by text not null,
          saved_at timestamptz not null,
          authors text[] not null,
          released_version integer not null default 0,
          created_at timestamptz not null default now()
        )`.execute(db);
      await sql`create index procedure_draft_project on procedure_draft (project)`.execute(db);
      await sql`
        create table procedure_release (
          cid text primary key,
          draft text not null references procedure_draft (id) on delete cascade,
          release integer not null,
          procedure text not null,
          released_at timestamptz not null,
          unique (draft, release)
        )`.execute(db);
      await sql`
        create table project_rules (
          project text primary key references project (id) on delete cascade,
          second_person boolean not null,
          recording_days integer not null
        )`.execute(db);
    },
  },
];
