import { decodeBlock, decodeSnapshot } from '#protocol/journal/index';
import type { HallApi } from '#net/api';
import type { TakenRooms } from '#net/taken-rooms';

const AT_ONCE = 500;

/** Brings what has happened in a room since it was taken along onto the device, by whoever is signed in and may read it. */
export async function hearNews(rooms: TakenRooms, api: HallApi, room: string): Promise<void> {
  const taken = await rooms.open(room);
  if (!taken) return;
  let length = decodeSnapshot(taken.snapshot).length + taken.blocks.length;
  for (;;) {
    const { blocks } = decodeBlock(await api.entries(room, length, AT_ONCE)) as { blocks: Uint8Array[] };
    if (blocks.length === 0) return;
    await rooms.append(room, length, blocks);
    length += blocks.length;
  }
}
