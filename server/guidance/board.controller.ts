import { Body, Controller, Get, HttpCode, Param, Post, Sse, type MessageEvent } from '@nestjs/common';
import { distinctUntilChanged, exhaustMap, map, timer, type Observable } from 'rxjs';
import { z } from 'zod';
import { InstructionChanges, PlanTake } from '#protocol/api/guidance';
import { ProjectId } from '#protocol/ids';
import type { Action } from '#protocol/permissions/index';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { ChangesOfInstructions } from './changes-of-instructions.service.ts';
import { Jobs } from './jobs.service.ts';

const LOOK_MS = 1_000;
const OfProject = z.object({ id: ProjectId });

/** What a supervisor looks at all day: news of the jobs, and newer instructions. */
@Controller('api/projects/:id')
export class BoardController {
  constructor(
    private readonly jobs: Jobs,
    private readonly changes: ChangesOfInstructions,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
  ) {}

  @Sse('jobs/events')
  @Endpoint({
    summary: 'Server-sent events, one whenever jobs of the project have moved: {"moved": n}',
    access: 'session',
    params: OfProject,
    produces: 'text/event-stream',
  })
  async events(
    @Param() { id }: z.infer<typeof OfProject>,
    @CurrentPerson() person: Person,
  ): Promise<Observable<MessageEvent>> {
    await this.mayIn(id, person, 'room.enter');
    // The copies of the jobs are asked, which every process of the hall writes.
    return timer(0, LOOK_MS).pipe(
      exhaustMap(() => this.jobs.moved(id)),
      distinctUntilChanged(),
      map((moved) => ({ data: { moved } })),
    );
  }

  @Get('instruction-changes')
  @Endpoint({
    summary: 'Releases that are newer than those of plans and running jobs',
    access: 'session',
    params: OfProject,
    response: InstructionChanges,
  })
  async list(@Param() { id }: z.infer<typeof OfProject>, @CurrentPerson() person: Person) {
    await this.mayIn(id, person, 'room.enter');
    return this.changes.list(id);
  }

  @Post('instruction-changes')
  @HttpCode(200)
  @Endpoint({
    summary: 'A plan takes another release; its running jobs follow by its rule',
    access: 'session',
    params: OfProject,
    body: PlanTake,
    response: InstructionChanges,
  })
  async take(
    @Param() { id }: z.infer<typeof OfProject>,
    @Body() { productType, release }: z.infer<typeof PlanTake>,
    @CurrentPerson() person: Person,
  ) {
    await this.mayIn(id, person, 'job.plan');
    await this.changes.take(id, productType, release);
    return this.changes.list(id);
  }

  private async mayIn(project: ProjectId, person: Person, action: Action): Promise<void> {
    await this.access.require((await this.projects.get(project)).room, person, action);
  }
}
