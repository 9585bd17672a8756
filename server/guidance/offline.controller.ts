import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { OfflinePack, ReleaseKey } from '#protocol/api/offline';
import { RoomId } from '#protocol/ids';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Jobs } from './jobs.service.ts';
import { OfflinePacks } from './offline-pack.service.ts';

const OfRoom = z.object({ room: RoomId });

/** For devices that go where there is no network: docs/decisions/0020-shifts-without-network.md. */
@Controller('api/jobs/:room')
export class OfflineController {
  constructor(
    private readonly packs: OfflinePacks,
    private readonly jobs: Jobs,
    private readonly access: RoomAccess,
  ) {}

  @Get('offline-pack')
  @Endpoint({
    summary: 'What a device needs to do this job without a network',
    access: 'session',
    params: OfRoom,
    response: OfflinePack,
  })
  async pack(@Param() { room }: z.infer<typeof OfRoom>, @CurrentPerson() person: Person): Promise<OfflinePack> {
    await this.access.require(room, person, 'room.enter');
    return this.packs.of(room);
  }

  @Post('release-key')
  @HttpCode(200)
  @Endpoint({
    summary: 'A supervisor’s key on a device: its signature releases steps of this job where the hall cannot be asked',
    access: 'session',
    params: OfRoom,
    body: ReleaseKey,
    response: z.object({}),
  })
  async releaseKey(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Body() { did }: z.infer<typeof ReleaseKey>,
    @CurrentPerson() person: Person,
  ): Promise<Record<string, never>> {
    await this.access.require(room, person, 'job.supervise');
    await this.jobs.say(room, 'key.show', { person: person.id, did });
    return {};
  }
}
