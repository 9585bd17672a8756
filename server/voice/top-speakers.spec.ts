import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSlots, TOP_SPEAKERS, TopSpeakers } from './top-speakers.ts';

const SILENT = 90;
const PEOPLE = ['ann', 'bo', 'cem', 'dai', 'eva', 'fay', 'gus', 'hal'];

describe('top speakers', () => {
  it('lets a speaker in with the first loud packet while there is room', () => {
    const speakers = new TopSpeakers({ most: 2 });
    expect(speakers.heard('ann', 30, 0)).toBe(true);
    expect(speakers.top).toEqual(['ann']);
  });

  it('keeps a speaker over the pauses between words, and lets them go after that', () => {
    const speakers = new TopSpeakers({ most: 2 });
    speakers.heard('ann', 30, 0);
    for (let ms = 20; ms <= TOP_SPEAKERS.holdMs; ms += 20) {
      speakers.heard('ann', SILENT, ms);
      expect(speakers.advance(ms)).toBe(false);
    }
    expect(speakers.advance(TOP_SPEAKERS.holdMs + 1)).toBe(true);
    expect(speakers.top).toEqual([]);
  });

  it('gives the place of the quietest to somebody clearly louder, but not to somebody equally loud', () => {
    const speakers = new TopSpeakers({ most: 2 });
    for (let ms = 0; ms < 3000; ms += 20) {
      speakers.heard('ann', 20, ms);
      speakers.heard('bo', 35, ms);
      speakers.heard('cem', 33, ms);
      speakers.advance(ms);
    }
    expect(speakers.top).toEqual(['ann', 'bo']);
    for (let ms = 3000; ms < 4000; ms += 20) {
      speakers.heard('ann', 20, ms);
      speakers.heard('bo', 35, ms);
      speakers.heard('cem', 25, ms);
      speakers.advance(ms);
    }
    expect(speakers.top).toEqual(['ann', 'cem']);
  });

  const packets = fc.array(
    fc.record({
      who: fc.constantFrom(...PEOPLE),
      level: fc.integer({ min: 0, max: 127 }),
      afterMs: fc.integer({ min: 0, max: 40 }),
    }),
    { minLength: 1, maxLength: 400 },
  );

  it('never has more than it may, never somebody silent, and never empties a place while somebody speaks', () => {
    fc.assert(
      fc.property(packets, fc.integer({ min: 1, max: 5 }), (list, most) => {
        const speakers = new TopSpeakers({ most });
        const loudAt = new Map<string, number>();
        let nowMs = 0;
        for (const { who, level, afterMs } of list) {
          nowMs += afterMs;
          if (level < TOP_SPEAKERS.speechDb) loudAt.set(who, nowMs);
          speakers.heard(who, level, nowMs);
          speakers.advance(nowMs);
          const { top } = speakers;
          expect(top.length).toBeLessThanOrEqual(most);
          expect(new Set(top).size).toBe(top.length);
          for (const id of top) expect(nowMs - (loudAt.get(id) ?? -Infinity)).toBeLessThanOrEqual(TOP_SPEAKERS.holdMs);
          if (loudAt.get(who) === nowMs && top.length < most) expect(top).toContain(who);
        }
      }),
    );
  });

  it('does not flutter: who came in stays for a moment, however loud the others are', () => {
    fc.assert(
      fc.property(packets, (list) => {
        const speakers = new TopSpeakers({ most: 2 });
        const cameIn = new Map<string, number>();
        const loudAt = new Map<string, number>();
        let nowMs = 0;
        for (const { who, level, afterMs } of list) {
          nowMs += afterMs;
          const before = speakers.top;
          if (level < TOP_SPEAKERS.speechDb) loudAt.set(who, nowMs);
          speakers.heard(who, level, nowMs);
          speakers.advance(nowMs);
          for (const id of speakers.top) if (!before.includes(id)) cameIn.set(id, nowMs);
          for (const id of before)
            if (!speakers.top.includes(id))
              expect(
                nowMs - cameIn.get(id)! >= TOP_SPEAKERS.stayMs || nowMs - loudAt.get(id)! > TOP_SPEAKERS.holdMs,
              ).toBe(true);
        }
      }),
    );
  });
});

describe('slots', () => {
  const slots = fc.array(fc.option(fc.constantFrom(...PEOPLE)), { minLength: 1, maxLength: 5 });
  const top = fc.uniqueArray(fc.constantFrom(...PEOPLE), { maxLength: 5 });

  it('give each listener the speakers, never themself, and nobody twice', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 5 }),
        top,
        fc.constantFrom(...PEOPLE),
        (before, speakers, me) => {
          const after = assignSlots(before, speakers, me);
          const heard = after.filter((id) => id !== null);
          expect(after.length).toBe(before.length);
          expect(heard).not.toContain(me);
          expect(new Set(heard).size).toBe(heard.length);
          expect(heard.length).toBe(Math.min(before.length, speakers.filter((id) => id !== me).length));
        },
      ),
    );
  });

  it('leave who goes on speaking on their track', () => {
    fc.assert(
      fc.property(slots, top, fc.constantFrom(...PEOPLE), (known, speakers, me) => {
        const before = known.map((id, i) => (known.indexOf(id) === i ? id : null));
        const after = assignSlots(before, speakers, me);
        const wanted = speakers.filter((id) => id !== me).slice(0, before.length);
        before.forEach((id, i) => {
          if (id !== null && wanted.includes(id)) expect(after[i]).toBe(id);
        });
      }),
    );
  });
});
