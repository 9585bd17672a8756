import type { Logger } from '@nestjs/common';
import { matchMaker } from '@colyseus/core';
import { setTransport } from '@colyseus/core/Transport';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { WorkhallError } from '#protocol/errors';
import { OpId, RoomId, UserId } from '#protocol/ids';
import { encodeSnapshot } from '#protocol/journal/index';
import type { Role } from '#protocol/permissions/index';
import { COLYSEUS_ROOM, JoinOptions } from '#protocol/room/index';
import { SeededIds, SystemClock } from '../../server/platform/clock/index.ts';
import { HallRoom } from '../../server/rooms/hall.room.ts';
import { JournalHost } from '../../server/rooms/journal-host.ts';
import type { JournalStore } from '../../server/rooms/journal/journal.store.ts';
import { MatchmakeController } from '../../server/rooms/matchmake.controller.ts';
import { RoomGate, type Admitted } from '../../server/rooms/room-gate.ts';
import { OpenRooms } from '../../server/rooms/open-rooms.ts';
import type { RoomVoice } from '../../server/rooms/room-voice.ts';
import { RoomFeatures } from '../../server/rooms/room-features.ts';
import { provideRoomServices } from '../../server/rooms/room-services.ts';
import { Seats } from '../../server/rooms/seats.ts';
import type { Ledger } from './ledger.ts';
import type { Answer, Callee, HallSocket } from './virtual-wire.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedPerson {
  readonly id: UserId;
  readonly name: string;
  role: Role;
}

/** Who may come in, over all lives of the server. */
export class SimulatedGate extends RoomGate {
  readonly #tickets = new Map<string, SimulatedPerson>();
  readonly #listeners = new Set<(room: RoomId, user: UserId) => void>();

  constructor(
    readonly people: ReadonlyMap<string, SimulatedPerson>,
    private readonly room: RoomId,
  ) {
    super();
  }

  ticketFor(person: SimulatedPerson): string {
    const ticket = `ticket-${Math.random()}`;
    this.#tickets.set(ticket, person);
    return ticket;
  }

  async admit(ticket: string): Promise<Admitted> {
    const person = this.#tickets.get(ticket);
    if (!this.#tickets.delete(ticket) || !person)
      throw new WorkhallError('identity', 'bad_ticket', 'This ticket was used.', { status: 401 });
    return { user: person.id, name: person.name, badge: 'guest' };
  }

  async roleIn(_room: RoomId, user: UserId): Promise<Role | null> {
    return this.people.get(user)?.role ?? null;
  }

  onRoleChange(listener: (room: RoomId, user: UserId) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  change(person: SimulatedPerson, role: Role): void {
    person.role = role;
    for (const listener of this.#listeners) listener(this.room, person.id);
  }
}

/** Takes sockets that did not come over a network. */
class VirtualTransport extends WebSocketTransport {
  take(socket: HallSocket, path: string): void {
    const request = { url: path, headers: {}, socket: { remoteAddress: '127.0.0.1' } };
    void this.onConnection(socket as never, request as never);
  }
}

/** Nobody speaks in this world. */
const SILENCE: RoomVoice = {
  open: () => ({
    hear: () => undefined,
    roleChanged: () => undefined,
    left: () => undefined,
    tick: () => undefined,
    close: () => undefined,
  }),
};

let transport: VirtualTransport | null = null;

/** Colyseus keeps its rooms in the module: once for all worlds. */
export async function openColyseus(): Promise<void> {
  if (transport) return;
  await matchMaker.setup();
  matchMaker.defineRoomType(COLYSEUS_ROOM, HallRoom).filterBy(['room' as never]);
  transport = new VirtualTransport({ noServer: true });
  setTransport(transport);
  await matchMaker.accept();
}

/** One life of the server, from its start to its crash: the real rooms behind the real Colyseus, on a virtual wire. */
export class SimulatedHall implements Callee {
  readonly host: JournalHost;
  readonly #door: MatchmakeController;
  readonly #gate: SimulatedGate;
  readonly #ledger: Ledger;

  /** `life`: what is set down on behalf of the hall belongs to it, and ends with it. */
  constructor(
    private readonly life: { isGone: boolean },
    store: JournalStore,
    gate: SimulatedGate,
    ledger: Ledger,
    time: VirtualTime,
  ) {
    this.#gate = gate;
    this.#ledger = ledger;
    const clock = new SystemClock();
    this.host = new JournalHost(store, clock, new SeededIds(time.dice.upTo(2 ** 31)));
    const open = this.host.journal.bind(this.host);
    const known = new WeakSet<object>();
    this.host.journal = async (room) => {
      const journal = await open(room);
      if (!known.has(journal)) ledger.watch(journal);
      known.add(journal);
      return journal;
    };
    this.#door = new MatchmakeController(gate, this.host, new Seats(new OpenRooms()));
    const logger = { error: (text: string, stack: string) => time.fail(new Error(`${text}\n${stack}`)) };
    provideRoomServices({
      host: this.host,
      gate,
      voice: SILENCE,
      features: new RoomFeatures(),
      clock,
      logger: logger as unknown as Logger,
      maxPeople: 50,
    });
  }

  get isGone(): boolean {
    return this.life.isGone;
  }

  /** As a power cut does it. What this life still had in mind never happens. */
  async die(): Promise<void> {
    this.life.isGone = true;
    for (const { roomId } of await matchMaker.query({}))
      matchMaker.getLocalRoomById(roomId)?.['_events'].emit('dispose');
    this.#ledger.restarted();
  }

  accept(socket: HallSocket, path: string): void {
    transport!.take(socket, path);
  }

  sends(bytes: Uint8Array): void {
    this.#ledger.sends(bytes);
  }

  async answer(method: string, path: string, token: string, body: string | undefined): Promise<Answer> {
    try {
      return await this.#route(`${method} ${path}`, token, body);
    } catch (thrown) {
      if (!(thrown instanceof WorkhallError)) throw thrown;
      return { status: thrown.status, json: thrown.problem };
    }
  }

  async #route(request: string, token: string, body: string | undefined): Promise<Answer> {
    const person = this.#gate.people.get(token)!;
    const [, room = '', what = request, length] =
      /^\w+ \/api\/rooms\/([\w-]+)\/(\w+)(?:\?length=(\d+))?$/.exec(request) ?? [];
    switch (what) {
      case 'GET /api/me':
        return { status: 200, json: { id: person.id, name: person.name } };
      case 'snapshot':
        if (length !== undefined)
          return { status: 200, bytes: encodeSnapshot(await this.host.state(RoomId.parse(room), Number(length))) };
        return { status: 200, bytes: (await this.host.snapshot(RoomId.parse(room))).bytes };
      case 'ticket':
        return { status: 200, json: { ticket: this.#gate.ticketFor(person) } };
      case `POST /matchmake/joinOrCreate/${COLYSEUS_ROOM}`:
        return { status: 200, json: await this.#door.join({}, JoinOptions.parse(JSON.parse(body!))) };
      default:
        throw new Error(`Nobody answers ${request}.`);
    }
  }
}

export const GENESIS_ID = OpId.parse('genesis');
