import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import {
  Cmi5CourseId,
  Cmi5CourseLine,
  Cmi5CourseList,
  Cmi5CourseView,
  Cmi5Launched,
  Cmi5LaunchNew,
  Cmi5RegistrationId,
  Cmi5RegistrationList,
  Cmi5RegistrationNew,
  Cmi5RegistrationView,
  Cmi5Waiver,
} from '#protocol/api/cmi5';
import { ProjectId } from '#protocol/ids';
import { decide, type Action } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Config } from '../platform/config/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Cmi5Courses, lineOf, membersOf } from './courses.service.ts';
import { Cmi5Launches } from './launches.service.ts';
import { LIMITS } from './package-reader.ts';
import { problems } from './problems.ts';
import { Cmi5Registrations, type Registration } from './registrations.service.ts';

const OfProject = z.object({ id: ProjectId });
const OfCourse = z.object({ course: Cmi5CourseId });
const OfRegistration = z.object({ registration: Cmi5RegistrationId });
const OfUnit = z.object({ registration: Cmi5RegistrationId, unit: z.coerce.number().int().min(0) });
const OfSession = z.object({ session: z.uuid() });

/** Courses of other makers in a project: instructors bring them in, members take them. */
@Controller('api')
export class Cmi5Controller {
  constructor(
    private readonly courses: Cmi5Courses,
    private readonly registrations: Cmi5Registrations,
    private readonly launches: Cmi5Launches,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
    private readonly config: Config,
  ) {}

  @Post('projects/:id/cmi5')
  @Endpoint({
    summary: 'Bring a cmi5 course in: a zip, or the course structure alone; the body is the file',
    access: 'session',
    params: OfProject,
    consumes: ['application/zip', 'text/xml'],
    response: Cmi5CourseLine,
  })
  async import(@Param() { id }: z.infer<typeof OfProject>, @Req() request: Request, @CurrentPerson() person: Person) {
    await this.require(id, person, 'training.open');
    const contentType = request.headers['content-type'] ?? '';
    return lineOf(await this.courses.import(id, async () => ({ bytes: await bodyOf(request), contentType }), person));
  }

  @Get('projects/:id/cmi5')
  @Endpoint({
    summary: 'Courses of other makers in the project',
    access: 'session',
    params: OfProject,
    response: Cmi5CourseList,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'room.enter');
    return { courses: (await this.courses.list(id)).map(lineOf) };
  }

  @Get('cmi5/courses/:course')
  @Endpoint({
    summary: 'One course: its structure, and how far I am',
    access: 'session',
    params: OfCourse,
    response: Cmi5CourseView,
  })
  async view(@Param() { course }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    const row = await this.course(course, person, 'room.enter');
    const [mine] = await this.registrations.list(row, person.id);
    return {
      course: lineOf(row),
      members: membersOf(row.structure),
      mine: mine ? await this.registrations.view(mine) : null,
    };
  }

  @Delete('cmi5/courses/:course')
  @Endpoint({
    summary: 'Take a course out, with its registrations; what was recorded stays in the LRS',
    access: 'session',
    params: OfCourse,
    response: z.object({}),
  })
  async delete(@Param() { course }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    await this.course(course, person, 'training.open');
    await this.courses.delete(course);
    return {};
  }

  @Get('cmi5/courses/:course/registrations')
  @Endpoint({
    summary: 'Who takes the course and how far they are: everybody for instructors, else mine',
    access: 'session',
    params: OfCourse,
    response: Cmi5RegistrationList,
  })
  async registered(@Param() { course }: z.infer<typeof OfCourse>, @CurrentPerson() person: Person) {
    const row = await this.course(course, person, 'room.enter');
    const all = await this.registrations.list(
      row,
      (await this.may(row.project, person, 'results.read')) ? undefined : person.id,
    );
    return { registrations: await Promise.all(all.map((one) => this.registrations.view(one))) };
  }

