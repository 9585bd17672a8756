import { matchMaker, Room } from '@colyseus/core';
import { expect, test } from 'vitest';
import { RoomId } from '#protocol/ids';
import { COLYSEUS_ROOM } from '#protocol/room/index';
import { OpenRooms } from './open-rooms.ts';

/** Takes a moment to open, as a room does whose journal has to be read first. */
class SlowRoom extends Room {
  override async onCreate(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('everybody who comes at once to a room that nobody is in finds the same one', async () => {
  await matchMaker.setup();
  matchMaker.defineRoomType(COLYSEUS_ROOM, SlowRoom).filterBy(['room' as never]);
  await matchMaker.accept();
  const rooms = new OpenRooms();
  const pump = RoomId.parse('pump');
  const found = await Promise.all(Array.from({ length: 10 }, () => rooms.find(pump)));
  expect(new Set(found.map(({ listing }) => listing.roomId)).size).toBe(1);
  const [again, other] = await Promise.all([rooms.find(pump), rooms.find(RoomId.parse('gear'))]);
  expect(again.listing.roomId).toBe(found[0]!.listing.roomId);
  expect(other.listing.roomId).not.toBe(again.listing.roomId);
});
