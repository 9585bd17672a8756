import { Injectable } from '@nestjs/common';
import type { CourseView, StandingView } from '#protocol/api/courses';
import { ProjectId, UserId } from '#protocol/ids';
import { checkCourse, Course, standingIn, type Attempt } from '#protocol/training/index';
import { Memberships } from '../design/index.ts';
import { People, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Releases } from '../procedures/index.ts';
import { problems } from './problems.ts';
import { Results } from './results.service.ts';
import type { TrainingTables } from './training.migrations.ts';

const MAX_PER_PROJECT = 100;

export interface CourseRow {
  readonly id: string;
  readonly project: ProjectId;
  readonly version: number;
  readonly course: Course;
}
interface Due {
  readonly person: string;
  readonly dueAtMs: number | null;
}

/** Courses of a project, who has to do them until when, and where each stands: computed from results, never stored. */
@Injectable()
export class Courses {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly memberships: Memberships,
    private readonly results: Results,
    private readonly releases: Releases,
  ) {}

  async create(project: ProjectId, course: Course): Promise<CourseRow> {
    expectSound(course);
    if ((await this.list(project)).length >= MAX_PER_PROJECT) throw problems.tooManyCourses(MAX_PER_PROJECT);
    const id = this.ids.next();
    await this.db
      .insertInto('course')
      .values({ id, project, document: JSON.stringify(course), version: 1 })
      .execute();
    return this.get(id);
  }

  async save(id: string, version: number, course: Course): Promise<CourseRow> {
    expectSound(course);
    const saved = await this.db
      .updateTable('course')
      .set({ document: JSON.stringify(course), version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    const row = await this.get(id);
    if (saved.numUpdatedRows === 0n) throw problems.staleCourse(version, row.version);
    return row;
  }

  async get(id: string): Promise<CourseRow> {
    const row = await this.db.selectFrom('course').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw problems.noSuchCourse(id);
    return { ...row, project: ProjectId.parse(row.project), course: Course.parse(JSON.parse(row.document)) };
  }

  async list(project: string): Promise<CourseRow[]> {
    const rows = await this.db.selectFrom('course').select('id').where('project', '=', project).orderBy('id').execute();
    return Promise.all(rows.map(({ id }) => this.get(id)));
  }

  /** Members of the project only. */
  async assign(row: CourseRow, to: { people: readonly string[]; groups: readonly string[] }, dueAt: number | null) {
    const members = new Set((await this.memberships.list(row.project)).map(({ user }) => user as string));
    const stranger = to.people.find((person) => !members.has(person));
    if (stranger) throw problems.noMember(stranger);
    const known = new Set((await this.groups(row.project)).map(({ id }) => id));
    const unknown = to.groups.find((group) => !known.has(group));
    if (unknown) throw problems.noSuchGroup(unknown);
    const due_at = dueAt === null ? null : new Date(dueAt);
    const assigned_at = new Date(this.clock.nowMs());
    const subjects = [
      ...to.people.map((subject) => ({ subject, is_group: false })),
      ...to.groups.map((subject) => ({ subject, is_group: true })),
    ];
    for (const one of subjects)
      await this.db
        .insertInto('course_assignment')
        .values({ course: row.id, ...one, assigned_at, due_at })
        .onConflict((conflict) => conflict.columns(['course', 'subject']).doUpdateSet({ due_at }))
        .execute();
  }

  /** Everybody the course is assigned to, each with the earliest day. */
  async assigned(row: CourseRow): Promise<Due[]> {
    const rows = await this.db.selectFrom('course_assignment').selectAll().where('course', '=', row.id).execute();
    const groups = new Map((await this.groups(row.project)).map((group) => [group.id, group.members]));
    const due = new Map<string, number | null>();
    for (const { subject, is_group, due_at } of rows)
      for (const person of is_group ? (groups.get(subject) ?? []) : [subject]) {
        const [before, next] = [due.get(person), due_at?.getTime() ?? null];
        due.set(person, before && next ? Math.min(before, next) : (before ?? next));
      }
    return [...due].map(([person, dueAtMs]) => ({ person, dueAtMs }));
  }

  async standings(row: CourseRow, people: readonly Due[]): Promise<StandingView[]> {
    const names = await this.people.namesOf(people.map(({ person }) => person));
    const attempts = await this.attempts(row);
    return people.map(({ person, dueAtMs }) => {
      const { nextRefresherMs, modules, ...standing } = standingIn(row.course, attempts.get(person) ?? [], {
        nowMs: this.clock.nowMs(),
        dueAtMs,
      });
      return {
        user: UserId.parse(person),
        name: names.get(person) ?? person,
        dueAt: dueAtMs,
        nextRefresherAt: nextRefresherMs,
        modules: modules.map((module) => ({ ...module, missing: [...module.missing] })),
        ...standing,
      };
    });
  }

  async view(row: CourseRow, person: Person): Promise<CourseView> {
    const mine = (await this.assigned(row)).find((one) => one.person === person.id);
    const [standing] = await this.standings(row, [mine ?? { person: person.id, dueAtMs: null }]);
    const { id, project, version, course } = row;
    return { id, project, version, course, standing: standing! };
  }

  async createGroup(project: string, name: string, members: readonly string[]): Promise<string> {
    const id = this.ids.next();
    await this.db
      .insertInto('person_group')
      .values({ id, project, name, members: [...members] })
      .execute();
    return id;
  }

  async groups(project: string): Promise<{ id: string; name: string; members: UserId[] }[]> {
    const rows = await this.db.selectFrom('person_group').selectAll().where('project', '=', project).execute();
    return rows.map(({ id, name, members }) => ({ id, name, members: members.map((one) => UserId.parse(one)) }));
  }

  /** Runs that count, by person: of the module's procedure in any release, in its mode or as an exam. */
  private async attempts({ project, course }: CourseRow): Promise<Map<string, Attempt[]>> {
    const results = await this.results.list({ project });
    const lines = await this.releases.linesOf([...new Set(results.map(({ procedure }) => procedure))]);
    const byPerson = new Map<string, Attempt[]>();
    for (const { person, procedure, mode, endedAt, isPassed, points } of results)
      for (const module of course.modules) {
        if (lines.get(procedure) !== module.line || (mode !== module.mode && mode !== 'exam')) continue;
        const attempt = { module: module.id, atMs: endedAt, isPassed, points };
        byPerson.set(person, [...(byPerson.get(person) ?? []), attempt]);
      }
    return byPerson;
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}

function expectSound(course: Course): void {
  const findings = checkCourse(course);
  if (findings.length > 0) throw problems.unsoundCourse(findings.map(({ key, module }) => `${key}: ${module}`));
}
