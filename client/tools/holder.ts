import type { PartId } from '#protocol/ids';
import type { Participant } from '#protocol/room/index';
import type { RoomSession } from '../net/room-session.types.ts';
import type { World } from '../scene/world/world.ts';

/** Who else holds the part, directly or through a group above it. */
export function holderOf({ session, world }: { session: RoomSession; world: World }, id: PartId): Participant | null {
  const held = session.held.get();
  if (held.size === 0) return null;
  for (let at: PartId | null = id; at !== null; at = world.part(at)?.parent ?? null) {
    const lease = held.get(at);
    if (lease && lease.session !== session.me.session)
      return session.participants.get().find((one) => one.session === lease.session) ?? null;
  }
  return null;
}

export const holderName = (bench: { session: RoomSession; world: World }, id: PartId): string | null =>
  holderOf(bench, id)?.name ?? null;
