import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { CoursesAssigned, CourseView, StandingView } from '#protocol/api/courses';
import { UserId, type ProjectId } from '#protocol/ids';
import { checkCourse, type Course } from '#protocol/training/index';
import { Memberships, Projects } from '../design/index.ts';
import { People, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { CourseStore, type CourseRow, type Due, type GroupRow, type Subjects } from './course.store.ts';
import { problems } from './problems.ts';
import { Standings } from './standings.service.ts';

const MAX_PER_PROJECT = 100;

/** Courses of a project, who has to do them until when, and how people see where they stand. */
@Injectable()
export class Courses {
  constructor(
    private readonly store: CourseStore,
    private readonly standing: Standings,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly people: People,
    private readonly memberships: Memberships,
    private readonly projects: Projects,
  ) {}

  async create(project: ProjectId, course: Course): Promise<CourseRow> {
    expectSound(course);
    if ((await this.store.list(project)).length >= MAX_PER_PROJECT) throw problems.tooManyCourses(MAX_PER_PROJECT);
    const row = { id: this.ids.next(), project, version: 1, course };
    await this.store.add(row);
    return row;
  }

  async save(id: string, version: number, course: Course): Promise<CourseRow> {
    expectSound(course);
    const isSaved = await this.store.replace(id, version, course);
    const row = await this.get(id);
    if (!isSaved) throw problems.staleCourse(version, row.version);
    return row;
  }

  async get(id: string): Promise<CourseRow> {
    const row = await this.store.find(id);
    if (!row) throw problems.noSuchCourse(id);
    return row;
  }

  list(project: string): Promise<CourseRow[]> {
    return this.store.list(project);
  }

  remove(id: string): Promise<void> {
    return this.store.remove(id);
  }

  /** Members of the project only. */
  async assign(row: CourseRow, to: Subjects, dueAt: number | null): Promise<void> {
    await this.expectMembers(row.project, to.people);
    const known = new Set((await this.store.groups(row.project)).map(({ id }) => id));
    const unknown = to.groups.find((group) => !known.has(group));
    if (unknown) throw problems.noSuchGroup(unknown);
    await this.store.assign(row.id, to, dueAt === null ? null : new Date(dueAt), new Date(this.clock.nowMs()));
  }

  assigned(row: CourseRow): Promise<Due[]> {
    return this.store.assigned(row);
  }

  async standings(row: CourseRow, due: readonly Due[]): Promise<StandingView[]> {
    const [names, standings] = await Promise.all([
      this.people.namesOf(due.map(({ person }) => person)),
      this.standing.of(row, due),
    ]);
    return due.map(({ person, dueAtMs }, at) => {
      const { nextRefresherMs, modules, ...standing } = standings[at]!;
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

  /** What is left to do for somebody in the projects they are in; without a day comes last. */
  async assignedTo(person: Person): Promise<z.input<typeof CoursesAssigned>> {
    const found = [];
    for (const row of await this.store.assignedTo(person.id)) {
      if ((await this.memberships.roleIn(row.project, person.id)) === null) continue;
      const { standing, course } = await this.view(row, person);
      if (standing.isDone) continue;
      const open = standing.modules.find(({ state }) => state === 'open' || state === 'lapsed')?.module;
      const next = course.modules.find(({ id }) => id === open);
      found.push({
        id: row.id,
        title: course.title,
        project: { id: row.project, title: (await this.projects.get(row.project)).title },
        dueAt: standing.dueAt,
        isOverdue: standing.isOverdue,
        done: standing.modules.filter(({ state }) => state === 'passed').length,
        total: course.modules.length,
        next: next ? { title: next.title, mode: next.mode } : null,
      });
    }
    return { courses: found.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity)) };
  }

  async createGroup(project: string, name: string, members: readonly UserId[]): Promise<string> {
    await this.expectMembers(project, members);
    const id = this.ids.next();
    await this.store.addGroup({ id, project, name, members });
    return id;
  }

  /** Who comes in has what was assigned to the group from now on; who leaves does not have it any more. */
  async saveGroup({ id, project }: GroupRow, name: string, members: readonly UserId[]): Promise<void> {
    await this.expectMembers(project, members);
    await this.store.saveGroup({ id, name, members });
  }

  async group(id: string): Promise<GroupRow> {
    const row = await this.store.findGroup(id);
    if (!row) throw problems.noSuchGroup(id);
    return row;
  }

  groups(project: string): Promise<GroupRow[]> {
    return this.store.groups(project);
  }

  removeGroup(id: string): Promise<void> {
    return this.store.removeGroup(id);
  }

  private async expectMembers(project: string, people: readonly string[]): Promise<void> {
    const members = new Set((await this.memberships.list(project)).map(({ user }) => user as string));
    const stranger = people.find((person) => !members.has(person));
    if (stranger) throw problems.noMember(stranger);
  }
}

function expectSound(course: Course): void {
  const findings = checkCourse(course);
  if (findings.length > 0) throw problems.unsoundCourse(findings.map(({ key, module }) => `${key}: ${module}`));
}
