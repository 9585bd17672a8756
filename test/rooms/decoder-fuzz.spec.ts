import { describe, expect, it } from 'vitest';
import { decodeBlock, encodeBlock, openEntry } from '#protocol/journal/index';
import {
  decodeBody,
  decodeDown,
  decodeUp,
  encodeBody,
  encodeDown,
  encodeEntry,
  encodeUp,
} from '#protocol/presence/index';
import { CLIENT_MESSAGES, decodeTick, encodeTick, JoinOptions } from '#protocol/room/index';
import type { Quat, Vec3 } from '#protocol/spatial/index';
import { Dice } from '../support/design-arbitraries.ts';

/** Inputs in all, of a million a part in CI. `DECODER_INPUTS=1000000 SEED=… npx vitest run --project integration test/rooms/decoder-fuzz`. */
const INPUTS = Number(process.env['DECODER_INPUTS'] ?? 250_000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const pose = { position: [1, 1.7, -2] as Vec3, rotation: [0, 0, 0, 1] as Quat };
const body = { headInRoom: pose, leftInRoom: pose, rightInRoom: pose };
const up = encodeUp({ body, carries: [{ part: 'part-1', poseInParent: pose }] }, 7);
const down = encodeDown({ serverTimeMs: 5, isComplete: true, beyond: 2 }, [
  encodeEntry({ participant: 3, body: encodeBody(body), carries: [{ part: 'p', poseInParent: pose }] }),
  encodeEntry({ participant: 4, body: null, carries: [] }),
]);
const move = {
  id: 'op',
  type: 'part.move',
  payload: { moves: [{ id: 'a', poseInParent: pose }] },
  group: 'g',
  fence: 2,
};
const ops = encodeBlock({ ops: [move, move] }).bytes;
const entry = encodeBlock({
  v: 1,
  room: 'room',
  seq: 0,
  prev: null,
  id: 'genesis',
  author: { id: 'ann', name: 'Ann' },
  at: 5,
  type: 'room.opened',
  payload: { kind: 'design', purpose: 'project', title: 'Pump' },
}).bytes;
const join = { v: 1, room: 'room', client: 'me', ticket: 't', device: 'bot', have: 3, unanswered: ['a', 'b'] };

/** Null or a thing of the right shape; for the readers of blocks also an error, which every caller catches. */
const READERS: [name: string, seeds: Uint8Array[], read: (bytes: Uint8Array) => unknown, mayThrow: boolean][] = [
  ['decodeUp', [up], decodeUp, false],
  ['decodeDown', [down], decodeDown, false],
  ['decodeBody', [encodeBody(body)], decodeBody, false],
  ['decodeTick', [encodeTick(down, ops)], decodeTick, false],
  ['decodeBlock', [ops, entry], decodeBlock, true],
  ['openEntry', [entry], openEntry, true],
  ['ops message', [ops], (bytes) => CLIENT_MESSAGES.ops.safeParse(decodeBlock(bytes)).success, true],
  ['join options', [new TextEncoder().encode(JSON.stringify(join))], readJoin, true],
];

function readJoin(bytes: Uint8Array): boolean {
  return JoinOptions.safeParse(JSON.parse(new TextDecoder().decode(bytes))).success;
}

function mutate(seed: Uint8Array, dice: Dice): Uint8Array {
  if (dice.next() < 0.15) return Uint8Array.from({ length: dice.upTo(120) }, () => dice.upTo(256));
  let bytes = Uint8Array.from(seed);
  for (let i = dice.upTo(3); i >= 0; i--) {
    const at = dice.upTo(bytes.length);
    const kind = dice.upTo(5);
    if (bytes.length === 0) break;
    if (kind === 0) bytes[at] = dice.upTo(256);
    else if (kind === 1) bytes[at]! ^= 1 << dice.upTo(8);
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3) bytes = Uint8Array.from([...bytes.subarray(0, at), dice.upTo(256), ...bytes.subarray(at)]);
    else bytes = Uint8Array.from([...bytes, ...seed.subarray(at)]);
  }
  return bytes;
}

describe('what reads bytes from strangers', () => {
  it(
    `says what it is or that it is nothing, whatever comes (${INPUTS} inputs, seed ${SEED})`,
    () => {
      const dice = new Dice(SEED);
      let read = 0;
      let slowestMs = 0;
      for (let n = 0; n < INPUTS; n++) {
        const [name, seeds, reader, mayThrow] = READERS[n % READERS.length]!;
        const bytes = mutate(dice.pick(seeds)!, dice);
        const before = n % 64 === 0 ? performance.now() : 0;
        try {
          if (reader(bytes)) read += 1;
        } catch (thrown) {
          if (!mayThrow || !(thrown instanceof Error))
            throw new Error(`${name} threw on ${Buffer.from(bytes).toString('hex')} (seed ${SEED}, input ${n})`, {
              cause: thrown,
            });
        }
        if (before) slowestMs = Math.max(slowestMs, performance.now() - before);
      }
      // Some are still good, most are not: both ways are walked.
      expect(read).toBeGreaterThan(INPUTS * 0.02);
      expect(read).toBeLessThan(INPUTS * 0.6);
      expect(slowestMs).toBeLessThan(250);
    },
    60_000 + INPUTS / 10,
  );

  it('does not run out of stack, memory or time on blocks that say they are deep or long', () => {
    const nested = (depth: number) => Buffer.alloc(depth, 0x81);
    const claims = ['9bffffffffffffffff', '9a7fffffff', 'ba7fffffff', '5b00000000ffffffff', '5a7fffffff', '7a7fffffff'];
    for (const bytes of [nested(1_000), nested(1_000_000), ...claims.map((hex) => Buffer.from(hex, 'hex'))]) {
      const startMs = performance.now();
      expect(() => decodeBlock(bytes)).toThrow();
      expect(performance.now() - startMs).toBeLessThan(500);
    }
  });
});
