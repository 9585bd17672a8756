import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import {
  AssignmentNew,
  CourseList,
  CoursesAssigned,
  CourseNew,
  CourseSave,
  CourseView,
  GroupList,
  GroupNew,
  GroupView,
  Standings,
} from '#protocol/api/courses';
import { ProjectId } from '#protocol/ids';
import { may, type Action, type Role } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Courses } from './courses.service.ts';
import type { CourseRow } from './course.store.ts';

const OfProject = z.object({ id: ProjectId });
const OfCourse = z.object({ id: z.string().max(64) });

/** Courses, and who has to do them. */
@Controller('api')
export class CoursesController {
  constructor(
    private readonly courses: Courses,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
  ) {}

  @Get('courses/assigned')
  @Endpoint({ summary: 'What is left for me to do, in all projects', access: 'session', response: CoursesAssigned })
  assigned(@CurrentPerson() person: Person) {
    return this.courses.assignedTo(person);
  }

  @Get('projects/:id/courses')
  @Endpoint({
    summary: 'Courses of a project, and where I stand',
    access: 'session',
    params: OfProject,
    response: CourseList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'room.enter');
    const rows = await this.courses.list(id);
    return { courses: await Promise.all(rows.map((row) => this.courses.view(row, person))) };
  }

  @Post('projects/:id/courses')
  @Endpoint({
    summary: 'Start a course',
    access: 'session',
    params: OfProject,
    body: CourseNew,
    response: CourseView,
  })
  async create(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { course }: z.infer<typeof CourseNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.require(id, person, 'course.edit');
    return this.courses.view(await this.courses.create(id, course), person);
  }

  @Put('courses/:id')
  @Endpoint({ summary: 'Change a course', access: 'session', params: OfCourse, body: CourseSave, response: CourseView })
  async save(
    @Param() { id }: z.infer<typeof OfCourse>,
    @Body() { version, course }: z.infer<typeof CourseSave>,
    @CurrentPerson() person: Person,
  ) {
    await this.course(id, person, 'course.edit');
    return this.courses.view(await this.courses.save(id, version, course), person);
  }

  @Delete('courses/:id')
  @HttpCode(204)
  @Endpoint({ summary: 'Let a course go; results of runs stay', access: 'session', params: OfCourse })
  async remove(@Param() { id }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    await this.course(id, person, 'course.edit');
    await this.courses.remove(id);
  }

  @Post('courses/:id/assignments')
  @HttpCode(200)
  @Endpoint({
    summary: 'Assign it to people and groups, with a day until which it has to be done',
    access: 'session',
    params: OfCourse,
    body: AssignmentNew,
    response: Standings,
  })
  async assign(
    @Param() { id }: z.infer<typeof OfCourse>,
    @Body() { people, groups, dueAt }: z.output<typeof AssignmentNew>,
    @CurrentPerson() person: Person,
  ) {
    const { row } = await this.course(id, person, 'course.edit');
    await this.courses.assign(row, { people, groups }, dueAt);
    return this.standings({ id }, person);
  }

  @Get('courses/:id/standings')
  @Endpoint({
    summary: 'Where those stand that it is assigned to: all of them for instructors, else me',
    access: 'session',
    params: OfCourse,
    response: Standings,
  })
  async standings(@Param() { id }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    const { row, role } = await this.course(id, person, 'room.enter');
    const assigned = await this.courses.assigned(row);
    const shown = may(role, 'results.read') ? assigned : assigned.filter((one) => one.person === person.id);
    return { standings: await this.courses.standings(row, shown) };
  }

  @Get('projects/:id/groups')
  @Endpoint({ summary: 'Groups of people', access: 'session', params: OfProject, response: GroupList })
  async groups(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'course.edit');
    return { groups: (await this.courses.groups(id)).map((group) => ({ ...group, members: [...group.members] })) };
  }

  @Post('projects/:id/groups')
  @Endpoint({
    summary: 'Make a group',
    access: 'session',
    params: OfProject,
    body: GroupNew,
    response: GroupView,
  })
  async createGroup(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { name, members }: z.infer<typeof GroupNew>,
    @CurrentPerson() person: Person,
  ) {
    await this.require(id, person, 'course.edit');
    return { id: await this.courses.createGroup(id, name, members), name, members };
  }

  @Put('groups/:id')
  @Endpoint({
    summary: 'Change who is in a group, and its name',
    access: 'session',
    params: OfCourse,
    body: GroupNew,
    response: GroupView,
  })
  async saveGroup(
    @Param() { id }: z.infer<typeof OfCourse>,
    @Body() { name, members }: z.infer<typeof GroupNew>,
    @CurrentPerson() person: Person,
  ) {
    const group = await this.courses.group(id);
    await this.require(group.project, person, 'course.edit');
    await this.courses.saveGroup(group, name, members);
    return { id, name, members };
  }

  @Delete('groups/:id')
  @HttpCode(204)
  @Endpoint({ summary: 'Let a group go, and what was assigned to it', access: 'session', params: OfCourse })
  async removeGroup(@Param() { id }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    const { project } = await this.courses.group(id);
    await this.require(project, person, 'course.edit');
    await this.courses.removeGroup(id);
  }

  private async course(id: string, person: Person, action: Action): Promise<{ row: CourseRow; role: Role }> {
    const row = await this.courses.get(id);
    return { row, role: await this.require(row.project, person, action) };
  }

  private async require(project: string, person: Person, action: Action): Promise<Role> {
    const { room } = await this.projects.get(project);
    return (await this.access.require(room, person, action)).role;
  }
}
