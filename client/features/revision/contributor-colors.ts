import type { RevisionView } from '#protocol/api/index';
import { colorsOfUsers } from '#protocol/room/index';
import { PARTICIPANT_COLORS } from '../../palette.ts';

/** One colour per contributor, by name: the one they have in the room, the same in shares and history. */
export function contributorColors({ contributors }: RevisionView): ReadonlyMap<string, string> {
  const colors = colorsOfUsers(contributors.map(({ user }) => user).toSorted());
  return new Map(contributors.map(({ user, name }) => [name, PARTICIPANT_COLORS[colors.get(user)!]!]));
}
