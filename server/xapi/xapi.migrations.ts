import { sql, type ColumnType, type Generated } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

/** Every table is split by compartment: `hall`, or `project/<id>`. Nothing is ever found across two of them. */
export interface XapiTables {
  xapi_key: {
    id: string;
    compartment: string;
    title: string;
    /** sha-256 of the secret. */
    secret_hash: Buffer;
    scopes: string[];
    /** The dialect that an answer speaks when the request names none. */
    version: string;
    /** Whom its statements are signed by instead of the key itself, as JSON. */
    authority: string | null;
    /** Which domain watches what is done with it (`caller-guards.ts`). */
    guard: string | null;
    made_by: string;
    created_at: Date;
    expires_at: Date | null;
    last_used_at: ColumnType<Date | null, never, Date>;
    revoked_at: ColumnType<Date | null, never, Date>;
  };
  xapi_statement: {
    /** The order of storing. */
    seq: Generated<string>;
    compartment: string;
    id: string;
    stored: Date;
    version: string;
    is_voiding: boolean;
    is_voided: boolean;
    /** Length of `statement`, so that an answer can be cut before it is read. */
    bytes: number;
    /** 128 bits of sha-256 of each text of `foundBy`, the compartment mixed in. */
    terms: string[];
    /** JSON as it goes out. */
    statement: string;
  };
  /** Which statement leads to which, over any number of StatementRefs. */
  xapi_reference: { compartment: string; source: string; target: string };
  xapi_attachment: { compartment: string; sha2: string; content_type: string; bytes: Buffer };
  xapi_activity: { key: string; compartment: string; id: string; definition: string };
  xapi_name: { key: string; name: string };
  xapi_document: {
    key: string;
    /** The same for all documents of one list. */
    list: string;
    compartment: string;
    registration: string | null;
    id: string;
    content_type: string;
    etag: string;
    updated_at: Date;
    bytes: Buffer;
  };
  xapi_outbox: {
    seq: Generated<string>;
    id: string;
    statement: string;
    attempts: Generated<number>;
    due_at: Date;
    /** Null: waiting. Otherwise why the other LRS will never take it. */
    refusal: string | null;
    last_error: string | null;
    queued_at: Date;
  };
}

export const xapiMigrations: Migration[] = [
  {
    id: '2026-11-21-xapi-1',
    async up(db) {
      await sql`
        create table xapi_key (
          id text primary key,
          compartment text not null,
          title text not null,
          secret_hash bytea not null,
          scopes text[] not null,
          version text not null,
          authority text,
          made_by text not null,
          created_at timestamptz not null,
          expires_at timestamptz,
          last_used_at timestamptz,
          revoked_at timestamptz
        )`.execute(db);
      await sql`create index xapi_key_of on xapi_key (compartment)`.execute(db);
      await sql`
        create table xapi_statement (
          seq bigint generated always as identity,
          compartment text not null,
          id uuid not null,
          stored timestamptz not null,
          version text not null,
          is_voiding boolean not null,
          is_voided boolean not null,
          bytes integer not null,
          terms uuid[] not null,
          statement text not null,
          primary key (compartment, id)
        )`.execute(db);
      await sql`create unique index xapi_statement_order on xapi_statement (compartment, seq)`.execute(db);
      await sql`create index xapi_statement_stored on xapi_statement (compartment, stored)`.execute(db);
      await sql`create index xapi_statement_terms on xapi_statement using gin (terms)`.execute(db);
      await sql`
        create table xapi_reference (
          compartment text not null, source uuid not null, target uuid not null,
          primary key (compartment, source, target)
        )`.execute(db);
      await sql`create index xapi_reference_target on xapi_reference (compartment, target)`.execute(db);
      await sql`
        create table xapi_attachment (
          compartment text not null, sha2 text not null, content_type text not null, bytes bytea not null,
          primary key (compartment, sha2)
        )`.execute(db);
      // What comes in is packed already, more often than not.
      await sql`alter table xapi_attachment alter column bytes set storage external`.execute(db);
      await sql`
        create table xapi_activity (
          key uuid primary key, compartment text not null, id text not null, definition text not null
        )`.execute(db);
      await sql`create table xapi_name (key uuid not null, name text not null, primary key (key, name))`.execute(db);
      await sql`
        create table xapi_document (
          key uuid primary key,
          list uuid not null,
          compartment text not null,
          registration uuid,
          id text not null,
          content_type text not null,
          etag text not null,
          updated_at timestamptz not null,
          bytes bytea not null
        )`.execute(db);
      await sql`create index xapi_document_list on xapi_document (list, updated_at)`.execute(db);
      await sql`
        create table xapi_outbox (
          seq bigint generated always as identity primary key,
          id uuid not null unique,
          statement text not null,
          attempts integer not null default 0,
          due_at timestamptz not null,
          refusal text,
          last_error text,
          queued_at timestamptz not null
        )`.execute(db);
      await sql`create index xapi_outbox_due on xapi_outbox (due_at) where refusal is null`.execute(db);
    },
  },
  {
    id: '2026-11-21-xapi-5-guarded-keys',
    async up(db) {
      await sql`alter table xapi_key add column guard text`.execute(db);
    },
  },
];
