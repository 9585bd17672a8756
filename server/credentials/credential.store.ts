import { Injectable } from '@nestjs/common';
import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import type { CertificateSummary } from '#protocol/api/credentials';
import { RevocationReason, Skill } from '#protocol/credentials/index';
import { LIST_BITS, type Revocation } from '#protocol/credentials/status-list';
import { ProjectId } from '#protocol/ids';
import { Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { CredentialTables } from './credentials.migrations.ts';
import { problems } from './problems.ts';
import { wordOf } from './random-word.ts';

const UNIQUE_VIOLATION = '23505';
/** Entries of a list are taken at random, so that their order tells nothing; a fuller list would need many throws. */
const MOST_IN_LIST = LIST_BITS / 4;
const THROWS = 30;

export interface CertificateRow {
  readonly summary: CertificateSummary;
  readonly project: ProjectId;
  readonly person: string;
  /** The signed JSON as text. */
  readonly document: string;
  readonly revocationNote: string | null;
}

export type NewRow = Omit<
  CredentialTables['credential'],
  'document' | 'list' | 'list_index' | 'revoked_at' | 'revoked_by' | 'reason' | 'note'
>;

@Injectable()
export class CredentialStore {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  /**
   * Takes a random free entry of the list at `urlOf(number)` that this key signs, and writes the row with the document made for it. Returns
   * false when the occasion has its certificate already.
   */
  async add(
    row: NewRow,
    did: string,
    urlOf: (list: number) => string,
    make: (list: { url: string; index: number }) => Promise<string>,
  ): Promise<boolean> {
    const list = await this.listFor(did, urlOf);
    for (let attempt = 0; attempt < THROWS; attempt++) {
      const index = wordOf(this.ids.next()) % LIST_BITS;
      const document = await make({ url: list.url, index });
      try {
        await this.db
          .insertInto('credential')
          .values({ ...row, skills: JSON.stringify(row.skills), document, list: list.number, list_index: index })
          .execute();
        return true;
      } catch (thrown) {
        const { code, constraint } = thrown as { code?: string; constraint?: string };
        if (code !== UNIQUE_VIOLATION) throw thrown;
        if (constraint === 'credential_occasion_key') return false;
        if (constraint !== 'credential_list_list_index_key') throw thrown;
      }
    }
    throw problems.listsFull();
  }

  async find(id: string): Promise<CertificateRow | null> {
    const row = await this.db.selectFrom('credential').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toRow(row) : null;
  }

  async ofOccasion(occasion: string): Promise<CertificateRow | null> {
    const row = await this.db.selectFrom('credential').selectAll().where('occasion', '=', occasion).executeTakeFirst();
    return row ? toRow(row) : null;
  }

  /** Newest first. */
  async ofPerson(person: string): Promise<CertificateRow[]> {
    const rows = await this.db
      .selectFrom('credential')
      .selectAll()
      .where('person', '=', person)
      .orderBy('valid_from', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(toRow);
  }

  async ofProject(project: string, person?: string): Promise<CertificateRow[]> {
    let query = this.db.selectFrom('credential').selectAll().where('project', '=', project);
    if (person !== undefined) query = query.where('person', '=', person);
    return (await query.execute()).map(toRow);
  }

  /** False when it was taken back before. */
  async revoke(id: string, by: string, at: Date, reason: RevocationReason, note: string): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('credential')
      .set({ revoked_at: at, revoked_by: by, reason, note })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async list(number: number): Promise<{ url: string; did: string; revocations: Revocation[] } | null> {
    const list = await this.db
      .selectFrom('credential_list')
      .select(['url', 'did'])
      .where('number', '=', number)
      .executeTakeFirst();
    if (!list) return null;
    const rows = await this.db
      .selectFrom('credential')
      .select(['list_index', 'reason', 'revoked_at'])
      .where('list', '=', number)
      .where('revoked_at', 'is not', null)
      .orderBy('list_index')
      .execute();
    const revocations = rows.map(({ list_index, reason, revoked_at }) => ({
      index: list_index,
      reason: RevocationReason.parse(reason),
      at: revoked_at!.getTime(),
    }));
    return { ...list, revocations };
  }

  /** The newest list, when it bears today's address and key and has room; else a new one. */
  private async listFor(did: string, urlOf: (list: number) => string): Promise<{ number: number; url: string }> {
    return this.database.transaction<{ number: number; url: string }, CredentialTables>(async (transaction) => {
      await sql`lock table credential_list in share row exclusive mode`.execute(transaction);
      const last = await transaction
        .selectFrom('credential_list')
        .selectAll()
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (last?.did === did && last.url === urlOf(last.number)) {
        const { taken } = await transaction
          .selectFrom('credential')
          .select(({ fn }) => fn.countAll<string>().as('taken'))
          .where('list', '=', last.number)
          .executeTakeFirstOrThrow();
        if (Number(taken) < MOST_IN_LIST) return last;
      }
      const number = (last?.number ?? 0) + 1;
      const next = { number, url: urlOf(number), did };
      await transaction.insertInto('credential_list').values(next).execute();
      return next;
    });
  }

  private get db() {
    return this.database.of<CredentialTables>();
  }
}

function toRow(row: Selectable<CredentialTables['credential']>): CertificateRow {
  return {
    summary: {
      id: row.id,
      title: row.title,
      recipient: row.recipient,
      validFrom: row.valid_from.getTime(),
      validUntil: row.valid_until?.getTime() ?? null,
      skills: z.array(Skill).parse(row.skills),
      evidence: row.evidence,
      revoked: row.revoked_at && { at: row.revoked_at.getTime(), reason: RevocationReason.parse(row.reason) },
    },
    project: ProjectId.parse(row.project),
    person: row.person,
    document: row.document,
    revocationNote: row.note,
  };
}
