import { encodeHandsDown, encodeHandsEntry, hasHands } from '#protocol/presence/index';
import type { Standing } from './interest.ts';

/** Fingers are seen from this near, metres over the floor. */
export const HANDS_WITHIN_M = 3;
/** People whose fingers one person sees, and people who see one person's fingers, at most. */
export const HANDS_SEEN_MOST = 4;
export const HANDS_SHOWN_TO_MOST = 8;
/** Who is near to whom is looked at again after so many ticks. */
const RANK_EVERY = 10;
/** Hands not heard of for this long are gone, ms; their owner says every two seconds that they are there. */
const GONE_AFTER_MS = 6000;

interface Owner {
  /** Entry of a down frame, made once for everybody who sees it. */
  entry: Uint8Array;
  changedTick: number;
  heardMs: number;
  isSeen: boolean;
}

interface Viewer {
  /** Whose hands they see. */
  sees: ReadonlySet<number>;
  /** To be told with the next frame, changed or not: came near, or was missed. */
  readonly fresh: Set<number>;
  /** No longer shown to them: to be told once. */
  readonly gone: Set<number>;
}

const NOBODY: ReadonlySet<number> = new Set();

/**
 * Whose fingers are shown to whom: those of the nearest few, bounded both ways, so that hands cost a crowd no more than
 * a table of people. Where nobody has bare hands it does nothing.
 */
export class HandBoard {
  readonly #owners = new Map<number, Owner>();
  readonly #viewers = new Map<number, Viewer>();
  /** Frames of this tick, by what is in them. */
  readonly #frames = new Map<string, Uint8Array>();
  #tick = 0;

  /** `standing`: where everybody is. */
  constructor(private readonly standing: () => Iterable<Standing>) {}

