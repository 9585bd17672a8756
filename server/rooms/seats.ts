import { Injectable } from '@nestjs/common';
import { matchMaker } from '@colyseus/core';
import { WorkhallError } from '#protocol/errors';
import type { RoomId } from '#protocol/ids';
import type { SeatOptions } from './hall.room.ts';
import { OpenRooms } from './open-rooms.ts';

/** A room may close, or move to another process, between being found and being entered; then it is looked for again. */
const ATTEMPTS = 3;
const PAUSE_MS = 50;

export type Reservation = Awaited<ReturnType<typeof matchMaker.joinById>>;

/**
 * Finds a seat in the one Colyseus room of a journal. Colyseus itself would open a second one when the first is full, or
 * when two people come at once to a room that nobody is in: they would not see each other.
 */
@Injectable()
export class Seats {
  constructor(private readonly rooms: OpenRooms) {}

  async reserve(options: SeatOptions): Promise<Reservation> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { listing, process } = await this.rooms.find(options.room);
        if (listing.clients >= listing.maxClients) throw roomFull(options.room, listing.maxClients);
        const reservation = await matchMaker.joinById(listing.roomId, options);
        return process ? { ...reservation, processId: process } : reservation;
      } catch (cause) {
        if (cause instanceof WorkhallError) throw cause;
        if (attempt < ATTEMPTS) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
          continue;
        }
        throw new WorkhallError('room', 'no_seat', 'There is no free place in this room right now.', {
          facts: { room: options.room },
          next: 'Try again in a moment.',
          status: 503,
          cause,
        });
      }
    }
  }
}

const roomFull = (room: RoomId, most: number): WorkhallError =>
  new WorkhallError('room', 'room_full', `This room is full: it holds ${most} people.`, {
    facts: { room, most },
    next: 'Come back when somebody has left, or ask the person who runs this hall for a larger limit.',
    status: 503,
  });
