import { Controller, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { MediaStored } from '#protocol/api/procedures';
import { ProjectId } from '#protocol/ids';
import { Projects, RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { MAX_MEDIA_BYTES, ProcedureMedia } from './media.service.ts';
import { problems } from './problems.ts';

const OfProject = z.object({ id: ProjectId });
const OfKind = z.object({ kind: z.enum(['audio', 'video']) });

/** Bringing in what a step lets people hear and see. Pictures come by `POST /api/pictures`, which also knows briefs. */
@Controller('api')
export class MediaController {
  constructor(
    private readonly media: ProcedureMedia,
    private readonly projects: Projects,
    private readonly access: RoomAccess,
  ) {}

  @Post('projects/:id/procedures/media')
  @Endpoint({
    summary: 'A sound or video for a procedure; the body is the file. Read again at /api/assets/{cid}',
    access: 'session',
    params: OfProject,
    query: OfKind,
    consumes: ['application/octet-stream'],
    response: MediaStored,
  })
  async store(
    @Param() { id }: z.infer<typeof OfProject>,
    @Query() { kind }: z.infer<typeof OfKind>,
    @Req() request: Request,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require((await this.projects.get(id)).room, person, 'procedure.edit');
    if (Number(request.headers['content-length'] ?? 0) > MAX_MEDIA_BYTES) throw problems.mediaTooLarge(MAX_MEDIA_BYTES);
    return this.media.store(kind, request);
  }
}
