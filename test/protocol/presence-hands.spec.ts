import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeHands,
  decodeHandsDown,
  encodeHands,
  encodeHandsDown,
  encodeHandsEntry,
  HAND_BYTES,
  HAND_JOINTS,
  HandsSampler,
  HANDS_HZ,
  isHands,
  JOINT_COUNT,
  PARENT_OF,
  type HandShape,
} from '#protocol/presence/index';
import type { Vec3 } from '#protocol/spatial/index';
import { openHand } from '../support/open-hand.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const apartM = (a: Vec3, b: Vec3) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
const tips = HAND_JOINTS.flatMap((name, joint) => (name.endsWith('tip') ? [joint] : []));

/** Bones as long as people's bones are, in any direction: far more hands than anatomy allows. */
const direction = fc
  .tuple(...Array.from({ length: 3 }, () => fc.double({ min: -1, max: 1, noNaN: true })))
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => v.map((x) => x / Math.hypot(...v)) as unknown as Vec3);
const anyHand: fc.Arbitrary<HandShape> = fc
  .tuple(
    fc.array(direction, { minLength: JOINT_COUNT, maxLength: JOINT_COUNT }),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: JOINT_COUNT, maxLength: JOINT_COUNT }),
  )
  .map(([ways, sizes]) => {
    const places: Vec3[] = [];
    HAND_JOINTS.forEach((name, joint) => {
      const from = places[PARENT_OF[joint]!] ?? [0, 0, 0];
      const most =
        joint === 0
          ? 0.2
          : name.endsWith('metacarpal')
            ? 0.07
            : name.endsWith('finger-phalanx-proximal')
              ? 0.095
              : 0.06;
      const length = most * (0.3 + 0.7 * sizes[joint]!);
      places.push(from.map((value, axis) => value + ways[joint]![axis]! * length) as unknown as Vec3);
    });
    return places;
  });

describe('bare hands on the wire', () => {
  it('keep their bytes: a change here breaks every client that is out there', () => {
    expect(hex(encodeHands({ left: openHand(0) }))).toMatchInlineSnapshot(
      `"010102fa1e0b7003800b003000cc074003000b002b00d0005007000d002c00a400200300cd033400b800b002c00c00350ed000f002000c003600d8"`,
    );
    expect(hex(encodeHands({ right: openHand(1) }))).toMatchInlineSnapshot(
      `"010202fa1e0b7003800bc43c902f074003000bb03b902f008204000d002ca0ea40de0008c2033400b800bb03f90220080ed000f002300fec09701c"`,
    );
    expect(
      hex(encodeHandsDown([encodeHandsEntry(258, encodeHands({ left: openHand(0.5) })), encodeHandsEntry(3, null)])),
    ).toMatchInlineSnapshot(
      `"010202010102fa1e0b7003800bd83340f7074003000bcc3040f7804d04000d002c20bb80cc0375c1033400b8c00c03330fd8040ed000f002360dd83d7013030000"`,
    );
  });

  it('take at most 60 bytes a hand', () => {
    expect(HAND_BYTES).toBe(57);
    expect(encodeHands({ left: openHand(0), right: openHand(1) }).length).toBe(2 + 2 * HAND_BYTES);
    expect(encodeHands({ right: openHand(0) }).length).toBeLessThanOrEqual(60);
  });

  it('are exact to 5 mm at the finger tips, for hands of any size in any posture', () => {
    let worstM = 0;
    fc.assert(
      fc.property(anyHand, anyHand, (left, right) => {
        const back = decodeHands(encodeHands({ left, right }))!;
        for (const [sent, got] of [
          [left, back.left!],
          [right, back.right!],
        ] as const)
          sent.forEach((place, joint) => {
            const errorM = apartM(place, got[joint]!);
            if (tips.includes(joint)) worstM = Math.max(worstM, errorM);
            expect(errorM).toBeLessThan(tips.includes(joint) ? 0.002 : 0.003);
          });
      }),
      { numRuns: 500 },
    );
    expect(worstM).toBeLessThan(0.005);
  });

  it('stay a hand when a device says what no hand can do', () => {
    const wild = openHand(0).map((place, joint) => (joint === 7 ? ([NaN, 9, -Infinity] as Vec3) : place));
    const back = decodeHands(encodeHands({ left: wild }))!.left!;
    expect(back.flat().every((value) => Number.isFinite(value) && Math.abs(value) < 0.6)).toBe(true);
    // What follows finds its way back towards where it is.
    expect(apartM(back[24]!, wild[24]!)).toBeLessThan(0.002);
  });

  it('refuse any bytes that are not hands instead of throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), (bytes) => {
        const up = decodeHands(bytes);
        expect(up !== null).toBe(isHands(bytes));
        const down = decodeHandsDown(bytes);
        for (const one of [up, ...(down ?? [])])
          if (one) for (const hand of [one.left, one.right]) if (hand) expect(hand).toHaveLength(JOINT_COUNT);
      }),
      { numRuns: 5000 },
    );
    const good = encodeHands({ left: openHand(0), right: openHand(0) });
    for (let cut = 0; cut < good.length; cut++) expect(decodeHands(good.subarray(0, cut))).toBeNull();
    const down = encodeHandsDown([encodeHandsEntry(9, good), encodeHandsEntry(10, null)]);
    for (let cut = 0; cut < down.length; cut++) expect(decodeHandsDown(down.subarray(0, cut))).toBeNull();
    expect(decodeHands(Uint8Array.from([2, ...good.subarray(1)]))).toBeNull();
  });

  it('bring down what was sent up, and that they are gone', () => {
    const up = encodeHands({ right: openHand(0.3) });
    const entries = decodeHandsDown(encodeHandsDown([encodeHandsEntry(700, up), encodeHandsEntry(4, null)]))!;
    expect(entries).toEqual([{ participant: 700, ...decodeHands(up)! }, { participant: 4 }]);
  });
});

