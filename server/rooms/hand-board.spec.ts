import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHandsDown, encodeHands, type HandsEntry } from '#protocol/presence/index';
import { openHand } from '../../test/support/open-hand.ts';
import { HandBoard, HANDS_SEEN_MOST, HANDS_SHOWN_TO_MOST, HANDS_WITHIN_M } from './hand-board.ts';
import type { Standing } from './interest.ts';

/** A board with people on it, ticked by hand at 20 Hz. */
class Floor {
  readonly #standing = new Map<number, Standing>();
  readonly board = new HandBoard(() => this.#standing.values());
  readonly wanted = new Map<number, boolean>();
  nowMs = 0;

  place(participant: number, x: number, z = 0): this {
    this.#standing.set(participant, { participant, x, z });
    return this;
  }

  hands(participant: number, bend = 0): this {
    this.board.hear(participant, encodeHands({ right: openHand(bend) }), this.nowMs);
    return this;
  }

  tick(): this {
    this.nowMs += 50;
    this.board.advance(this.nowMs, (participant, isWanted) => this.wanted.set(participant, isWanted));
    return this;
  }

  /** What a person is told until the next look at who is near, and in that tick. */
  told(viewer: number, ticks = 10): HandsEntry[] {
    const all: HandsEntry[] = [];
    for (let n = 0; n < ticks; n++) {
      const frame = this.tick().board.frameFor(viewer);
      if (frame) all.push(...decodeHandsDown(frame)!);
    }
    return all;
  }
}

const numbers = (entries: readonly HandsEntry[]) => [...new Set(entries.map(({ participant }) => participant))];

describe('fingers in a room', () => {
  it('are shown to who stands near, and to nobody further away', () => {
    const floor = new Floor()
      .place(1, 0)
      .place(2, HANDS_WITHIN_M - 0.1)
      .place(3, HANDS_WITHIN_M + 0.1)
      .hands(1);
    expect(numbers(floor.told(2))).toEqual([1]);
    floor.hands(1, 0.5);
    expect(floor.told(3, 20)).toEqual([]);
    expect(floor.told(1, 20)).toEqual([]); // nobody is told of their own
    expect(floor.wanted.get(1)).toBe(true);
  });

  it('are asked for only while somebody sees them', () => {
    const floor = new Floor().place(1, 0).place(2, 20).hands(1);
    for (let n = 0; n < 20; n++) floor.tick();
    expect(floor.wanted.get(1)).toBeUndefined();
    floor.place(2, 1);
    for (let n = 0; n < 10; n++) floor.tick();
    expect(floor.wanted.get(1)).toBe(true);
    floor.place(2, 20);
    for (let n = 0; n < 10; n++) floor.tick();
    expect(floor.wanted.get(1)).toBe(false);
  });

  it('are told once while they keep still, and at once to who comes near later', () => {
    const floor = new Floor().place(1, 0).place(2, 1).place(3, 20).hands(1);
    expect(floor.told(2, 30)).toHaveLength(1);
    floor.hands(1); // still there
    floor.place(3, 1);
    expect(floor.told(3, 10)).toHaveLength(1);
  });

  it('are taken away once when they are gone, out of reach, or silent', () => {
    const gone = [{ participant: 1 }];
    const walked = new Floor().place(1, 0).place(2, 1).hands(1);
    walked.told(2);
    walked.place(2, 9);
    expect(walked.told(2, 30)).toEqual(gone);
    const lowered = new Floor().place(1, 0).place(2, 1).hands(1);
    lowered.told(2);
    lowered.board.hear(1, encodeHands({}), lowered.nowMs);
    expect(lowered.told(2, 30)).toEqual(gone);
    const silent = new Floor().place(1, 0).place(2, 1).hands(1);
    silent.told(2);
    expect(silent.told(2, 140)).toEqual(gone);
    const left = new Floor().place(1, 0).place(2, 1).hands(1);
    left.told(2);
    left.board.forget(1);
    expect(left.told(2, 30)).toEqual(gone);
    expect(left.board.isQuiet).toBe(true);
  });

  it('wait for a slow socket, and come when it is free', () => {
    const floor = new Floor().place(1, 0).place(2, 1).hands(1);
    floor.told(2);
    floor.hands(1, 1).tick().board.skipped(2);
    const frame = floor.tick().board.frameFor(2);
    expect(numbers(decodeHandsDown(frame!)!)).toEqual([1]);
    expect(floor.tick().board.frameFor(2)).toBeNull();
  });

  it('are the same bytes for all who see the same', () => {
    const floor = new Floor().place(1, 0).place(2, 1).place(3, -1).hands(1);
    for (let n = 0; n < 10; n++) floor.tick();
    floor.board.frameFor(2);
    floor.board.frameFor(3);
    floor.hands(1, 1).tick();
    const frame = floor.board.frameFor(2);
    expect(frame).not.toBeNull();
    expect(floor.board.frameFor(3)).toBe(frame);
  });

  it('stay few in any crowd: nobody sees more than the nearest four, nobody is shown to more than eight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true })), {
          minLength: 2,
          maxLength: 60,
        }),
        (places) => {
          const floor = new Floor();
          places.forEach(([x, z], n) => floor.place(n, x, z).hands(n));
          for (let n = 0; n < 10; n++) floor.tick();
          const shownTo = new Map<number, number>();
          places.forEach(([x, z], viewer) => {
            const frame = floor.board.frameFor(viewer);
            const sees = frame ? numbers(decodeHandsDown(frame)!) : [];
            expect(sees.length).toBeLessThanOrEqual(HANDS_SEEN_MOST);
            for (const owner of sees) {
              const [ox, oz] = places[owner]!;
              expect(Math.hypot(ox - x, oz - z)).toBeLessThanOrEqual(HANDS_WITHIN_M + 0.002);
              shownTo.set(owner, (shownTo.get(owner) ?? 0) + 1);
            }
          });
          for (const count of shownTo.values()) expect(count).toBeLessThanOrEqual(HANDS_SHOWN_TO_MOST);
          places.forEach((_, n) => expect(floor.wanted.get(n) ?? false).toBe((shownTo.get(n) ?? 0) > 0));
        },
      ),
      { numRuns: 200 },
    );
  });
});
