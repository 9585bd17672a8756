import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody, decodeDown, encodeBody, type Carry, type PresenceDown } from '#protocol/presence/index';
import { InterestBoard, NEAR_MOST } from './interest.ts';

const at = (x: number, z: number, isSpeaking = false) =>
  encodeBody({ headInRoom: { position: [x, 1.7, z], rotation: [0, 0, 0, 1] }, isSpeaking });

/** A hall with people at places; each tick is 50 ms. */
class Hall {
  readonly board = new InterestBoard((bytes) => ({ body: new Uint8Array(bytes) }));
  nowMs = 1000;
  readonly #bodies = new Map<number, Uint8Array>();

  constructor(places: readonly (readonly [x: number, z: number])[]) {
    places.forEach(([x, z], i) => {
      this.hear(i + 1, at(x, z));
      this.board.watch(i + 1);
    });
    this.tick();
    places.forEach((_, i) => this.board.frameFor(i + 1));
  }

  /** Everybody else says that they are still there. */
  tick(silent: readonly number[] = []): void {
    for (const [participant, body] of this.#bodies)
      if (!silent.includes(participant)) this.board.hear(participant, body, [], this.nowMs);
    this.nowMs += 50;
    this.board.advance(this.nowMs);
  }

  hear(participant: number, body: Uint8Array, carries: readonly Carry[] = []): void {
    this.#bodies.set(participant, body);
    this.board.hear(participant, body, carries, this.nowMs);
  }

  see(viewer: number): PresenceDown | null {
    const frame = this.board.frameFor(viewer);
    return frame && decodeDown(frame.body);
  }
}

const who = (down: PresenceDown | null) => (down?.entries ?? []).map(({ participant }) => participant);
/** One person per metre along a line of 60 m. */
const line = Array.from({ length: 60 }, (_, i) => [i - 30, 0] as const);

describe('who is shown to whom', () => {
  it('sends nothing while everybody stands still, although they say that they are there', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
    ]);
    for (let i = 0; i < 100; i++) {
      hall.tick();
      expect(hall.see(2)).toBeNull();
    }
  });

  it('tells once that somebody has stopped, so that nobody carries their motion on', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
    ]);
    for (let i = 0; i < 3; i++) hall.tick();
    hall.hear(1, at(0.5, 0));
    hall.tick([1]);
    expect(who(hall.see(2))).toEqual([1]);
    hall.hear(1, at(0.5, 0));
    hall.tick([1]);
    expect(who(hall.see(2))).toEqual([1]);
    hall.hear(1, at(0.5, 0));
    hall.tick([1]);
    expect(hall.see(2)).toBeNull();
  });

  it('gives all of a small room the very same bytes, encoded once', () => {
    const hall = new Hall([
      [0, 0],
      [30, 0],
    ]);
    hall.hear(1, at(0.5, 0));
    hall.tick();
    const frame = hall.board.frameFor(1);
    expect(hall.board.frameFor(2)).toBe(frame);
    expect(who(decodeDown(frame!.body))).toEqual([1]);
  });

  it('shows near people at every tick, those further off four times slower, far ones once a second', () => {
    const hall = new Hall(line);
    const seen = { near: 0, middle: 0, far: 0 };
    const viewer = 1; // at -30 m
    for (let i = 0; i < 200; i++) {
      for (const participant of [4, 18, 28]) hall.hear(participant, at(participant - 31, (i % 10) / 100));
      hall.tick();
      const down = who(hall.see(viewer));
      if (down.includes(4)) seen.near++;
      if (down.includes(18)) seen.middle++;
      if (down.includes(28)) seen.far++;
    }
    expect(seen).toEqual({ near: 199, middle: 50, far: 10 });
  });

  it('tells only the number of those who are very far', () => {
    const hall = new Hall(line);
    hall.board.skipped(1);
    const down = hall.see(1)!;
    expect(down.isComplete).toBe(true);
    expect(down.beyond).toBe(60 - down.entries.length);
    expect(who(down)).not.toContain(60);
  });

  it('brings a person who speaks near, wherever they stand', () => {
    const hall = new Hall(line);
    let seen = 0;
    for (let i = 0; i < 60; i++) {
      hall.hear(60, at(29, (i % 10) / 100, true));
      hall.tick();
      if (who(hall.see(1)).includes(60)) seen++;
    }
    expect(seen).toBeGreaterThan(45);
  });

  it('shows who jumps beside somebody as near within half a second', () => {
    const hall = new Hall(line);
    const seen: boolean[] = [];
    for (let i = 0; i < 30; i++) {
      hall.hear(60, at(-29, (i % 10) / 100));
      hall.tick();
      seen.push(who(hall.see(1)).includes(60));
    }
    expect(seen.slice(10)).not.toContain(false);
  });

  it('says once that somebody is lost after they were silent, and shows them again when they are back', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
    ]);
    const news: number[][] = [];
    for (let i = 0; i < 60; i++) {
      hall.tick([2]);
      const down = hall.see(1);
      if (down)
        news.push(down.entries.filter(({ body, carries }) => !body && !carries.length).map((e) => e.participant));
    }
    expect(news).toEqual([[2]]);
    hall.hear(2, at(1, 0));
    hall.tick();
    expect(hall.see(1)!.entries[0]).toMatchObject({ participant: 2 });
    expect(hall.see(1)!.entries[0]!.body).not.toBeNull();
  });

  it('shows somebody who comes back where they stood, although they did not move', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
    ]);
    hall.board.unwatch(2);
    hall.tick([2]);
    expect(hall.see(1)!.entries[0]).toMatchObject({ participant: 2, body: null });
    hall.board.watch(2);
    hall.tick();
    expect(hall.see(1)!.entries[0]!.body).not.toBeNull();
  });

  it('tells everything to somebody who missed a frame', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    hall.hear(2, at(1.5, 0));
    hall.tick();
    hall.board.skipped(1);
    hall.tick();
    const down = hall.see(1)!;
    expect(down.isComplete).toBe(true);
    expect(who(down).toSorted()).toEqual([1, 2, 3]);
    expect(hall.see(3)).toBeNull();
  });

  it('tells everything to somebody who missed a frame, although another of the same square was asked first', () => {
    const hall = new Hall([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    hall.board.skipped(1);
    hall.hear(2, at(1.5, 0));
    hall.tick();
    expect(hall.see(3)).toMatchObject({ isComplete: false, entries: [{ participant: 2 }] });
    const down = hall.see(1)!;
    expect(down.isComplete).toBe(true);
    expect(who(down).toSorted()).toEqual([1, 2, 3]);
  });

  it('keeps the frame of a crowd bounded', () => {
    const hall = new Hall(Array.from({ length: 500 }, (_, i) => [(i % 20) / 10, i / 1000] as const));
    const sizes: number[] = [];
    for (let i = 0; i < 40; i++) {
      for (let p = 1; p <= 500; p++) hall.hear(p, at(((p % 20) + (i % 3)) / 10, p / 1000));
      hall.tick();
      sizes.push(who(hall.see(7)).length);
    }
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(mean).toBeLessThan(NEAR_MOST + 64 / 4 + 200 / 20 + 10);
  });

  it('leaves everybody with the newest pose of all in sight once all stand still, whatever happened before', () => {
    const step = fc.record({
      participant: fc.integer({ min: 1, max: 50 }),
      x: fc.integer({ min: -30, max: 30 }),
      z: fc.integer({ min: -30, max: 30 }),
      skip: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const hall = new Hall(Array.from({ length: 50 }, (_, i) => [(i % 10) * 6 - 30, Math.floor(i / 10) * 12 - 30]));
        const viewers = [1, 25, 50];
        const shown = new Map(viewers.map((viewer) => [viewer, new Map<number, number>()]));
        const look = (skip: boolean) => {
          for (const viewer of viewers) {
            if (skip && viewer === 25) {
              hall.board.skipped(viewer);
              continue;
            }
            const down = hall.see(viewer);
            const sight = shown.get(viewer)!;
            if (down?.isComplete) sight.clear();
            for (const { participant, body } of down?.entries ?? [])
              if (body) sight.set(participant, decodeBody(body)!.headInRoom.position[0]);
              else sight.delete(participant);
          }
        };
        for (const viewer of viewers) hall.board.skipped(viewer);
        look(false);
        for (const { participant, x, z, skip } of steps) {
          hall.hear(participant, at(x, z));
          hall.tick();
          look(skip);
        }
        for (let i = 0; i < 25; i++) {
          hall.tick();
          look(false);
        }
        for (const viewer of viewers) {
          hall.board.skipped(viewer);
          const before = new Map(shown.get(viewer));
          look(false);
          expect(before).toEqual(shown.get(viewer));
        }
      }),
      { numRuns: 60 },
    );
  });
});
