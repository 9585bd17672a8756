/** Colours in the palette of participants (client/palette.ts). */
export const PARTICIPANT_COLOR_COUNT = 12;
/** Vermilion is left to nobody: it is too close to the accent that means "you" and "selected". */
const UNUSED = 1;
/** From a taken colour to the next; prime to the number of colours, so that all are tried. */
const STEP = 5;

/**
 * Index of a person's colour, worked out from the user id alone: the same in every room, on every page, after any
 * restart. FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) with the final mixing of MurmurHash3.
 */
export function colorOfUser(user: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < user.length; i++) hash = Math.imul(hash ^ user.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  const index = ((hash ^ (hash >>> 16)) >>> 0) % (PARTICIPANT_COLOR_COUNT - 1);
  return index < UNUSED ? index : index + 1;
}

/**
 * The person's own colour, or the next one that nobody here has: people keep the colour they have while they are here,
 * and who comes later makes way. With more people than colours they share.
 */
export function freeColorOf(user: string, taken: ReadonlySet<number>): number {
  const own = colorOfUser(user);
  for (let n = 0, color = own; n < PARTICIPANT_COLOR_COUNT; n++, color = (color + STEP) % PARTICIPANT_COLOR_COUNT)
    if (color !== UNUSED && !taken.has(color)) return color;
  return own;
}

/** Colours of people who are shown together, such as the contributors of a revision: in the order in which they stand. */
export function colorsOfUsers(users: readonly string[]): ReadonlyMap<string, number> {
  const colors = new Map<string, number>();
  for (const user of users) if (!colors.has(user)) colors.set(user, freeColorOf(user, new Set(colors.values())));
  return colors;
}
