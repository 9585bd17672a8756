import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

export interface CredentialTables {
  credential_key: {
    /** `did:key:…` */
    did: string;
    /** Ed25519 seed, sealed with the hall's master key. */
    sealed: Buffer;
    created_at: Date;
    /** One at most: the key that signs. */
    is_active: boolean;
  };
  credential_list: {
    number: number;
    /** Under which certificates name it; a hall that moves opens a new list. */
    url: string;
    /** The key that signed its certificates, and signs the list: nobody else says what was taken back. */
    did: string;
  };
  credential: {
    /** UUID. */
    id: string;
    project: string;
    person: string;
    title: string;
    recipient: string;
    /** What it was issued for (a run): issued once for each. */
    occasion: string | null;
    /** The signed JSON, byte for byte. */
    document: string;
    skills: unknown;
    evidence: string | null;
    valid_from: Date;
    valid_until: Date | null;
    list: number;
    list_index: number;
    issued_by: string | null;
    issued_at: Date;
    revoked_at: Date | null;
    revoked_by: string | null;
    reason: string | null;
    note: string | null;
  };
}

export const credentialMigrations: Migration[] = [
  {
    id: '2026-11-21-credentials',
    async up(db) {
      await sql`create table credential_key (
        did text primary key,
        sealed bytea not null,
        created_at timestamptz not null,
        is_active boolean not null
      )`.execute(db);
      await sql`create unique index credential_key_active on credential_key (is_active) where is_active`.execute(db);
      await sql`create table credential_list (
        number integer primary key,
        url text not null unique
      )`.execute(db);
      await sql`create table credential (
        id text primary key,
        project text not null,
        person text not null,
        title text not null,
        recipient text not null,
        occasion text unique,
        document text not null,
        skills jsonb not null,
        evidence text,
        valid_from timestamptz not null,
        valid_until timestamptz,
        list integer not null references credential_list,
        list_index integer not null,
        issued_by text,
        issued_at timestamptz not null,
        revoked_at timestamptz,
        revoked_by text,
        reason text,
        note text,
        unique (list, list_index)
      )`.execute(db);
      await sql`create index credential_person on credential (person, valid_from desc)`.execute(db);
      await sql`create index credential_project on credential (project, person)`.execute(db);
      await sql`create index credential_revoked on credential (list) where revoked_at is not null`.execute(db);
    },
  },
  {
    // Until then there was one key, and every list was its.
    id: '2026-11-21-credentials-keys',
    async up(db) {
      await sql`alter table credential_list add column did text references credential_key`.execute(db);
      await sql`update credential_list set did = (select did from credential_key where is_active)`.execute(db);
      await sql`alter table credential_list alter column did set not null`.execute(db);
    },
  },
];
