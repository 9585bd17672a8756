import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { matchMaker, type IRoomCache } from '@colyseus/core';
import { WorkhallError } from '#protocol/errors';
import type { RoomId } from '#protocol/ids';
import { isNoAnswer, ProcessGone, Turns, type HallProcess, type RedisFleet } from '../../platform/fleet/index.ts';
import { isNotOwner } from '../journal/journal-problems.ts';
import { OpenRooms, type OpenRoom } from '../open-rooms.ts';
import type { FleetJournalHost } from './fleet-journal-host.ts';

const OPEN = 'room.open';
const PREPARE = 'room.prepare';
const PREPARE_TIMEOUT_MS = 5_000;
/** How long somebody who comes in waits for a room that moves, or whose process does not answer, ms. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 30;
/** Rooms that move at the same time when a process stops. */
const MOVES_AT_ONCE = 4;

/** The room is here; or not, and `next` is the process to ask. */
type OpenAnswer = { readonly roomId: string } | { readonly next: HallProcess | null };

/**
 * The rooms of several processes, one per journal: it opens where the journal is owned, and a room that nobody owns goes
 * to the process with the fewest people. Whoever asks first makes a process the owner; the others are sent there.
 */
export class FleetOpenRooms extends OpenRooms {
  readonly #logger = new Logger('Fleet');
  readonly #here = new Map<RoomId, string>();
  /** Opening, giving away and moving a room exclude each other. */
  readonly #turns = new Turns();

  constructor(
    private readonly fleet: RedisFleet,
    private readonly host: FleetJournalHost,
  ) {
    super();
    fleet.answer(OPEN, ({ room, isPlaced }: { room: RoomId; isPlaced: boolean }) =>
      this.#turns.take(room, () => this.#answerOpen(room, isPlaced)),
    );
    fleet.answer(PREPARE, ({ room }: { room: RoomId }) => host.reader.prepare(room));
    fleet.countUsers = () => {
      const rooms = [...this.#here.values()].flatMap((roomId) => matchMaker.getLocalRoomById(roomId) ?? []);
      // A room that was just opened has nobody in it yet, and will not stay so.
      return rooms.reduce((sum, { clients }) => sum + Math.max(1, clients.length), 0);
    };
    host.onLost = (room) => this.#sendAway(room);
  }

  override async find(room: RoomId): Promise<OpenRoom> {
    // Colyseus would wait for it, and who comes in with it.
    await this.fleet.requireRedis();
    const endMs = performance.now() + PATIENCE_MS;
    let next: HallProcess | null = null;
    for (;;) {
      const owner: HallProcess | null = next ?? (await this.host.owners.ownerOf(room));
      const process: HallProcess = owner ?? (await this.fleet.registry.place()) ?? this.fleet.self;
      next = null;
      try {
        const answer: OpenAnswer = await this.fleet.ask(process, OPEN, { room, isPlaced: owner === null });
        if ('next' in answer) {
          next = answer.next;
        } else {
          const listing = await matchMaker.getRoomById(answer.roomId);
          if (listing) return { listing, process: process.name };
        }
      } catch (thrown) {
        // A dead owner's room is free now; one that is owned by somebody else is found there. Who does not answer either
        // does in a moment, or is dead then.
        if (!(thrown instanceof ProcessGone) && !isNotOwner(thrown) && !isNoAnswer(thrown)) throw thrown;
      }
      if (performance.now() > endMs) throw moving(room);
      if (!next) await sleep(PAUSE_MS);
    }
  }

  /** The process stops: each room is opened elsewhere, and only then its people are sent there. */
  override async moveAway(): Promise<void> {
    await this.fleet.drain();
    const rooms = this.host.roomsHere;
    const startMs = performance.now();
    let moved = 0;
    await Promise.all(
      Array.from({ length: MOVES_AT_ONCE }, async () => {
        for (let room = rooms.shift(); room; room = rooms.shift()) {
          const moving = room;
          const isMoved = await this.#turns
            .take(moving, () => this.#move(moving))
            .catch((thrown: unknown) => {
              this.#logger.warn(`Room ${moving} could not be moved: ${thrown instanceof Error ? thrown.message : ''}`);
              return false;
            });
          if (isMoved) moved += 1;
        }
      }),
    );
    this.#logger.log(`${moved} rooms moved in ${(performance.now() - startMs).toFixed(0)} ms`);
  }

  protected override async listingHere(room: RoomId): Promise<IRoomCache | undefined> {
    const roomId = this.#here.get(room);
    if (roomId === undefined || !matchMaker.getLocalRoomById(roomId)) return undefined;
    const listing = await matchMaker.getRoomById(roomId);
    if (listing) return listing;
    // Redis was started again, with nothing in it.
    await matchMaker.restoreMissingRoomCaches();
    return (await matchMaker.getRoomById(roomId)) ?? undefined;
  }

  async #answerOpen(room: RoomId, isPlaced: boolean): Promise<OpenAnswer> {
    const known = await this.listingHere(room);
    if (known) return { roomId: known.roomId };
    if (this.fleet.isDraining) return { next: isPlaced ? null : await this.#giveAway(room) };
    // Owned here because of a single write: where its people go is decided now.
    if (!isPlaced && (await this.#isIdleHere(room))) {
      const next = await this.#giveAway(room);
      if (next) return { next };
    }
    await this.host.journal(room);
    const listing = await this.openHere(room);
    this.#here.set(room, listing.roomId);
    return { roomId: listing.roomId };
  }

  async #isIdleHere(room: RoomId): Promise<boolean> {
    const journal = await this.host.openHere(room)?.catch(() => undefined);
    return journal !== undefined && !journal.isWatched;
  }

  /** Lets go of a room nobody is in, when another process has fewer people. */
  async #giveAway(room: RoomId): Promise<HallProcess | null> {
    const process = await this.fleet.registry.place();
    if (!process || process.id === this.fleet.self.id) return null;
    await this.host.close(room);
    return process;
  }

  async #move(room: RoomId): Promise<boolean> {
    const roomId = this.#here.get(room);
    const journal = await this.host.openHere(room);
    const process = roomId ? await this.fleet.registry.place() : null;
    if (!journal || !process || process.id === this.fleet.self.id) return false;
    // Long before anybody notices: the other process reads the journal.
    await this.fleet.ask(process, PREPARE, { room }, PREPARE_TIMEOUT_MS);
    // From here on to the end of this function is the pause that people have.
    await journal.freeze();
    this.host.forget(room);
    if (journal.fence) await this.host.owners.release(room, journal.fence);
    await this.fleet.ask(process, OPEN, { room, isPlaced: true }).catch(() => undefined); // whoever comes first opens it
    this.#sendAway(room);
    return true;
  }

  /** Nobody waits for it: a seat that was reserved and never taken holds a room for 15 s. */
  #sendAway(room: RoomId): void {
    const roomId = this.#here.get(room);
    this.#here.delete(room);
    if (!roomId) return;
    this.disconnect(roomId).catch((thrown: unknown) =>
      this.#logger.warn(`Room ${room} did not end: ${String(thrown)}`),
    );
  }
}

const moving = (room: RoomId): WorkhallError =>
  new WorkhallError('room', 'moving', 'This room is moving to another server process.', {
    facts: { room },
    next: 'Try again in a moment.',
    status: 503,
  });
