import { sql, type GeneratedAlways } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** Grows only: what was said in a review stays said. */
export interface AuthoringTables {
  procedure_review: {
    id: string;
    /** In the order in which it was said: two words may fall into one millisecond. */
    seq: GeneratedAlways<string>;
    draft: string;
    version: number;
    kind: 'asked' | 'returned';
    words: string;
    by: string;
    at: Date;
    /** Who was asked; none: everybody who may release. */
    asked: string[];
  };
}

export const authoringMigrations: Migration[] = [
  {
    id: '2026-11-21-school-3-reviews',
    async up(db) {
      await sql`
        create table procedure_review (
          id text primary key,
          seq bigint generated always as identity,
          draft text not null references procedure_draft (id) on delete cascade,
          version integer not null,
          kind text not null,
          words text not null,
          by text not null,
          at timestamptz not null
        )`.execute(db);
      await sql`create index procedure_review_draft on procedure_review (draft, seq)`.execute(db);
    },
  },
  {
    id: '2026-11-22-school-4-asked',
    async up(db) {
      await sql`alter table procedure_review add column asked text[] not null default '{}'`.execute(db);
    },
  },
];
