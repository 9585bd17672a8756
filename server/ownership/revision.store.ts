import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MAX_SIGNATURES, MintTerms } from '#protocol/ownership/mint-terms';
import { Database } from '../platform/database/index.ts';
import type { OwnershipTables } from './ownership.migrations.ts';

/** What this hall remembers of a revision beside its manifest on IPFS. */
export interface RevisionRecord {
  readonly cid: string;
  readonly project: string;
  readonly room: string;
  readonly title: string;
  readonly picture: string;
  readonly createdAt: Date;
  readonly head: string;
  readonly length: number;
  readonly contributorCount: number;
  readonly tokenOwner: string;
  readonly offer: Offer | null;
  readonly tokenId: string | null;
  readonly transaction: string | null;
}

export interface Contributor {
  readonly user: string;
  readonly address: string;
}

/** Revisions named at most to somebody who has not signed. */
const TO_SIGN_SHOWN = 50;

/** Terms that contributors sign, and for which contract: signatures are worth nothing for another. */
export const Offer = z.object({ chainId: z.number().int(), contract: z.string(), terms: MintTerms });
export type Offer = z.infer<typeof Offer>;

export interface Signature {
  /** Lower case. */
  readonly account: string;
  readonly signature: string;
  readonly signedAt: Date;
}

@Injectable()
export class RevisionStore {
  constructor(private readonly database: Database) {}

  async add(record: Omit<RevisionRecord, 'offer' | 'tokenId' | 'transaction'>): Promise<void> {
    const { createdAt, contributorCount, tokenOwner, ...same } = record;
    await this.db
      .insertInto('revision')
      .values({
        ...same,
        created_at: createdAt,
        contributor_count: contributorCount,
        token_owner: tokenOwner,
        mint_terms: null,
        token_id: null,
        mint_transaction: null,
      })
      .onConflict((conflict) => conflict.column('cid').doNothing())
      .execute();
  }

  async find(cid: string): Promise<RevisionRecord | null> {
    const row = await this.db.selectFrom('revision').selectAll().where('cid', '=', cid).executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  /** Newest first. */
  async ofProject(project: string): Promise<RevisionRecord[]> {
    const rows = await this.db
      .selectFrom('revision')
      .selectAll()
      .where('project', '=', project)
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map(toRecord);
  }

  async addContributors(revision: string, contributors: readonly Contributor[]): Promise<void> {
    if (contributors.length === 0) return;
    await this.db
      .insertInto('revision_contributor')
      .values(contributors.map(({ user, address }) => ({ revision, person: user, account: address.toLowerCase() })))
      .onConflict((conflict) => conflict.columns(['revision', 'person']).doNothing())
      .execute();
  }

  /** Not minted, and published before contributors were kept beside the manifest. */
  async withoutContributors(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('revision')
      .select('cid')
      .where('token_id', 'is', null)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('revision_contributor')
              .select('person')
              .whereRef('revision_contributor.revision', '=', 'revision.cid'),
          ),
        ),
      )
      .execute();
    return rows.map(({ cid }) => cid);
  }

  /** What waits for this person's signature, newest first. Where too many share, the contract asks the owner alone. */
  async toSignBy(person: string): Promise<RevisionRecord[]> {
    const rows = await this.db
      .selectFrom('revision')
      .innerJoin('revision_contributor as mine', 'mine.revision', 'revision.cid')
      .selectAll('revision')
      .where('mine.person', '=', person)
      .where('token_id', 'is', null)
      .where(({ or, eb, fn, ref }) =>
        or([eb('contributor_count', '<=', MAX_SIGNATURES), eb(fn('lower', ['token_owner']), '=', ref('mine.account'))]),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('revision_signature')
              .select('account')
              .whereRef('revision_signature.revision', '=', 'revision.cid')
              .whereRef('revision_signature.account', '=', 'mine.account'),
          ),
        ),
      )
      .orderBy('created_at', 'desc')
      .limit(TO_SIGN_SHOWN)
      .execute();
    return rows.map(toRecord);
  }

  /** The newest revision of a room that holds at most `length` entries. */
  async newestOf(room: string, length: number): Promise<RevisionRecord | null> {
    const row = await this.db
      .selectFrom('revision')
      .selectAll()
      .where('room', '=', room)
      .where('length', '<=', length)
      .orderBy('length', 'desc')
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  /**
   * Puts `offer` in the place of `previous`; new terms make the signatures under the old ones void. Two people may look
   * at a new revision at the same moment: the first one's terms stand, and both get them back.
   */
  async setOffer(cid: string, previous: Offer | null, offer: Offer): Promise<Offer> {
    return this.database.transaction<Offer, OwnershipTables>(async (transaction) => {
      const row = await transaction
        .selectFrom('revision')
        .select('mint_terms')
        .where('cid', '=', cid)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const current = row.mint_terms === null ? null : Offer.parse(row.mint_terms);
      if (current && JSON.stringify(current) !== JSON.stringify(previous)) return current;
      await transaction.deleteFrom('revision_signature').where('revision', '=', cid).execute();
      await transaction
        .updateTable('revision')
        .set({ mint_terms: JSON.stringify(offer) })
        .where('cid', '=', cid)
        .execute();
      return offer;
    });
  }

  async setToken(cid: string, tokenId: string, transaction: string | null): Promise<void> {
    await this.db
      .updateTable('revision')
      .set({ token_id: tokenId, mint_transaction: transaction })
      .where('cid', '=', cid)
      .execute();
  }

  async sign(revision: string, account: string, signature: string, signedAt: Date): Promise<void> {
    await this.db
      .insertInto('revision_signature')
      .values({ revision, account: account.toLowerCase(), signature, signed_at: signedAt })
      .onConflict((conflict) =>
        conflict.columns(['revision', 'account']).doUpdateSet({ signature, signed_at: signedAt }),
      )
      .execute();
  }

  async signatures(revision: string): Promise<Signature[]> {
    const rows = await this.db
      .selectFrom('revision_signature')
      .select(['account', 'signature', 'signed_at'])
      .where('revision', '=', revision)
      .execute();
    return rows.map(({ account, signature, signed_at }) => ({ account, signature, signedAt: signed_at }));
  }

  private get db() {
    return this.database.of<OwnershipTables>();
  }
}

function toRecord(row: OwnershipTables['revision']): RevisionRecord {
  return {
    cid: row.cid,
    project: row.project,
    room: row.room,
    title: row.title,
    picture: row.picture,
    createdAt: row.created_at,
    head: row.head,
    length: row.length,
    contributorCount: row.contributor_count,
    tokenOwner: row.token_owner,
    offer: row.mint_terms === null ? null : Offer.parse(row.mint_terms),
    tokenId: row.token_id,
    transaction: row.mint_transaction,
  };
}
