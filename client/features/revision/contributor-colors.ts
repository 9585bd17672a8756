import type { RevisionView } from '#protocol/api/index';
import { ACCENT, PARTICIPANT_COLORS } from '../../palette.ts';

/** Without vermilion, which is too close to the accent that means "you". */
const COLORS = PARTICIPANT_COLORS.filter((color) => color !== '#d55e00');

/** One colour per contributor, by name, the same in shares and history; the largest share comes first. */
export function contributorColors({ contributors }: RevisionView): ReadonlyMap<string, string> {
  return new Map(
    contributors
      .toSorted((a, b) => b.shareBps - a.shareBps)
      .map(({ name, isMe }, index) => [name, isMe ? ACCENT : COLORS[index % COLORS.length]!]),
  );
}
