import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { SimulatedUse, SimulatedUsed } from '#protocol/api/guidance';
import { RoomId } from '#protocol/ids';
import { RoomAccess } from '../design/index.ts';
import { CurrentPerson, type Person } from '../identity/index.ts';
import { Endpoint } from '../platform/http/index.ts';
import { Evidence } from './evidence.service.ts';
import { SimulatedTools } from './simulated-tools.service.ts';

const OfRoom = z.object({ room: RoomId });

/** The trigger of tools at stations that are drawn: for people without hardware, and for the tests. */
@Controller('api/jobs/:room/simulated-tool')
export class SimulatedToolsController {
  constructor(
    private readonly tools: SimulatedTools,
    private readonly access: RoomAccess,
    private readonly evidence: Evidence,
  ) {}

  @Post()
  @HttpCode(200)
  @Endpoint({
    summary: 'Use a tool of a simulated station; its result comes by MQTT as that of any tool. 409 at a real station',
    access: 'session',
    params: OfRoom,
    body: SimulatedUse,
    response: SimulatedUsed,
  })
  async use(@Param() { room }: z.infer<typeof OfRoom>, @Body() body: SimulatedUse, @CurrentPerson() person: Person) {
    await this.access.require(room, person, 'job.act');
    await this.evidence.expectCrew(room, person.id);
    return this.tools.use(room, body);
  }
}
