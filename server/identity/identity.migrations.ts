import { sql, type ColumnType, type Generated } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

export interface IdentityTables {
  person: {
    id: string;
    name: string;
    /** EIP-55 spelling; unique. */
    wallet_address: string | null;
    created_at: Generated<Date>;
  };
  session: {
    /** sha-256 of the token; the token itself is only with its person. */
    token_hash: Buffer;
    person: string;
    expires_at: Date;
    revoked_at: ColumnType<Date | null, never, Date>;
  };
  wallet_nonce: {
    nonce: string;
    address: string;
    /** Origin of the page that asked, such as `https://hall.example.com`. */
    origin: string;
    chain_id: number;
    expires_at: Date;
  };
  server_key: {
    person: string;
    address: string;
    /** AES-256-GCM: nonce (12) | tag (16) | ciphertext of the 32-byte private key; bound to the person's id. */
    sealed: Buffer;
  };
}

export const identityMigrations: Migration[] = [
  {
    id: '2026-11-21-identity-1',
    async up(db) {
      await sql`
        create table person (
          id text primary key,
          name text not null,
          wallet_address text unique,
          created_at timestamptz not null default now()
        )`.execute(db);
      await sql`
        create table session (
          token_hash bytea primary key,
          person text not null references person (id) on delete cascade,
          expires_at timestamptz not null,
          revoked_at timestamptz
        )`.execute(db);
      await sql`create index session_expiry on session (expires_at)`.execute(db);
      await sql`
        create table wallet_nonce (
          nonce text primary key,
          address text not null,
          origin text not null,
          chain_id integer not null,
          expires_at timestamptz not null
        )`.execute(db);
      await sql`
        create table server_key (
          person text primary key references person (id) on delete cascade,
          address text not null unique,
          sealed bytea not null
        )`.execute(db);
    },
  },
];
