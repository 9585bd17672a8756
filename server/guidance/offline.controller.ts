import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { OfflinePack, ReleaseKey, TakingDevice } from '#protocol/api/offline';
import { RoomId } from '#protocol/ids';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { ChangesOfInstructions } from './changes-of-instructions.service.ts';
import { Jobs } from './jobs.service.ts';
import { OfflinePacks } from './offline-pack.service.ts';
import { TakenJobs } from './taken-jobs.service.ts';

const OfRoom = z.object({ room: RoomId });

/** For devices that go where there is no network: docs/decisions/0020-shifts-without-network.md. */
@Controller('api/jobs/:room')
export class OfflineController {
  constructor(
    private readonly packs: OfflinePacks,
    private readonly jobs: Jobs,
    private readonly access: RoomAccess,
    private readonly taken: TakenJobs,
    private readonly changes: ChangesOfInstructions,
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

  @Post('taken')
  @HttpCode(200)
  @Endpoint({
    summary: 'A device takes this job along: no newer instruction comes to it until the device is back',
    access: 'session',
    params: OfRoom,
    body: TakingDevice,
    response: z.object({}),
  })
  async take(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Body() { device }: z.infer<typeof TakingDevice>,
    @CurrentPerson() person: Person,
  ): Promise<Record<string, never>> {
    await this.access.require(room, person, 'job.act', true);
    await this.jobs.view(room);
    await this.taken.mark(room, person, device);
    return {};
  }

  @Post('let-go')
  @HttpCode(200)
  @Endpoint({
    summary: 'That device has let it go',
    access: 'session',
    params: OfRoom,
    body: TakingDevice,
    response: z.object({}),
  })
  async letGo(
    @Param() { room }: z.infer<typeof OfRoom>,
    @Body() { device }: z.infer<typeof TakingDevice>,
    @CurrentPerson() person: Person,
  ): Promise<Record<string, never>> {
    await this.access.require(room, person, 'room.enter');
    await this.taken.letGo(room, person, device);
    await this.changes.tend(room);
    return {};
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
