import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ReviewEntry, ReviewList, ReviewRequest, ReviewsWanted } from '#protocol/api/authoring';
import { ProjectId } from '#protocol/ids';
import type { Action } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Procedures } from '../procedures/index.ts';
import { Reviews } from './reviews.service.ts';

const OfProcedure = z.object({ id: z.string().max(64) });
const OfProject = z.object({ id: ProjectId });

/** Asking for a look at a draft, and sending it back. The other answer is a release. */
@Controller('api')
export class ReviewsController {
  constructor(
    private readonly reviews: Reviews,
    private readonly procedures: Procedures,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
  ) {}

  @Get('reviews/wanted')
  @Endpoint({
    summary: 'Procedures that wait for my review, in all projects',
    access: 'session',
    response: ReviewsWanted,
  })
  wanted(@CurrentPerson() person: Person) {
    return this.reviews.wantedOf(person);
  }

  @Get('projects/:id/reviews')
  @Endpoint({
    summary: 'What was said about the drafts of a project',
    access: 'session',
    params: OfProject,
    response: ReviewList,
  })
  async ofProject(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.require(id, person, 'room.enter');
    const drafts = await this.procedures.list(id);
    return { reviews: await this.reviews.of(drafts.map((draft) => draft.id)) };
  }

  @Get('procedures/:id/reviews')
  @Endpoint({
    summary: 'What was said about one draft, newest first',
    access: 'session',
    params: OfProcedure,
    response: ReviewList,
  })
  async ofProcedure(@Param() { id }: z.infer<typeof OfProcedure>, @CurrentPerson() person: Person) {
    await this.require((await this.procedures.get(id)).project, person, 'room.enter');
    return { reviews: await this.reviews.of([id]) };
  }

  @Post('procedures/:id/reviews')
  @HttpCode(201)
  @Endpoint({
    summary: 'Ask for a review of one version of the draft, or send it back with the reason',
    access: 'session',
    params: OfProcedure,
    body: ReviewRequest,
    response: ReviewEntry,
  })
  async add(
    @Param() { id }: z.infer<typeof OfProcedure>,
    @Body() request: z.output<typeof ReviewRequest>,
    @CurrentPerson() person: Person,
  ) {
    const { project } = await this.procedures.get(id);
    await this.require(project, person, request.kind === 'asked' ? 'procedure.edit' : 'procedure.review');
    return this.reviews.add(id, request, person);
  }

  private async require(project: string, person: Person, action: Action): Promise<void> {
    const { room } = await this.projects.get(project);
    await this.access.require(room, person, action);
  }
}