  /** The newest shape of a person's hands, as it came. */
  hear(participant: number, hands: Uint8Array, nowMs: number): void {
    if (!hasHands(hands)) return this.#drop(participant);
    const entry = encodeHandsEntry(participant, hands);
    const news = { entry, changedTick: this.#tick + 1, heardMs: nowMs };
    const owner = this.#owners.get(participant);
    if (owner) Object.assign(owner, news);
    else this.#owners.set(participant, { ...news, isSeen: false });
  }

  /** The connection is gone, or the person. */
  forget(participant: number): void {
    this.#drop(participant);
    this.#viewers.delete(participant);
  }

  /** Nobody has anything to be told about hands in this tick. */
  get isQuiet(): boolean {
    return this.#owners.size === 0 && this.#viewers.size === 0;
  }

  /** Closes the tick. `tellWanted`: somebody sees a person's hands from now on, or nobody does any more. */
  advance(nowMs: number, tellWanted: (participant: number, isWanted: boolean) => void): void {
    this.#tick += 1;
    this.#frames.clear();
    if (this.#tick % RANK_EVERY !== 0 || this.isQuiet) return;
    for (const [participant, { heardMs }] of this.#owners) if (nowMs - heardMs > GONE_AFTER_MS) this.#drop(participant);
    const seen = this.#whoSeesWhom();
    for (const [participant, viewer] of this.#viewers) this.#look(participant, viewer, seen.get(participant) ?? NOBODY);
    for (const [participant, sees] of seen)
      if (!this.#viewers.has(participant)) this.#look(participant, newViewer(), sees);
    const shown = new Set([...seen.values()].flatMap((owners) => [...owners]));
    for (const [participant, owner] of this.#owners) {
      if (owner.isSeen === shown.has(participant)) continue;
      owner.isSeen = !owner.isSeen;
      tellWanted(participant, owner.isSeen);
    }
  }

  /** This tick's hands for a person, or null. The same bytes for all who are told the same. */
  frameFor(participant: number): Uint8Array | null {
    const viewer = this.#viewers.get(participant);
    if (!viewer) return null;
    const due = [...viewer.sees].filter(
      (owner) => viewer.fresh.has(owner) || this.#owners.get(owner)?.changedTick === this.#tick,
    );
    const gone = [...viewer.gone];
    viewer.fresh.clear();
    viewer.gone.clear();
    if (viewer.sees.size === 0) this.#viewers.delete(participant);
    if (due.length + gone.length === 0) return null;
    const key = `${due.sort((a, b) => a - b).join()}/${gone.sort((a, b) => a - b).join()}`;
    let frame = this.#frames.get(key);
    if (!frame) {
      const entries = due.flatMap((owner) => this.#owners.get(owner)?.entry ?? []);
      frame = encodeHandsDown([...entries, ...gone.map((owner) => encodeHandsEntry(owner, null))]);
      this.#frames.set(key, frame);
    }
    return frame;
  }

  /** Their socket is full: what is new now is told when it is not. */
  skipped(participant: number): void {
    const viewer = this.#viewers.get(participant);
    if (!viewer) return;
    for (const owner of viewer.sees) if (this.#owners.get(owner)?.changedTick === this.#tick) viewer.fresh.add(owner);
  }

  #look(participant: number, viewer: Viewer, sees: ReadonlySet<number>): void {
    for (const owner of sees) if (!viewer.sees.has(owner)) viewer.fresh.add(owner);
    for (const owner of viewer.sees) if (!sees.has(owner)) viewer.gone.add(owner);
    for (const owner of sees) viewer.gone.delete(owner);
    viewer.sees = sees;
    this.#viewers.set(participant, viewer);
  }

  #drop(participant: number): void {
    if (!this.#owners.delete(participant)) return;
    for (const viewer of this.#viewers.values()) {
      if (!viewer.sees.has(participant)) continue;
      viewer.sees = new Set([...viewer.sees].filter((one) => one !== participant));
      viewer.fresh.delete(participant);
      viewer.gone.add(participant);
    }
  }

  /** By viewer: the nearest few owners, of those for whom the viewer is one of the nearest few. */
  #whoSeesWhom(): Map<number, ReadonlySet<number>> {
    const offers = new Map<number, { owner: number; away: number }[]>();
    const standing = this.#owners.size > 0 ? [...this.standing()] : [];
    const squares = bySquare(standing);
    for (const place of standing) {
      const owner = place.participant;
      if (!this.#owners.has(owner)) continue;
      const near: { viewer: number; away: number }[] = [];
      for (let column = -1; column <= 1; column++)
        for (let row = -1; row <= 1; row++)
          for (const { participant: viewer, x, z } of squares.get(squareOf(place, column, row)) ?? []) {
            const away = (x - place.x) ** 2 + (z - place.z) ** 2;
            if (viewer !== owner && away <= HANDS_WITHIN_M ** 2) near.push({ viewer, away });
          }
      near.sort((a, b) => a.away - b.away);
      for (const { viewer, away } of near.slice(0, HANDS_SHOWN_TO_MOST)) {
        const known = offers.get(viewer);
        if (known) known.push({ owner, away });
        else offers.set(viewer, [{ owner, away }]);
      }
    }
    const seen = new Map<number, ReadonlySet<number>>();
    for (const [viewer, all] of offers) {
      all.sort((a, b) => a.away - b.away);
      seen.set(viewer, new Set(all.slice(0, HANDS_SEEN_MOST).map(({ owner }) => owner)));
    }
    return seen;
  }
}

function bySquare(standing: readonly Standing[]): Map<string, Standing[]> {
  const squares = new Map<string, Standing[]>();
  for (const place of standing) {
    const key = squareOf(place, 0, 0);
    const known = squares.get(key);
    if (known) known.push(place);
    else squares.set(key, [place]);
  }
  return squares;
}

const newViewer = (): Viewer => ({ sees: NOBODY, fresh: new Set(), gone: new Set() });

const squareOf = ({ x, z }: { x: number; z: number }, columns: number, rows: number): string =>
  `${Math.floor(x / HANDS_WITHIN_M) + columns} ${Math.floor(z / HANDS_WITHIN_M) + rows}`;
