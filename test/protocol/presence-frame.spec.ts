import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeBody,
  decodeDown,
  decodeUp,
  encodeBody,
  encodeDown,
  encodeEntry,
  encodeUp,
  MAX_BODY_BYTES,
  packQuat,
  unpackQuat,
  type Body,
} from '#protocol/presence/index';
import { normalizeQuat, type Quat } from '#protocol/spatial/index';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const unit = fc
  .tuple(...Array.from({ length: 4 }, () => fc.double({ min: -1, max: 1, noNaN: true })))
  .filter((q) => Math.hypot(...q) > 0.1)
  .map((q) => normalizeQuat(q as unknown as Quat));
const pose = fc.record({
  position: fc
    .tuple(...Array.from({ length: 3 }, () => fc.double({ min: -32, max: 32, noNaN: true })))
    .map((p) => p as [number, number, number]),
  rotation: unit,
});

const BODY: Body = {
  headInRoom: { position: [1.25, 1.7, -3.001], rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2] },
  rightInRoom: { position: [-0.5, 1.1, 0.002], rotation: [0, 0, 0, 1] },
  isRightClosed: true,
  isHeadset: true,
};

describe('a presence frame', () => {
  it('keeps its bytes: a change here breaks every client that is out there', () => {
    expect(hex(encodeBody(BODY))).toMatchInlineSnapshot(`"024a0000e204a40647f4ff0308600cfe4c040200000208e0"`);
    expect(
      hex(encodeUp({ body: BODY, carries: [{ part: 'abc', poseInParent: BODY.headInRoom }] })),
    ).toMatchInlineSnapshot(
      `"18024a0000e204a40647f4ff0308600cfe4c040200000208e001036162630000a03f9a99d93f621040c000000000f304353f00000000f304353f"`,
    );
    expect(
      hex(
        encodeDown({ serverTimeMs: 0x01020304, isComplete: true, beyond: 5 }, [
          encodeEntry({ participant: 258, body: encodeBody(BODY, 0x1234), carries: [] }),
        ]),
      ),
    ).toMatchInlineSnapshot(`"02010403020105000100020118024a3412e204a40647f4ff0308600cfe4c040200000208e000"`);
  });

  it('holds head and two hands in at most 36 bytes', () => {
    const both = encodeBody({ ...BODY, leftInRoom: BODY.headInRoom });
    expect(both.length).toBe(34);
    expect(both.length).toBeLessThanOrEqual(MAX_BODY_BYTES);
  });

  it('is exact to a millimetre and half a degree', () => {
    fc.assert(
      fc.property(pose, pose, (headInRoom, leftInRoom) => {
        const back = decodeBody(encodeBody({ headInRoom, leftInRoom }))!;
        for (const [sent, got] of [
          [headInRoom, back.headInRoom],
          [leftInRoom, back.leftInRoom!],
        ] as const) {
          sent.position.forEach((value, axis) =>
            expect(Math.abs(value - got.position[axis]!)).toBeLessThanOrEqual(0.000501),
          );
          const dot = Math.abs(sent.rotation.reduce((sum, value, i) => sum + value * got.rotation[i]!, 0));
          expect((2 * Math.acos(Math.min(1, dot)) * 180) / Math.PI).toBeLessThan(0.5);
        }
      }),
    );
  });

  it('packs a rotation and its negative the same, for they are the same rotation', () => {
    fc.assert(
      fc.property(unit, (q) =>
        unpackQuat(packQuat(q)).every(
          (v, i) => Math.abs(v - unpackQuat(packQuat(q.map((x) => -x) as unknown as Quat))[i]!) < 0.003,
        ),
      ),
    );
  });

  it('refuses any bytes that are not a frame instead of throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const up = decodeUp(bytes);
        const down = decodeDown(bytes);
        expect([up, down].every((frame) => frame === null || typeof frame === 'object')).toBe(true);
      }),
      { numRuns: 5000 },
    );
    const good = encodeUp({ body: BODY, carries: [{ part: 'abc', poseInParent: BODY.headInRoom }] });
    for (let cut = 0; cut < good.length; cut++) expect(decodeUp(good.subarray(0, cut))).toBeNull();
  });

  it('brings down what was sent up', () => {
    const body = encodeBody(BODY);
    const entries = [
      { participant: 3, body, carries: [] },
      {
        participant: 700,
        body: null,
        carries: [
          {
            part: 'p-1',
            poseInParent: { position: [1, 2, 3] as [number, number, number], rotation: [0, 0, 0, 1] as Quat },
          },
        ],
      },
    ];
    const about = { serverTimeMs: 99, isComplete: false, beyond: 3 };
    expect(
      decodeDown(
        encodeDown(
          about,
          entries.map((entry) => encodeEntry(entry)),
        ),
      ),
    ).toEqual({ ...about, entries });
  });
});