describe('what is sent of hands', () => {
  /** Frames of ten seconds, sampled as a headset draws. */
  function framesOf(isWanted: boolean, bendAt: (sec: number) => number): Uint8Array[] {
    const sampler = new HandsSampler();
    const frames: Uint8Array[] = [];
    for (let ms = 0; ms < 10_000; ms += 1000 / 90) {
      const hand = openHand(bendAt(ms / 1000));
      const frame = sampler.take({ left: hand, right: hand }, isWanted, ms);
      if (frame) frames.push(frame);
    }
    return frames;
  }
  const working = (sec: number) => 0.5 + 0.5 * Math.sin(sec * 5);

  it('is at most ten shapes a second of hands that move, and a word now and then of hands that rest', () => {
    const moving = framesOf(true, working);
    const bytes = moving.reduce((sum, { length }) => sum + length, 0) / 10;
    console.log(
      `Two hands at work: ${moving.length / 10} frames/s, ${Math.round(bytes)} bytes/s, ${Math.round(bytes / 2)} a hand`,
    );
    expect(moving.length).toBeLessThanOrEqual(10 * HANDS_HZ + 1);
    expect(bytes / 2).toBeLessThan(600);
    expect(framesOf(true, () => 0).length).toBeLessThanOrEqual(6);
  });

  it('is a word now and then while nobody near sees them', () => {
    expect(framesOf(false, working).length).toBeLessThanOrEqual(6);
  });

  it('says at once that a hand came, and once that both are gone', () => {
    const sampler = new HandsSampler();
    expect(sampler.take(null, true, 0)).toBeNull();
    expect(sampler.take({ left: openHand(0) }, false, 10)).not.toBeNull();
    expect(sampler.take({ left: openHand(0), right: openHand(0) }, false, 20)).not.toBeNull();
    expect(sampler.take({}, false, 30)).toEqual(Uint8Array.of(1, 0));
    expect(sampler.take(null, true, 9_000)).toBeNull();
  });
});
