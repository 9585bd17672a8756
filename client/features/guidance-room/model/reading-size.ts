/**
 * How large letters must be to be read from a distance. ISO 9241-303 asks for capitals of 16 minutes of arc at least and
 * 20 to 22 for long reading; an instruction is a line or two, so it gets 16 at the far end and its title 20.
 */
export const INSTRUCTION_ARC_MIN = 16;
export const TITLE_ARC_MIN = 20;

/** Height of a capital as a share of the type size, Inter. */
const CAPITAL = 0.727;
/** A CSS pixel is 1/96 inch by definition; phones and tablets keep to that within some percent. */
const MM_PER_PX = 25.4 / 96;

/** Type size, CSS pixels, whose capitals stand under so many minutes of arc from there. */
export function readingSizePx(distanceM: number, arcMin: number): number {
  const capitalMm = 1000 * distanceM * 2 * Math.tan((arcMin / 60 / 180) * Math.PI * 0.5);
  return Math.round(capitalMm / CAPITAL / MM_PER_PX);
}

/** In the hand, on the bench before one, on a stand behind the work. */
export const READING_DISTANCES_M = [0.4, 0.8, 1.5] as const;
export type ReadingDistance = (typeof READING_DISTANCES_M)[number];
