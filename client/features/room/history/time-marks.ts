import type { Entry } from '#protocol/journal/index';

/** A stretch of the time line in which one person did most. */
export interface Stretch {
  /** First step, and how many steps wide. */
  readonly from: number;
  readonly width: number;
  readonly user: string;
  /** Work in this stretch, 0..1: how long it took people, beside the busiest stretch. */
  readonly height: number;
}

/** A step with which a new day begins. */
export interface DayMark {
  readonly seq: number;
  readonly at: number;
  /** Far enough from the one before to have its name written beside it. */
  readonly hasName: boolean;
}

type Step = Pick<Entry, 'at' | 'author'>;

const LEAST_HEIGHT = 0.28;
/** A pause in the work is not work, ms. */
const PAUSE_MS = 5 * 60_000;
/** Names of days need this share of the line. */
const NAME_SHARE = 0.12;

/** Who worked when, in at most `most` stretches: the coloured line over the slider. */
export function stretchesOf(steps: readonly Step[], most: number): Stretch[] {
  const count = Math.min(most, steps.length);
  const stretches = Array.from({ length: count }, (_, n) => {
    const from = Math.floor((n * steps.length) / count);
    const end = Math.floor(((n + 1) * steps.length) / count);
    const byUser = new Map<string, number>();
    let spentMs = 0;
    for (let seq = from; seq < end; seq++) {
      const { author, at } = steps[seq]!;
      byUser.set(author.id, (byUser.get(author.id) ?? 0) + 1);
      const sinceMs = seq > 0 ? at - steps[seq - 1]!.at : 0;
      if (sinceMs < PAUSE_MS) spentMs += sinceMs;
    }
    const user = [...byUser].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
    return { from, width: end - from, user, height: spentMs };
  });
  const busiest = Math.max(1, ...stretches.map(({ height }) => height));
  return stretches.map((one) => ({
    ...one,
    height: LEAST_HEIGHT + (1 - LEAST_HEIGHT) * Math.sqrt(one.height / busiest),
  }));
}

/** Where days begin, by the person's own calendar. */
export function daysOf(steps: readonly Step[]): DayMark[] {
  const marks: DayMark[] = [];
  let named = -Infinity;
  let last = '';
  steps.forEach(({ at }, seq) => {
    const day = new Date(at).toDateString();
    if (day === last) return;
    last = day;
    const place = seq / Math.max(1, steps.length - 1);
    // The last name would stick out at the end.
    const hasName = place - named >= NAME_SHARE && place <= 1 - NAME_SHARE;
    if (hasName) named = place;
    marks.push({ seq, at, hasName });
  });
  return marks;
}
