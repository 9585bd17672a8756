import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { COLYSEUS_ROOM, JoinOptions } from '#protocol/room/index';
import { Endpoint } from '../platform/http/index.ts';
import { RoomGate } from './room-gate.ts';
import { RoomHost } from './room-host.ts';
import { Seats } from './seats.ts';

const Reservation = z.looseObject({ sessionId: z.string(), roomId: z.string(), name: z.string() });

/** The route Colyseus clients ask for a seat. Only `joinOrCreate` of our one room type, and only with a ticket. */
@Controller('matchmake')
export class MatchmakeController {
  constructor(
    private readonly gate: RoomGate,
    private readonly host: RoomHost,
    private readonly seats: Seats,
  ) {}

  @Post(':method/:roomName')
  @HttpCode(200)
  @Endpoint({
    summary: 'Reserve a seat in a room (Colyseus matchmaking); the ticket comes from POST /api/rooms/:id/ticket',
    body: JoinOptions,
    params: z.object({ method: z.literal('joinOrCreate'), roomName: z.literal(COLYSEUS_ROOM) }),
    response: Reservation,
    access: 'public',
  })
  async join(
    @Param() _params: unknown,
    @Body() { ticket, ...options }: JoinOptions,
  ): Promise<z.infer<typeof Reservation>> {
    const admitted = await this.gate.admit(ticket, options.room);
    await this.host.state(options.room);
    return { ...(await this.seats.reserve({ ...options, admitted })) };
  }
}
