import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import { matchMaker } from '@colyseus/core';
import { setTransport } from '@colyseus/core/Transport';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { CLOSE, COLYSEUS_ROOM, MAX_FRAME_BYTES } from '#protocol/room/index';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Fleet, forwardOf, type Forward, type RedisFleet } from '../platform/fleet/index.ts';
import { Health } from '../platform/health/index.ts';
import { isAllowedOrigin } from '../platform/http/index.ts';
import type { ColyseusRedis } from './fleet/colyseus-redis.ts';
import { HallRoom } from './hall.room.ts';
import { JournalHost } from './journal-host.ts';
import { OpenRooms } from './open-rooms.ts';
import { RoomFeatures } from './room-features.ts';
import { RoomGate } from './room-gate.ts';
import { RoomVoice } from './room-voice.ts';
import { provideRoomServices } from './room-services.ts';
import { tickMeter } from './tick-meter.ts';

/** Paths of room sockets: `/processId/roomId`. Everything else (a bundler's own socket, say) is left to others. */
const ROOM_SOCKET = /^\/([\w-]+)\/[\w-]+(\?|$)/;
const PING_MS = 5_000;
const PINGS_MISSED = 3;
/** Rooms have this long to say goodbye when the server stops. */
const CLOSING_MS = 2_000;
/** And this long to be opened by other processes, when there are some. */
const MOVING_MS = 10_000;

/**
 * Colyseus on Nest's own HTTP server: one process, one port. `gameServer.listen()` is not used, because it answers
 * every origin with credentials on every route; matchmaking is our own route and sockets check their origin here.
 */
@Injectable()
export class ColyseusServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('Rooms');
  #transport: WebSocketTransport | undefined;
  #redis: ColyseusRedis | undefined;
  #forward: Forward | null = null;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly modules: ModuleRef,
    private readonly config: Config,
    private readonly host: JournalHost,
    private readonly clock: Clock,
    private readonly health: Health,
    private readonly fleet: Fleet,
    private readonly rooms: OpenRooms,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const gate = await this.#setUp(this.modules.get(RoomGate, { strict: false }));
    provideRoomServices({
      host: this.host,
      gate,
      voice: this.modules.get(RoomVoice, { strict: false }),
      features: this.modules.get(RoomFeatures, { strict: false }),
      clock: this.clock,
      logger: this.#logger,
      maxPeople: this.config.tree.roomMaxPeople,
    });
    matchMaker.defineRoomType(COLYSEUS_ROOM, HallRoom).filterBy(['room' as never]);
    const server = this.http.httpAdapter.getHttpServer() as Server;
    this.#transport = new WebSocketTransport({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      pingInterval: PING_MS,
      pingMaxRetries: PINGS_MISSED,
    });
    this.#transport.attachToServer(server, { filter: (request) => this.#isOurs(request, server) });
    if (this.#forward) server.on('upgrade', (request, socket, head) => this.#passOn(request, socket, head));
    setTransport(this.#transport);
    await matchMaker.accept();
    this.health.register('rooms', async () => {
      const isReady = matchMaker.state === matchMaker.MatchMakerState.READY;
      return {
        ok: isReady,
        detail: isReady
          ? `${matchMaker.stats.local.roomCount} open, ${matchMaker.stats.local.ccu} people, tick p99 ${tickMeter.p99Ms.toFixed(1)} ms`
          : 'closing',
      };
    });
  }

  /** Colyseus alone, or over Redis; the gate then hears also of what changes in other processes. */
  async #setUp(gate: RoomGate): Promise<RoomGate> {
    if (!this.fleet.isShared) {
      await matchMaker.setup();
      return gate;
    }
    const { ColyseusRedis, FleetGate } = await loadFleet();
    const fleet = this.fleet as RedisFleet;
    this.#forward = await forwardOf(fleet);
    this.#redis = new ColyseusRedis(this.config.tree.redisUrl!, fleet);
    await this.#redis.setUp();
    return new FleetGate(gate, fleet, this.host);
  }

  #passOn(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const name = ROOM_SOCKET.exec(request.url ?? '')?.[1];
    if (name && this.#forward?.isForOther(request, name)) void this.#forward.socket(request, socket, head, name);
  }

  /** A socket that nobody answers would stay open: it is ended here, and so is one from a page of another origin. */
  #isOurs(request: IncomingMessage, server: Server): boolean {
    const name = ROOM_SOCKET.exec(request.url ?? '')?.[1];
    if (name && this.#forward?.isForOther(request, name)) return false;
    const isRoomSocket = name !== undefined;
    if (isRoomSocket && isAllowedOrigin(request, this.config.tree)) return true;
    if (isRoomSocket || server.listenerCount('upgrade') === 1) request.socket.destroy();
    return false;
  }

  /** Rooms close before the database does; clients come back by themselves when the next server is up. */
  async beforeApplicationShutdown(): Promise<void> {
    await within(MOVING_MS, this.rooms.moveAway());
    // A seat that was reserved and never taken would hold its room open for 15 s: nobody waits for that.
    const closing = Promise.allSettled([
      ...matchMaker.disconnectAll(CLOSE.restarting),
      matchMaker.gracefullyShutdown(),
    ]);
    await within(CLOSING_MS, closing);
    this.#transport?.shutdown();
    if (this.#redis) await within(CLOSING_MS, this.#redis.close());
  }
}

/** Waits for `work`, but not longer. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
}

/** Not in the class: what a decorated class imports late keeps its `.ts` in the build (TypeScript 6.0). */
async function loadFleet() {
  const [{ ColyseusRedis }, { FleetGate }] = await Promise.all([
    import('./fleet/colyseus-redis.ts'),
    import('./fleet/fleet-gate.ts'),
  ]);
  return { ColyseusRedis, FleetGate };
}
