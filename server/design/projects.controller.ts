import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import {
  Invitation,
  InvitationAccepted,
  InvitationNew,
  InvitationTold,
  MyDemoRolePut,
  PictureNew,
  PictureStored,
  Project,
  ProjectList,
  ProjectNew,
  ProjectPatch,
  RolePatch,
} from '#protocol/api/projects';
import { ProjectId, UserId } from '#protocol/ids';
import { Role, type Action } from '#protocol/permissions/index';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Invitations } from './invitations.service.ts';
import { Memberships } from './memberships.service.ts';
import { Pictures } from './pictures.service.ts';
import { ProjectViews } from './project-views.ts';
import { Projects } from './projects.service.ts';
import { RoomAccess } from './room-access.ts';

const OfProject = z.object({ id: ProjectId });
const OfMember = z.object({ id: ProjectId, user: UserId });
const OfInvitation = z.object({ id: ProjectId, invitation: z.string().max(100) });
const WithToken = z.object({ token: z.string().max(100) });
const InvitationList = z.object({
  invitations: z.array(z.object({ id: z.string(), role: Role, expiresAt: z.number(), uses: z.number().int() })),
});

@Controller('api')
export class ProjectsController {
  constructor(
    private readonly projects: Projects,
    private readonly views: ProjectViews,
    private readonly memberships: Memberships,
    private readonly invitations: Invitations,
    private readonly pictures: Pictures,
    private readonly access: RoomAccess,
  ) {}

  @Get('projects')
  @Endpoint({
    summary: 'My projects, the demo, and the briefs that are open to all',
    access: 'session',
    response: ProjectList,
  })
  list(@CurrentPerson() person: Person): Promise<z.infer<typeof ProjectList>> {
    return this.views.list(person);
  }

  @Post('projects')
  @Endpoint({
    summary: 'Start a project with its design room; I own it',
    access: 'session',
    body: ProjectNew,
    response: Project,
  })
  async create(@Body() body: z.infer<typeof ProjectNew>, @CurrentPerson() person: Person): Promise<Project> {
    const { id } = await this.projects.create(person, body);
    return this.views.view(id, person);
  }

  @Get('projects/:id')
  @Endpoint({
    summary: 'One project: members, briefs, revisions',
    access: 'session',
    params: OfProject,
    response: Project,
  })
  async read(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person): Promise<Project> {
    await this.require(id, person, 'room.enter');
    return this.views.view(id, person);
  }

  @Patch('projects/:id')
  @Endpoint({
    summary: 'Change title, description or picture',
    access: 'session',
    params: OfProject,
    body: ProjectPatch,
    response: Project,
  })
  async edit(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() changes: z.infer<typeof ProjectPatch>,
    @CurrentPerson() person: Person,
  ): Promise<Project> {
    await this.require(id, person, 'project.edit');
    if (changes.picture) await this.pictures.expect(changes.picture);
    await this.projects.patch(id, changes);
    return this.views.view(id, person);
  }

  @Post('projects/:id/invitations')
  @Endpoint({
    summary: 'Make a link that gives a role in the project; good for 30 days, shown once',
    access: 'session',
    params: OfProject,
    body: InvitationNew,
    response: Invitation,
  })
  async invite(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { role }: z.infer<typeof InvitationNew>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof Invitation>> {
    await this.require(id, person, 'member.invite');
    return this.invitations.create(id, person, role);
  }

  @Get('projects/:id/invitations')
  @Endpoint({
    summary: 'Invitations that are still good',
    access: 'session',
    params: OfProject,
    response: InvitationList,
  })
  async listInvitations(
    @Param() { id }: z.infer<typeof OfProject>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof InvitationList>> {
    await this.require(id, person, 'member.invite');
    return { invitations: await this.invitations.list(id) };
  }

  @Delete('projects/:id/invitations/:invitation')
  @Endpoint({
    summary: 'Take an invitation back, by its id or its token; who is a member already stays one',
    access: 'session',
    params: OfInvitation,
    response: z.object({}),
  })
  async revoke(
    @Param() { id, invitation }: z.infer<typeof OfInvitation>,
    @CurrentPerson() person: Person,
  ): Promise<object> {
    await this.require(id, person, 'member.invite');
    await this.invitations.revoke(id, invitation);
    return {};
  }

  @Get('invitations/:token')
  @Header('cache-control', 'no-store')
  @Endpoint({
    summary: 'What an invitation offers: project, inviter and role, for whoever holds the link',
    access: 'public',
    params: WithToken,
    response: InvitationTold,
  })
  tell(@Param() { token }: z.infer<typeof WithToken>): Promise<InvitationTold> {
    return this.invitations.tell(token);
  }

  @Post('invitations/:token/accept')
  @HttpCode(200)
  @Endpoint({
    summary: 'Join the project of an invitation',
    access: 'session',
    params: WithToken,
    response: InvitationAccepted,
  })
  accept(
    @Param() { token }: z.infer<typeof WithToken>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof InvitationAccepted>> {
    return this.invitations.accept(token, person);
  }

  @Patch('projects/:id/members/:user')
  @Endpoint({
    summary: 'Give a member another role; one owner at least stays',
    access: 'session',
    params: OfMember,
    body: RolePatch,
    response: Project,
  })
  async setRole(
    @Param() { id, user }: z.infer<typeof OfMember>,
    @Body() { role }: z.infer<typeof RolePatch>,
    @CurrentPerson() person: Person,
  ): Promise<Project> {
    await this.require(id, person, 'member.setRole');
    await this.memberships.setRole(id, user, role);
    return this.views.view(id, person);
  }

  @Put('projects/:id/my-role')
  @Endpoint({
    summary: 'In the demo: try on another role (designer, supervisor, engineer)',
    access: 'session',
    params: OfProject,
    body: MyDemoRolePut,
    response: Project,
  })
  async tryOn(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { role }: z.infer<typeof MyDemoRolePut>,
    @CurrentPerson() person: Person,
  ): Promise<Project> {
    await this.require(id, person, 'room.enter');
    const { isDemo } = await this.projects.get(id);
    await this.memberships.tryOn(id, isDemo, person.id, role);
    return this.views.view(id, person);
  }

  @Delete('projects/:id/members/:user')
  @Endpoint({
    summary: 'Remove a member, or leave the project',
    access: 'session',
    params: OfMember,
    response: z.object({}),
  })
  async remove(@Param() { id, user }: z.infer<typeof OfMember>, @CurrentPerson() person: Person): Promise<object> {
    await this.require(id, person, user === person.id ? 'room.enter' : 'member.setRole');
    await this.memberships.setRole(id, user, null);
    return {};
  }

  @Post('pictures')
  @Endpoint({
    summary: 'Store a PNG or WebP of at most 2 MiB',
    access: 'session',
    body: PictureNew,
    response: PictureStored,
  })
  async storePicture(@Body() { data }: z.infer<typeof PictureNew>): Promise<z.infer<typeof PictureStored>> {
    return { cid: await this.pictures.store(data) };
  }

  /** The role in a project is the role in its design room. */
  private async require(id: ProjectId, person: Person, action: Action): Promise<void> {
    const { room } = await this.projects.get(id);
    await this.access.require(room, person, action);
  }
}
