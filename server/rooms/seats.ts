import { Injectable } from '@nestjs/common';
import { matchMaker, type IRoomCache } from '@colyseus/core';
import { WorkhallError } from '#protocol/errors';
import type { RoomId } from '#protocol/ids';
import { COLYSEUS_ROOM } from '#protocol/room/index';
import type { SeatOptions } from './hall.room.ts';

/** A room may close between being found and being entered; then it is opened again. */
const ATTEMPTS = 3;

export type Reservation = Awaited<ReturnType<typeof matchMaker.joinById>>;

/**
 * Finds a seat in the one Colyseus room of a journal. Colyseus itself would open a second one when the first is full, or
 * when two people come at once to a room that nobody is in: they would not see each other.
 */
@Injectable()
export class Seats {
  readonly #opening = new Map<RoomId, Promise<IRoomCache>>();

  async reserve(options: SeatOptions): Promise<Reservation> {
    for (let attempt = 1; ; attempt++) {
      try {
        const open = await this.#find(options);
        if (open.clients >= open.maxClients) throw roomFull(options.room, open.maxClients);
        return await matchMaker.joinById(open.roomId, options);
      } catch (cause) {
        if (cause instanceof WorkhallError) throw cause;
        if (attempt < ATTEMPTS) continue;
        throw new WorkhallError('room', 'no_seat', 'There is no free place in this room right now.', {
          facts: { room: options.room },
          next: 'Try again in a moment.',
          status: 503,
          cause,
        });
      }
    }
  }

  async #find(options: SeatOptions): Promise<IRoomCache> {
    await this.#opening.get(options.room);
    const [open] = await matchMaker.query({ name: COLYSEUS_ROOM, room: options.room } as Partial<IRoomCache>);
    return open ?? this.#open(options);
  }

  /** Opens a room once, however many ask for it at the same time. */
  #open(options: SeatOptions): Promise<IRoomCache> {
    const known = this.#opening.get(options.room);
    if (known) return known;
    const opening = matchMaker.createRoom(COLYSEUS_ROOM, options).finally(() => this.#opening.delete(options.room));
    this.#opening.set(options.room, opening);
    return opening;
  }
}

const roomFull = (room: RoomId, most: number): WorkhallError =>
  new WorkhallError('room', 'room_full', `This room is full: it holds ${most} people.`, {
    facts: { room, most },
    next: 'Come back when somebody has left, or ask the person who runs this hall for a larger limit.',
    status: 503,
  });
