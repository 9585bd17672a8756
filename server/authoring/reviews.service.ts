import { Injectable } from '@nestjs/common';
import { sql, type Selectable } from 'kysely';
import type { z } from 'zod';
import type { ReviewEntry, ReviewRequest, ReviewsWanted } from '#protocol/api/authoring';
import { WorkhallError } from '#protocol/errors';
import { ProjectId, UserId } from '#protocol/ids';
import { may, type Role } from '#protocol/permissions/index';
import { check, isReleasable, Text } from '#protocol/procedures/index';
import { Memberships, ROLE_IN_DEMO } from '../design/index.ts';
import { People, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Procedures } from '../procedures/index.ts';
import type { AuthoringTables } from './authoring.migrations.ts';

const SHOWN = 200;
const scope = 'procedures';

interface Wanted {
  readonly draft: string;
  readonly by: string;
  readonly at: Date;
  readonly title: unknown;
  readonly project: string;
  /** The project's title. */
  readonly called: string;
  /** Null: no member, which nobody has to be in the demo. */
  readonly role: Role | null;
}

/** What authors and reviewers say to each other about versions of a draft. */
@Injectable()
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly procedures: Procedures,
    private readonly people: People,
    private readonly memberships: Memberships,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Throws `procedures.stale` when the draft was saved since, and when there is nothing that could be asked or answered. */
  async add(procedure: string, request: z.output<typeof ReviewRequest>, by: Person): Promise<ReviewEntry> {
    const draft = await this.procedures.get(procedure);
    this.procedures.expect(draft, request.version);
    const [last] = await this.of([procedure]);
    const isAsked = last?.version === draft.version && last.kind === 'asked';
    await this.expectReviewers(draft.project, request.to);
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
      asked: [...request.to] as string[],
    };
    await this.db.insertInto('procedure_review').values(row).execute();
    return this.toEntry(row, await this.people.namesOf([by.id, ...request.to]));
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
    const names = await this.people.namesOf([...new Set(rows.flatMap(({ by, asked }) => [by, ...asked]))]);
    return rows.map((row) => this.toEntry(row, names));
  }

  /**
   * What somebody is asked to look at: the version that was asked about is the newest and not released, they are named or
   * nobody is, and they may release it; in the demo that is everybody who has not chosen another role there.
   */
  async wantedOf({ id }: Person): Promise<z.input<typeof ReviewsWanted>> {
    const { rows } = await sql<Wanted>`
      select last.draft, last.by, last.at, d.document::json -> 'title' as title, d.project, p.title as called, m.role
      from project p
      left join membership m on m.project = p.id and m.person = ${id}
      join procedure_draft d on d.project = p.id and d.version <> d.released_version
      left join project_rules r on r.project = p.id
      cross join lateral (
        select * from procedure_review where draft = d.id order by seq desc limit 1
      ) last
      where (m.role is not null or p.is_demo) and last.kind = 'asked' and last.version = d.version and last.by <> ${id}
        and (cardinality(last.asked) = 0 or ${id} = any(last.asked))
        and not (coalesce(r.second_person, false) and ${id} = any(d.authors))
      order by last.seq`.execute(this.db);
    const mine = rows.filter(({ role }) => may(role ?? ROLE_IN_DEMO, 'procedure.review'));
    const names = await this.people.namesOf(mine.map(({ by }) => by));
    return {
      reviews: mine.map(({ draft, by, at, title, project, called }) => ({
        procedure: draft,
        title: Text.parse(title),
        project: { id: ProjectId.parse(project), title: called },
        by: { id: UserId.parse(by), name: names.get(by) ?? by },
        at: at.getTime(),
      })),
    };
  }

  /** Who is asked can answer. */
  private async expectReviewers(project: ProjectId, asked: readonly UserId[]): Promise<void> {
    const roles = await Promise.all(asked.map((user) => this.memberships.roleIn(project, user)));
    const cannot = asked.find((_, at) => !may(roles[at] ?? 'observer', 'procedure.review'));
    if (cannot)
      throw new WorkhallError(scope, 'cannot_review', 'Somebody who is asked may not release in this project.', {
        facts: { user: cannot },
        next: 'Ask a reviewer, an instructor, a designer or an owner.',
        status: 422,
      });
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
    { id, draft, version, kind, words, by, at, asked }: Omit<Selectable<AuthoringTables['procedure_review']>, 'seq'>,
    names: ReadonlyMap<string, string>,
  ): ReviewEntry {
    const named = (user: string) => ({ id: UserId.parse(user), name: names.get(user) ?? user });
    return { id, procedure: draft, version, kind, words, by: named(by), to: asked.map(named), at: at.getTime() };
  }

  private get db() {
    return this.database.of<AuthoringTables>();
  }
}
