import { matchMaker, type IRoomCache } from '@colyseus/core';
import type { RoomId } from '#protocol/ids';
import { CLOSE, COLYSEUS_ROOM } from '#protocol/room/index';

/** Where the seats of a room are. */
export interface OpenRoom {
  readonly listing: IRoomCache;
  /** First part of the path of its sockets; default: Colyseus's own name of the process. */
  readonly process?: string;
}

/** The Colyseus rooms of this process, one per journal. Not injectable: `rooms.module.ts` says which kind it is. */
export class OpenRooms {
  readonly #opening = new Map<RoomId, Promise<IRoomCache>>();

  /** The one Colyseus room of a journal, opened when nobody is in it. */
  async find(room: RoomId): Promise<OpenRoom> {
    return { listing: await this.openHere(room) };
  }

  /** Before the process stops. In a hall of one process nobody could take the rooms over. */
  async moveAway(): Promise<void> {}

  /** Opens a room once, however many ask for it at the same time. */
  protected async openHere(room: RoomId): Promise<IRoomCache> {
    return this.#opening.get(room) ?? (await this.listingHere(room)) ?? this.#open(room);
  }

  protected async listingHere(room: RoomId): Promise<IRoomCache | undefined> {
    const [open] = await matchMaker.query({ name: COLYSEUS_ROOM, room } as Partial<IRoomCache>);
    return open;
  }

  /** Everybody in it is sent away, with the word that it opens again. */
  protected async disconnect(roomId: string): Promise<void> {
    await matchMaker.getLocalRoomById(roomId)?.disconnect(CLOSE.restarting);
  }

  #open(room: RoomId): Promise<IRoomCache> {
    const known = this.#opening.get(room);
    if (known) return known;
    const opening = matchMaker.createRoom(COLYSEUS_ROOM, { room }).finally(() => this.#opening.delete(room));
    this.#opening.set(room, opening);
    return opening;
  }
}
