import { Injectable } from '@nestjs/common';
import { ProjectId, UserId } from '#protocol/ids';
import { Course } from '#protocol/training/index';
import { Database } from '../platform/database/index.ts';
import type { TrainingTables } from './training.migrations.ts';

export interface CourseRow {
  readonly id: string;
  readonly project: ProjectId;
  readonly version: number;
  readonly course: Course;
}
export interface GroupRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly members: readonly UserId[];
}
/** Somebody who has to do a course, and until when. */
export interface Due {
  readonly person: string;
  readonly dueAtMs: number | null;
}
export interface Subjects {
  readonly people: readonly string[];
  readonly groups: readonly string[];
}

/** Courses, groups of people, and who was given which course. */
@Injectable()
export class CourseStore {
  constructor(private readonly database: Database) {}

  async add({ id, project, version, course }: CourseRow): Promise<void> {
    await this.db
      .insertInto('course')
      .values({ id, project, document: JSON.stringify(course), version })
      .execute();
  }

  /** False when another version is stored. */
  async replace(id: string, version: number, course: Course): Promise<boolean> {
    const saved = await this.db
      .updateTable('course')
      .set({ document: JSON.stringify(course), version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    return saved.numUpdatedRows > 0n;
  }

  async find(id: string): Promise<CourseRow | null> {
    const row = await this.db.selectFrom('course').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? courseRow(row) : null;
  }

  async list(project: string): Promise<CourseRow[]> {
    const rows = await this.db.selectFrom('course').selectAll().where('project', '=', project).orderBy('id').execute();
    return rows.map(courseRow);
  }

  /** With its assignments; results of runs stay. */
  async remove(id: string): Promise<void> {
    await this.db.deleteFrom('course').where('id', '=', id).execute();
  }

  /** Assigning again changes the day alone. */
  async assign(course: string, { people, groups }: Subjects, dueAt: Date | null, assignedAt: Date): Promise<void> {
    const subjects = [
      ...people.map((subject) => ({ subject, is_group: false })),
      ...groups.map((subject) => ({ subject, is_group: true })),
    ];
    for (const one of subjects)
      await this.db
        .insertInto('course_assignment')
        .values({ course, ...one, assigned_at: assignedAt, due_at: dueAt })
        .onConflict((conflict) => conflict.columns(['course', 'subject']).doUpdateSet({ due_at: dueAt }))
        .execute();
  }

  /** Courses of all projects that somebody has, by name or in a group. */
  async assignedTo(person: string): Promise<CourseRow[]> {
    const rows = await this.db
      .selectFrom('course')
      .selectAll()
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('course_assignment as given')
            .leftJoin('person_group as group', 'group.id', 'given.subject')
            .select('given.course')
            .whereRef('given.course', '=', 'course.id')
            .where((where) =>
              where.or([
                where.and([where('given.is_group', '=', false), where('given.subject', '=', person)]),
                where.and([
                  where('given.is_group', '=', true),
                  where(where.val(person), '=', where.fn.any('group.members')),
                ]),
              ]),
            ),
        ),
      )
      .orderBy('id')
      .execute();
    return rows.map(courseRow);
  }

  /** Everybody the course is assigned to, each with the earliest day. */
  async assigned({ id, project }: CourseRow): Promise<Due[]> {
    const rows = await this.db.selectFrom('course_assignment').selectAll().where('course', '=', id).execute();
    const groups = new Map((await this.groups(project)).map((group) => [group.id, group.members]));
    const due = new Map<string, number | null>();
    for (const { subject, is_group, due_at } of rows)
      for (const person of is_group ? (groups.get(subject) ?? []) : [subject]) {
        const [before, next] = [due.get(person), due_at?.getTime() ?? null];
        due.set(person, before && next ? Math.min(before, next) : (before ?? next));
      }
    return [...due].map(([person, dueAtMs]) => ({ person, dueAtMs }));
  }

  async addGroup({ id, project, name, members }: GroupRow): Promise<void> {
    await this.db
      .insertInto('person_group')
      .values({ id, project, name, members: [...members] })
      .execute();
  }

  async saveGroup({ id, name, members }: Omit<GroupRow, 'project'>): Promise<void> {
    await this.db
      .updateTable('person_group')
      .set({ name, members: [...members] })
      .where('id', '=', id)
      .execute();
  }

  async findGroup(id: string): Promise<GroupRow | null> {
    const row = await this.db.selectFrom('person_group').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? groupRow(row) : null;
  }

  async groups(project: string): Promise<GroupRow[]> {
    const rows = await this.db
      .selectFrom('person_group')
      .selectAll()
      .where('project', '=', project)
      .orderBy('name')
      .execute();
    return rows.map(groupRow);
  }

  /** What was assigned to the group is not assigned to its people any more; what was assigned to them by name stays. */
  async removeGroup(id: string): Promise<void> {
    await this.database.transaction<void, TrainingTables>(async (transaction) => {
      await transaction
        .deleteFrom('course_assignment')
        .where('subject', '=', id)
        .where('is_group', '=', true)
        .execute();
      await transaction.deleteFrom('person_group').where('id', '=', id).execute();
    });
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}

const courseRow = (row: TrainingTables['course']): CourseRow => ({
  id: row.id,
  version: row.version,
  project: ProjectId.parse(row.project),
  course: Course.parse(JSON.parse(row.document)),
});
const groupRow = ({ members, ...row }: TrainingTables['person_group']): GroupRow => ({
  ...row,
  members: members.map((one) => UserId.parse(one)),
});
