import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { DocumentList, HelpFile } from '#protocol/api/help';
import { expertsIn, jobOf, openCall } from '#protocol/guidance/index';
import { RoomId } from '#protocol/ids';
import { RoomAccess } from '../../design/index.ts';
import { CurrentPerson, type Person } from '../../identity/index.ts';
import { Endpoint } from '../../platform/http/index.ts';
import { RoomHost } from '../../rooms/index.ts';
import { Evidence } from '../evidence.service.ts';
import { problems } from './problems.ts';
import { ProjectDocuments } from './project-documents.service.ts';

const OfRoom = z.object({ room: RoomId });

/** What can be shown and handed over in a call. That it was is said in the journal, by `help.say`, `help.freeze` and `help.hand`. */
@Controller('api/jobs/:room/help')
export class HelpFilesController {
  constructor(
    private readonly documents: ProjectDocuments,
    private readonly evidence: Evidence,
    private readonly access: RoomAccess,
    private readonly host: RoomHost,
  ) {}

  @Get('documents')
  @Endpoint({
    summary: 'Documents, pictures, videos and sounds of the procedures by which this job’s project works',
    access: 'session',
    params: OfRoom,
    response: DocumentList,
  })
  async list(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'job.help');
    return { documents: await this.documents.of(room) };
  }

  @Post('documents')
  @HttpCode(200)
  @Endpoint({
    summary: 'A PDF that somebody in a call brings along; the body is the file',
    access: 'session',
    params: OfRoom,
    consumes: ['application/octet-stream', 'application/pdf'],
    response: HelpFile,
  })
  async document(@Param() { room }: z.infer<typeof OfRoom>, @Req() request: Request, @CurrentPerson() person: Person) {
    await this.expectInCall(room, person);
    return this.evidence.store('document', request);
  }

  @Post('pictures')
  @HttpCode(200)
  @Endpoint({
    summary: 'A picture that somebody in a call shows; the body is the file',
    access: 'session',
    params: OfRoom,
    consumes: ['application/octet-stream', 'image/jpeg', 'image/png', 'image/webp'],
    response: HelpFile,
  })
  async picture(@Param() { room }: z.infer<typeof OfRoom>, @Req() request: Request, @CurrentPerson() person: Person) {
    await this.expectInCall(room, person);
    return this.evidence.store('picture', request);
  }

  private async expectInCall(room: RoomId, person: Person): Promise<void> {
    await this.access.require(room, person, 'job.help');
    const { document } = await this.host.state(room);
    const isCrew = jobOf(document)?.crew.some(({ id }) => id === person.id) ?? false;
    if (!isCrew && !expertsIn(openCall(document)).some(({ id }) => id === person.id)) throw problems.notInCall();
  }
}
