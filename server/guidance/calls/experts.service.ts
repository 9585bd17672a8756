import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { ExpertPut, ExpertView } from '#protocol/api/help';
import { UserId, type ProjectId } from '#protocol/ids';
import { may } from '#protocol/permissions/index';
import { Memberships } from '../../design/index.ts';
import { People } from '../../identity/index.ts';
import { Clock } from '../../platform/clock/index.ts';
import { Database } from '../../platform/database/index.ts';
import type { CallTables } from './calls.migrations.ts';
import { problems } from './problems.ts';

/** A page that listens says so every 20 s; who was not heard of for so long is not reachable, ms. */
export const SEEN_EVERY_MS = 20_000;
const REACHABLE_MS = 50_000;
const Strings = z.array(z.string());

/** Who can be called from the jobs of which project, and whether they can be reached now. */
@Injectable()
export class Experts {
  constructor(
    private readonly database: Database,
    private readonly memberships: Memberships,
    private readonly people: People,
    private readonly clock: Clock,
  ) {}

  /** In the order in which they are rung. */
  async list(project: ProjectId): Promise<ExpertView[]> {
    const rows = await this.db.selectFrom('help_expert').selectAll().where('project', '=', project).execute();
    const ids = rows.map(({ person }) => UserId.parse(person));
    const names = await this.people.namesOf(ids);
    const busy = await this.busyAmong(ids);
    const nowMs = this.clock.nowMs();
    return rows
      .map(({ person, languages, subjects, rank, is_on_duty: isOnDuty, seen_at: seenAt }) => ({
        person: UserId.parse(person),
        name: names.get(person) ?? '?',
        languages: Strings.parse(JSON.parse(languages)),
        subjects: Strings.parse(JSON.parse(subjects)),
        ...{ rank, isOnDuty },
        isReachable: seenAt !== null && nowMs - seenAt.getTime() < REACHABLE_MS,
        isBusy: busy.has(person),
      }))
      .sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
  }

  /** Throws `help.not_a_member`. */
  async put(project: ProjectId, { person, languages, subjects, rank }: z.infer<typeof ExpertPut>): Promise<void> {
    const role = await this.memberships.roleIn(project, person);
    if (!role || !may(role, 'job.help')) throw problems.notAMember(person);
    const told = { languages: JSON.stringify(languages), subjects: JSON.stringify(subjects), rank };
    await this.db
      .insertInto('help_expert')
      .values({ project, person, ...told, is_on_duty: true, seen_at: null })
      .onConflict((conflict) => conflict.columns(['project', 'person']).doUpdateSet(told))
      .execute();
  }

  async remove(project: ProjectId, person: UserId): Promise<void> {
    await this.db.deleteFrom('help_expert').where('project', '=', project).where('person', '=', person).execute();
  }

  /** Throws `help.not_an_expert`. */
  async setDuty(person: UserId, isOnDuty: boolean): Promise<void> {
    const { numUpdatedRows } = await this.db
      .updateTable('help_expert')
      .set({ is_on_duty: isOnDuty })
      .where('person', '=', person)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw problems.notAnExpert();
  }

  async standingOf(person: UserId): Promise<{ isExpert: boolean; isOnDuty: boolean }> {
    const rows = await this.db.selectFrom('help_expert').select('is_on_duty').where('person', '=', person).execute();
    return { isExpert: rows.length > 0, isOnDuty: rows.some((row) => row.is_on_duty) };
  }

  /** A page of theirs listens. */
  async seen(person: UserId): Promise<void> {
    const seen = { seen_at: new Date(this.clock.nowMs()) };
    await this.db.updateTable('help_expert').set(seen).where('person', '=', person).execute();
  }

  /** Why it does not even ring for somebody; null: it does. Who has no page open is rung all the same: they may open one. */
  async whyNot(project: string, person: UserId, room: string): Promise<'unknown' | 'away' | 'busy' | null> {
    const row = await this.db
      .selectFrom('help_expert')
      .select('is_on_duty')
      .where('project', '=', project)
      .where('person', '=', person)
      .executeTakeFirst();
    if (!row) return 'unknown';
    if (!row.is_on_duty) return 'away';
    return (await this.busyAmong([person], room)).size > 0 ? 'busy' : null;
  }

  private async busyAmong(people: readonly string[], exceptIn?: string): Promise<Set<string>> {
    if (people.length === 0) return new Set();
    let query = this.db
      .selectFrom('help_ring')
      .select('person')
      .where('state', '=', 'accepted')
      .where('person', 'in', [...people]);
    if (exceptIn !== undefined) query = query.where('room', '!=', exceptIn);
    return new Set((await query.execute()).map(({ person }) => person));
  }

  private get db() {
    return this.database.of<CallTables>();
  }
}
