import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { ProcedureSummary, TrainingRules } from '#protocol/api/procedures';
import { ProjectId, UserId } from '#protocol/ids';
import { encodeBlock } from '#protocol/journal/index';
import { Procedure, textsOf, withOutdated } from '#protocol/procedures/index';
import { People, type Person } from '../identity/index.ts';
import { MAX_BLOCK_BYTES } from '../assets/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { problems } from './problems.ts';
import type { ProcedureTables } from './procedures.migrations.ts';
import { Releases } from './releases.service.ts';

const MAX_PER_PROJECT = 200;
const DEFAULT_RULES: TrainingRules = { secondPerson: false, recordingDays: 90 };

export interface Draft {
  readonly id: string;
  readonly project: ProjectId;
  readonly procedure: Procedure;
  readonly version: number;
  readonly releasedVersion: number;
  readonly savedBy: string;
  readonly savedAt: Date;
  readonly authors: readonly string[];
}

/** Drafts of a project's procedures. Saving says which version it was made from: nobody overwrites what they have not seen. */
@Injectable()
export class Procedures {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly releases: Releases,
  ) {}

  async create(project: ProjectId, procedure: Procedure, by: Person): Promise<Draft> {
    checkSize(procedure);
    const { count } = await this.db
      .selectFrom('procedure_draft')
      .select((select) => select.fn.countAll<string>().as('count'))
      .where('project', '=', project)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MAX_PER_PROJECT) throw problems.tooMany(MAX_PER_PROJECT);
    const id = this.ids.next();
    await this.db
      .insertInto('procedure_draft')
      .values({
        id,
        project,
        document: JSON.stringify(procedure),
        version: 1,
        saved_by: by.id,
        saved_at: new Date(this.clock.nowMs()),
        authors: [by.id],
        released_version: 0,
      })
      .execute();
    return this.get(id);
  }

  /** Throws `procedures.stale` when somebody else has saved since. */
  async save(id: string, version: number, procedure: Procedure, by: Person): Promise<Draft> {
    checkSize(procedure);
    const saved = await this.db
      .updateTable('procedure_draft')
      .set((set) => ({
        document: JSON.stringify(procedure),
        version: version + 1,
        saved_by: by.id,
        saved_at: new Date(this.clock.nowMs()),
        authors: set.fn<string[]>('array_append', [
          set.fn<string[]>('array_remove', ['authors', set.val(by.id)]),
          set.val(by.id),
        ]),
      }))
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    const draft = await this.get(id);
    if (saved.numUpdatedRows === 0n) throw problems.stale(version, draft.version);
    return draft;
  }

  /** Writes words into the texts of one language; the language is added where it is new. */
  async translate(
    id: string,
    version: number,
    language: string,
    texts: readonly { step: string | null; path: string; words: string }[],
    by: Person,
  ): Promise<Draft> {
    const { procedure: before } = await this.get(id);
    const procedure = structuredClone(before);
    const places = new Map([...textsOf(procedure)].map((one) => [`${one.step ?? ''}/${one.path}`, one.text]));
    for (const { step, path, words } of texts) {
      const text = places.get(`${step ?? ''}/${path}`);
      if (!text) throw problems.noSuchText(path);
      text[language] = words;
    }
    if (!procedure.languages.includes(language)) procedure.languages.push(language);
    return this.save(id, version, withOutdated(before, Procedure.parse(procedure)), by);
  }

  /** Throws `procedures.no_such_procedure`. */
  async get(id: string): Promise<Draft> {
    const row = await this.db.selectFrom('procedure_draft').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw problems.noSuchProcedure(id);
    return toDraft(row);
  }

  /** Whoever reviewed one version does not release another. */
  expect({ version: now }: Draft, version: number): void {
    if (now !== version) throw problems.stale(version, now);
  }

  /** Newest first. */
  async list(project: string): Promise<Draft[]> {
    const rows = await this.db
      .selectFrom('procedure_draft')
      .selectAll()
      .where('project', '=', project)
      .orderBy('saved_at', 'desc')
      .execute();
    return rows.map(toDraft);
  }

  async summary(draft: Draft): Promise<ProcedureSummary> {
    const { id, project, procedure, version, releasedVersion, savedBy, savedAt } = draft;
    const names = await this.people.namesOf([savedBy]);
    return {
      id,
      project,
      title: procedure.title,
      version,
      savedAt: savedAt.getTime(),
      savedBy: { id: UserId.parse(savedBy), name: names.get(savedBy) ?? savedBy },
      isChanged: version !== releasedVersion,
      releases: await this.releases.viewsOf(id),
    };
  }

  async rules(project: string): Promise<TrainingRules> {
    const row = await this.db.selectFrom('project_rules').selectAll().where('project', '=', project).executeTakeFirst();
    return row ? { secondPerson: row.second_person, recordingDays: row.recording_days } : DEFAULT_RULES;
  }

  async setRules(project: string, { secondPerson, recordingDays }: TrainingRules): Promise<void> {
    const values = { second_person: secondPerson, recording_days: recordingDays };
    await this.db
      .insertInto('project_rules')
      .values({ project, ...values })
      .onConflict((conflict) => conflict.column('project').doUpdateSet(values))
      .execute();
  }

  private get db() {
    return this.database.of<ProcedureTables>();
  }
}

function checkSize(procedure: Procedure): void {
  const { length } = encodeBlock(procedure).bytes;
  if (length > MAX_BLOCK_BYTES) throw problems.tooLarge(length, MAX_BLOCK_BYTES);
}

const toDraft = (row: Selectable<ProcedureTables['procedure_draft']>): Draft => ({
  id: row.id,
  project: ProjectId.parse(row.project),
  procedure: Procedure.parse(JSON.parse(row.document)),
  version: row.version,
  releasedVersion: row.released_version,
  savedBy: row.saved_by,
  savedAt: row.saved_at,
  authors: row.authors,
});
