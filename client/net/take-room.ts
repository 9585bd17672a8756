import { RoomInfo } from '#protocol/api/projects';
import { hallRequest } from './room-link.ts';
import { fetchSnapshot } from './room-start.ts';
import type { ConnectOptions } from './room-session.types.ts';
import { markOf, type TakenRooms } from './taken-rooms.ts';

/**
 * Takes a room along: from now on it opens without the hall, for this person on this device. `clockOffsetMs`: the server's
 * clock minus this device's. Throws what the hall has against it, and what the device has (no space).
 */
export async function takeRoom(
  options: Pick<ConnectOptions, 'hallUrl' | 'token' | 'room' | 'device'>,
  rooms: TakenRooms,
  clockOffsetMs: number,
): Promise<RoomInfo> {
  const ask = async (path: string): Promise<unknown> => (await hallRequest(options, 'GET', path)).json();
  const [person, info, snapshot] = await Promise.all([
    ask('/api/me') as Promise<{ id: string; name: string }>,
    ask(`/api/rooms/${options.room}`).then((told) => RoomInfo.parse(told)),
    fetchSnapshot(options),
  ]);
  await rooms.put(options.room, {
    person: { id: person.id, name: person.name },
    session: markOf(options.token),
    role: info.role ?? 'observer',
    clockOffsetMs,
    snapshot,
    blocks: [],
  });
  return info;
}
