import { sql } from 'kysely';
import type { Migration } from '../platform/database/index.ts';

export interface OwnershipTables {
  revision: {
    /** CID of the manifest. */
    cid: string;
    project: string;
    room: string;
    title: string;
    picture: string;
    created_at: Date;
    head: string;
    length: number;
    contributor_count: number;
    /** Address that the token goes to. */
    token_owner: string;
    /** What contributors sign, with the chain and contract it is meant for; null until the chain is known. */
    mint_terms: unknown;
    token_id: string | null;
    mint_transaction: string | null;
  };
  /** Who has a share of a revision: the same as in its manifest, to be asked by person. */
  revision_contributor: {
    revision: string;
    person: string;
    /** Lower case. */
    account: string;
  };
  revision_signature: {
    revision: string;
    /** Lower case. */
    account: string;
    signature: string;
    signed_at: Date;
  };
  /** Where the processes of one hall have put their contract, by chain; a hall of one process keeps it in its folder. */
  chain_contract: {
    chain_id: number;
    address: string;
    block: number;
  };
}

export const ownershipMigrations: Migration[] = [
  {
    id: '2026-11-21-ownership',
    async up(db) {
      await sql`create table revision (
        cid text primary key,
        project text not null,
        room text not null,
        title text not null,
        picture text not null,
        created_at timestamptz not null,
        head text not null,
        length integer not null,
        contributor_count integer not null,
        token_owner text not null,
        mint_terms jsonb,
        token_id text,
        mint_transaction text
      )`.execute(db);
      await sql`create index revision_project on revision (project, created_at desc)`.execute(db);
      await sql`create index revision_room on revision (room, length desc)`.execute(db);
      await sql`create table revision_signature (
        revision text not null references revision,
        account text not null,
        signature text not null,
        signed_at timestamptz not null,
        primary key (revision, account)
      )`.execute(db);
    },
  },
  {
    id: '2026-11-21-ownership-contributors',
    async up(db) {
      await sql`create table revision_contributor (
        revision text not null references revision,
        person text not null,
        account text not null,
        primary key (revision, person)
      )`.execute(db);
      await sql`create index revision_contributor_person on revision_contributor (person)`.execute(db);
    },
  },
  {
    id: '2026-11-21-ownership-contract',
    async up(db) {
      await sql`create table chain_contract (
        chain_id integer primary key,
        address text not null,
        block integer not null
      )`.execute(db);
    },
  },
];
