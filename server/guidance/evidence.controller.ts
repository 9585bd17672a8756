import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { EvidenceKind, EvidenceStored } from '#protocol/api/guidance';
import { RoomId } from '#protocol/ids';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Evidence } from './evidence.service.ts';

const OfRoom = z.object({ room: RoomId });
const OfKind = z.object({ kind: EvidenceKind });

/** The bytes of what a job's journal names. */
@Controller('api/jobs/:room/evidence')
export class EvidenceController {
  constructor(
    private readonly evidence: Evidence,
    private readonly access: RoomAccess,
  ) {}

  @Post()
  @HttpCode(200)
  @Endpoint({
    summary: 'A picture or clip of a job; the body is the file. Read again at /api/assets/{cid}',
    access: 'session',
    params: OfRoom,
    query: OfKind,
    consumes: ['application/octet-stream', 'image/jpeg', 'image/png', 'image/webp', 'video/webm', 'video/mp4'],
    response: EvidenceStored,
  })
  async store(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Query() { kind }: z.infer<typeof OfKind>,
    @Req() request: Request,
    @CurrentPerson() person: Person,
  ) {
    await this.access.require(room, person, 'job.act');
    await this.evidence.expectCrew(room, person.id);
    return this.evidence.store(kind, request);
  }
}
