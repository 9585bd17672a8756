import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { ReviewEntry, ReviewRequest } from '#protocol/api/authoring';
import { WorkhallError } from '#protocol/errors';
import { UserId } from '#protocol/ids';
import { check, isReleasable } from '#protocol/procedures/index';
import { People, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Procedures } from '../procedures/index.ts';
import type { AuthoringTables } from './authoring.migrations.ts';

const SHOWN = 200;
const scope = 'procedures';

/** What authors and reviewers say to each other about versions of a draft. */
@Injectable()
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly procedures: Procedures,
    private readonly people: People,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Throws `procedures.stale` when the draft was saved since, and when there is nothing that could be asked or answered. */
  async add(procedure: string, request: z.output<typeof ReviewRequest>, by: Person): Promise<ReviewEntry> {
    const draft = await this.procedures.get(procedure);
    this.procedures.expect(draft, request.version);
    const [last] = await this.of([procedure]);
    const isAsked = last?.version === draft.version && last.kind === 'asked';
    if (request.kind === 'asked') this.expectAskable(draft.version === draft.releasedVersion, isAsked, draft.procedure);
    else if (!isAsked)
      throw new WorkhallError(scope, 'not_in_review', 'Nobody has asked for a review of this version.', {
        next: 'Look at the newest version, and at what was said about it.',
        status: 409,
      });
    else if (request.words === '')
      throw new WorkhallError(scope, 'no_reason', 'A version is sent back with a reason.', {
        next: 'Write what should be changed.',
        status: 422,
      });
    const row = {
      id: this.ids.next(),
      draft: procedure,
      version: request.version,
      kind: request.kind,
      words: request.words,
      by: by.id,
      at: new Date(this.clock.nowMs()),
    };
    await this.db.insertInto('procedure_review').values(row).execute();
    return this.toEntry(row, new Map([[by.id as string, by.name]]));
  }

  /** Newest first, of these drafts. */
  async of(drafts: readonly string[]): Promise<ReviewEntry[]> {
    if (drafts.length === 0) return [];
    const rows = await this.db
      .selectFrom('procedure_review')
      .selectAll()
      .where('draft', 'in', [...drafts])
      .orderBy('seq', 'desc')
      .limit(SHOWN)
      .execute();
    const names = await this.people.namesOf([...new Set(rows.map(({ by }) => by))]);
    return rows.map((row) => this.toEntry(row, names));
  }

  private expectAskable(isReleased: boolean, isAsked: boolean, procedure: Parameters<typeof check>[0]): void {
    if (isReleased)
      throw new WorkhallError(scope, 'nothing_new', 'Nothing was changed since the newest release.', { status: 409 });
    if (isAsked) throw new WorkhallError(scope, 'already_asked', 'This version is in review already.', { status: 409 });
    const findings = check(procedure);
    if (!isReleasable(findings))
      throw new WorkhallError(scope, 'not_releasable', 'The check finds errors, so the procedure cannot be released.', {
        facts: { errors: [...new Set(findings.filter((one) => one.severity === 'error').map(({ key }) => key))] },
        next: 'Look at the check, and mend what it names.',
        status: 409,
      });
  }

  private toEntry(
    { id, draft, version, kind, words, by, at }: Omit<Selectable<AuthoringTables['procedure_review']>, 'seq'>,
    names: ReadonlyMap<string, string>,
  ): ReviewEntry {
    const author = { id: UserId.parse(by), name: names.get(by) ?? by };
    return { id, procedure: draft, version, kind, words, by: author, at: at.getTime() };
  }

  private get db() {
    return this.database.of<AuthoringTables>();
  }
}
