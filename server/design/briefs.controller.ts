import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import {
  AcceptancePreview,
  BriefNew,
  BriefOpened,
  BriefView,
  RatingNew,
  SubmissionAccepted,
  SubmissionHandIn,
  SubmissionNew,
  SubmissionStarted,
} from '#protocol/api/projects';
import { ProjectId, RoomId, SubmissionId } from '#protocol/ids';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Acceptance } from './acceptance.service.ts';
import { Briefs } from './briefs.service.ts';

const OfProject = z.object({ id: ProjectId });
const OfBrief = z.object({ id: RoomId });
const OfSubmission = z.object({ id: RoomId, submission: SubmissionId });

@Controller('api')
export class BriefsController {
  constructor(
    private readonly briefs: Briefs,
    private readonly acceptance: Acceptance,
  ) {}

  @Post('projects/:id/briefs')
  @Endpoint({
    summary: 'Open the project to the crowd: a fork of its design as it is now, with a goal and a deadline',
    access: 'session',
    params: OfProject,
    body: BriefNew,
    response: BriefOpened,
  })
  async open(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() brief: z.infer<typeof BriefNew>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof BriefOpened>> {
    const room = await this.briefs.open(id, person, brief);
    return { id: room, path: `/briefs/${room}` };
  }

  @Get('briefs/:id')
  @Endpoint({
    summary: 'A brief with its submissions and ratings',
    access: 'session',
    params: OfBrief,
    response: BriefView,
  })
  view(@Param() { id }: z.infer<typeof OfBrief>, @CurrentPerson() person: Person): Promise<BriefView> {
    return this.briefs.view(id, person);
  }

  @Post('briefs/:id/submissions')
  @Endpoint({
    summary: 'Start a submission: a room of my own with the reference design',
    access: 'session',
    params: OfBrief,
    body: SubmissionNew,
    response: SubmissionStarted,
  })
  async start(
    @Param() { id }: z.infer<typeof OfBrief>,
    @Body() { title }: z.infer<typeof SubmissionNew>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof SubmissionStarted>> {
    const { submission, room } = await this.briefs.start(id, person, title);
    return { id: submission, room };
  }

  @Post('briefs/:id/submissions/:submission/hand-in')
  @HttpCode(200)
  @Endpoint({
    summary: 'Hand in what I have built so far; again for the next iteration',
    access: 'session',
    params: OfSubmission,
    body: SubmissionHandIn,
    response: BriefView,
  })
  async handIn(
    @Param() { id, submission }: z.infer<typeof OfSubmission>,
    @Body() body: z.infer<typeof SubmissionHandIn>,
    @CurrentPerson() person: Person,
  ): Promise<BriefView> {
    await this.briefs.handIn(id, submission, person, body);
    return this.briefs.view(id, person);
  }

  @Post('briefs/:id/submissions/:submission/ratings')
  @HttpCode(200)
  @Endpoint({
    summary: 'Rate a submission on the brief’s criteria; rating again replaces',
    access: 'session',
    params: OfSubmission,
    body: RatingNew,
    response: BriefView,
  })
  async rate(
    @Param() { id, submission }: z.infer<typeof OfSubmission>,
    @Body() body: z.infer<typeof RatingNew>,
    @CurrentPerson() person: Person,
  ): Promise<BriefView> {
    await this.briefs.rate(id, submission, person, body);
    return this.briefs.view(id, person);
  }

  @Post('briefs/:id/submissions/:submission/withdraw')
  @HttpCode(200)
  @Endpoint({ summary: 'Take a submission back', access: 'session', params: OfSubmission, response: BriefView })
  async withdraw(
    @Param() { id, submission }: z.infer<typeof OfSubmission>,
    @CurrentPerson() person: Person,
  ): Promise<BriefView> {
    await this.briefs.withdraw(id, submission, person);
    return this.briefs.view(id, person);
  }

  @Get('briefs/:id/submissions/:submission/acceptance/preview')
  @Endpoint({
    summary: 'What would come over into the project if the submission were accepted now; writes nothing',
    access: 'session',
    params: OfSubmission,
    response: AcceptancePreview,
  })
  preview(
    @Param() { id, submission }: z.infer<typeof OfSubmission>,
    @CurrentPerson() person: Person,
  ): Promise<AcceptancePreview> {
    return this.acceptance.preview(id, submission, person);
  }

  @Post('briefs/:id/submissions/:submission/accept')
  @HttpCode(200)
  @Endpoint({
    summary: 'Take a submission into the project, with its authors',
    access: 'session',
    params: OfSubmission,
    response: SubmissionAccepted,
  })
  accept(
    @Param() { id, submission }: z.infer<typeof OfSubmission>,
    @CurrentPerson() person: Person,
  ): Promise<z.infer<typeof SubmissionAccepted>> {
    return this.acceptance.accept(id, submission, person);
  }
}