  @Post('cmi5/courses/:course/registrations')
  @Endpoint({
    summary: 'Begin the course, or go on with it; instructors also register people of other systems',
    access: 'session',
    params: OfCourse,
    body: Cmi5RegistrationNew,
    response: Cmi5RegistrationView,
  })
  async register(
    @Param() { course }: z.infer<typeof OfCourse>,
    @Body() { account, anew }: z.infer<typeof Cmi5RegistrationNew>,
    @CurrentPerson() person: Person,
  ) {
    const row = await this.course(course, person, account ? 'training.open' : 'room.enter');
    return this.registrations.view(await this.registrations.register(row, account ?? person, anew));
  }

  @Get('cmi5/registrations/:registration')
  @Endpoint({
    summary: 'How far somebody is',
    access: 'session',
    params: OfRegistration,
    response: Cmi5RegistrationView,
  })
  async progress(@Param() { registration }: z.infer<typeof OfRegistration>, @CurrentPerson() person: Person) {
    return this.registrations.view(await this.registration(registration, person, 'results.read'));
  }

  @Post('cmi5/registrations/:registration/units/:unit/launch')
  @HttpCode(200)
  @Endpoint({
    summary: 'Launch a unit: the address to open, which serves once',
    access: 'session',
    params: OfUnit,
    body: Cmi5LaunchNew,
    response: Cmi5Launched,
  })
  async launch(
    @Param() { registration, unit }: z.infer<typeof OfUnit>,
    @Body() { mode, returnPath }: z.infer<typeof Cmi5LaunchNew>,
    @CurrentPerson() person: Person,
    @Req() request: Request,
  ) {
    const row = await this.registration(registration, person, 'training.open');
    const { launchMethod } = this.registrations.unitOf(row, unit);
    const origin = this.config.tree.publicUrl ?? `${request.protocol}://${request.host}`;
    return { ...(await this.launches.launch(row, unit, mode, { origin, returnPath })), launchMethod };
  }

  @Post('cmi5/registrations/:registration/units/:unit/waive')
  @HttpCode(200)
  @Endpoint({
    summary: 'Let a unit count as done, with the reason',
    access: 'session',
    params: OfUnit,
    body: Cmi5Waiver,
    response: Cmi5RegistrationView,
  })
  async waive(
    @Param() { registration, unit }: z.infer<typeof OfUnit>,
    @Body() { reason }: z.infer<typeof Cmi5Waiver>,
    @CurrentPerson() person: Person,
  ) {
    const row = await this.registrations.get(registration);
    await this.require(row.course.project, person, 'training.open');
    await this.registrations.waive(row, unit, reason);
    return this.registrations.view(row);
  }

  @Post('cmi5/sessions/:session/abandon')
  @HttpCode(200)
  @Endpoint({
    summary: 'End a session that will not end by itself',
    access: 'session',
    params: OfSession,
    response: z.object({}),
  })
  async abandon(@Param() { session }: z.infer<typeof OfSession>, @CurrentPerson() person: Person) {
    await this.registration((await this.launches.registrationOf(session)).id, person, 'training.open');
    await this.launches.abandon(session);
    return {};
  }

  /** One's own, or anybody's with the right. */
  private async registration(id: string, person: Person, action: Action): Promise<Registration> {
    const registration = await this.registrations.get(id);
    const isOwn = registration.person === person.id;
    await this.require(registration.course.project, person, 'room.enter');
    if (!isOwn && !(await this.may(registration.course.project, person, action))) throw problems.notYours();
    return registration;
  }

  private async course(id: string, person: Person, action: Action) {
    const row = await this.courses.get(id);
    await this.require(row.project, person, action);
    return row;
  }

  private async require(project: ProjectId, person: Person, action: Action): Promise<void> {
    await this.access.require((await this.projects.get(project)).room, person, action);
  }

  private async may(project: ProjectId, person: Person, action: Action): Promise<boolean> {
    const { role } = await this.access.require((await this.projects.get(project)).room, person, 'room.enter');
    return decide(role, action, { own: false, held: 'nobody', room: 'open' }) === null;
  }
}

async function bodyOf(request: Request): Promise<Buffer> {
  const limit = LIMITS.packageBytes;
  const tooLarge = () => problems.tooLarge(`it has more than ${limit / 2 ** 20} MiB`, limit);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > limit) throw tooLarge();
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}
