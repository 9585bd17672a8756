import type { Vec3 } from '../spatial/pose.ts';

/**
 * Bare hands with all their joints: an optional class of presence beside the body, for the few people who stand nearest.
 * The hand as a whole moves with the pose in the body (`leftInRoom`, `rightInRoom`); here is only its shape.
 *
 * Hands (little endian; bits of a hand from the lowest of its first byte on):
 *   u8  version (1)
 *   u8  flags    bit 0 left hand, bit 1 right hand; 0: no bare hands any more
 *   57  left hand, when flagged
 *   57  right hand, when flagged
 * One hand:
 *   3 x i8        the wrist in the frame of the hand's pose, 2 mm steps
 *   24 x 3 x 6 bit  each other joint from its parent, in the same frame, two's complement; steps of 2, 2.4 or 3.2 mm by
 *                 the length of the bone (`STEP_MM`)
 * A joint is measured from where its parent is *decoded*, so errors do not add up along a finger: each joint is off by
 * half a step per axis, 1.8 mm at the tips.
 *
 * Tried and left: rotations of the joints (15 bits each, as in a skeleton). They need the lengths of this person's bones
 * as well, and 0.5 degrees at each of four joints are 4 mm at the tip.
 */
export const HANDS_VERSION = 1;
export const HAND_BYTES = 57;
export const MAX_HANDS_BYTES = 2 + 2 * HAND_BYTES;
/** Sent at most this often, and only while somebody near sees them. */
export const HANDS_HZ = 10;

/** The joints of a hand in the order of WebXR (Hand Input, 2.1 skeleton joints). */
export const HAND_JOINTS = [
  'wrist',
  ...['thumb-metacarpal', 'thumb-phalanx-proximal', 'thumb-phalanx-distal', 'thumb-tip'],
  ...(['index', 'middle', 'ring', 'pinky'] as const).flatMap((finger) =>
    ['metacarpal', 'phalanx-proximal', 'phalanx-intermediate', 'phalanx-distal', 'tip'].map(
      (joint) => `${finger}-finger-${joint}`,
    ),
  ),
] as readonly string[];
export const JOINT_COUNT = 25;

/** Joint at which the bone to each joint begins: the wrist, or the joint before it. */
export const PARENT_OF: readonly number[] = HAND_JOINTS.map((name, joint) =>
  joint === 0 ? -1 : name.endsWith('metacarpal') ? 0 : joint - 1,
);
const WRIST_STEP_MM = 2;
/** By joint: from the wrist to the hand's bones, along the palm, along the fingers. They reach 74, 99 and 62 mm per axis. */
const STEP_MM: readonly number[] = HAND_JOINTS.map((name) =>
  name.endsWith('metacarpal') ? 2.4 : name.endsWith('finger-phalanx-proximal') ? 3.2 : 2,
);
const BONE_MAX = 31;

/** Places of the 25 joints, metres, in the frame of the hand's pose in the body. */
export type HandShape = readonly Vec3[];

export interface HandsPose {
  readonly left?: HandShape;
  readonly right?: HandShape;
}

const LEFT = 1;
const RIGHT = 2;

export function encodeHands({ left, right }: HandsPose): Uint8Array {
  const hands = [left, right].filter((hand): hand is HandShape => hand !== undefined);
  const bytes = new Uint8Array(2 + hands.length * HAND_BYTES);
  bytes[0] = HANDS_VERSION;
  bytes[1] = (left ? LEFT : 0) | (right ? RIGHT : 0);
  hands.forEach((hand, index) => writeHand(bytes.subarray(2 + index * HAND_BYTES), hand));
  return bytes;
}

/** Whether bytes are hands: version, flags and length agree. Any bytes inside are some hand. */
export function isHands(bytes: Uint8Array): boolean {
  return bytes[0] === HANDS_VERSION && bytes[1]! <= 3 && bytes.length === 2 + countOf(bytes[1]!) * HAND_BYTES;
}

/** Null on bytes that are not hands. */
export function decodeHands(bytes: Uint8Array): HandsPose | null {
  return isHands(bytes) ? readHands(bytes, 1) : null;
}

/** No bare hands, though there were. */
export const hasHands = (bytes: Uint8Array): boolean => bytes[1] !== 0;

export interface HandsEntry extends HandsPose {
  readonly participant: number;
}

/** One entry of a down frame from a hands frame as it came: u16 participant, then flags and hands. Null: they are gone. */
export function encodeHandsEntry(participant: number, hands: Uint8Array | null): Uint8Array {
  const rest = hands ? hands.subarray(1) : Uint8Array.of(0);
  const bytes = new Uint8Array(2 + rest.length);
  bytes[0] = participant & 255;
  bytes[1] = participant >> 8;
  bytes.set(rest, 2);
  return bytes;
}

/** Down frame: u8 version, u8 number of entries, entries. */
export function encodeHandsDown(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(2 + entries.reduce((sum, { length }) => sum + length, 0));
  bytes[0] = HANDS_VERSION;
  bytes[1] = entries.length;
  let at = 2;
  for (const entry of entries) {
    bytes.set(entry, at);
    at += entry.length;
  }
  return bytes;
}

/** Null on anything malformed. */
export function decodeHandsDown(bytes: Uint8Array): HandsEntry[] | null {
  if (bytes.length < 2 || bytes[0] !== HANDS_VERSION) return null;
  const entries: HandsEntry[] = [];
  let at = 2;
  for (let i = 0; i < bytes[1]!; i++) {
    const flags = bytes[at + 2];
    if (flags === undefined || flags > 3) return null;
    const end = at + 3 + countOf(flags) * HAND_BYTES;
    if (end > bytes.length) return null;
    entries.push({ participant: bytes[at]! | (bytes[at + 1]! << 8), ...readHands(bytes, at + 2) });
    at = end;
  }
  return at === bytes.length ? entries : null;
}

const countOf = (flags: number): number => (flags & LEFT) + ((flags & RIGHT) >> 1);

function readHands(bytes: Uint8Array, flagsAt: number): HandsPose {
  const flags = bytes[flagsAt]!;
  let at = flagsAt + 1;
  const next = () => readHand(bytes.subarray(at, (at += HAND_BYTES)));
  return { ...(flags & LEFT ? { left: next() } : {}), ...(flags & RIGHT ? { right: next() } : {}) };
}

function writeHand(bytes: Uint8Array, hand: HandShape): void {
  const decoded: number[][] = [];
  let bit = 24;
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const place = hand[joint]!;
    const parent = decoded[PARENT_OF[joint]!] ?? [0, 0, 0];
    const stepM = (joint === 0 ? WRIST_STEP_MM : STEP_MM[joint]!) / 1000;
    const most = joint === 0 ? 127 : BONE_MAX;
    const steps = parent.map((from, axis) => clamp(Math.round((place[axis]! - from) / stepM), most));
    decoded.push(steps.map((count, axis) => parent[axis]! + count * stepM));
    if (joint === 0) steps.forEach((count, axis) => (bytes[axis] = count & 255));
    else
      for (const count of steps) {
        writeBits(bytes, bit, count & 63);
        bit += 6;
      }
  }
}

function readHand(bytes: Uint8Array): HandShape {
  const hand: Vec3[] = [];
  let bit = 24;
  for (let joint = 0; joint < JOINT_COUNT; joint++) {
    const [x, y, z] = hand[PARENT_OF[joint]!] ?? [0, 0, 0];
    const stepM = (joint === 0 ? WRIST_STEP_MM : STEP_MM[joint]!) / 1000;
    const next = (axis: number) => {
      if (joint === 0) return ((bytes[axis]! << 24) >> 24) * stepM;
      const raw = readBits(bytes, bit);
      bit += 6;
      return ((raw << 26) >> 26) * stepM;
    };
    hand.push([x + next(0), y + next(1), z + next(2)]);
  }
  return hand;
}

/** Six bits from bit `at` on; they lie in one or two bytes. */
function writeBits(bytes: Uint8Array, at: number, value: number): void {
  const shifted = value << (at & 7);
  bytes[at >> 3]! |= shifted & 255;
  if (shifted > 255) bytes[(at >> 3) + 1]! |= shifted >> 8;
}

const readBits = (bytes: Uint8Array, at: number): number =>
  ((bytes[at >> 3]! | ((bytes[(at >> 3) + 1] ?? 0) << 8)) >> (at & 7)) & 63;

const clamp = (steps: number, most: number): number =>
  Number.isFinite(steps) ? Math.max(-most, Math.min(most, steps)) : 0;

/** What others cannot see of a finger that moves, metres: below it nothing is sent. */
const MOVED_M = 0.003;
/** Hands that keep still, or that nobody sees, are told again this often, ms: who comes near sees them at once. */
const STILL_EVERY_MS = 2000;

/** Decides which shapes of the hands are worth sending. */
export class HandsSampler {
  #last: HandsPose | null = null;
  #lastMs = -Infinity;

  /** The frame to send, or null when there is nothing to say. `isWanted`: somebody near sees them. */
  take(pose: HandsPose | null, isWanted: boolean, nowMs: number): Uint8Array | null {
    const hands = pose ?? {};
    if (!this.#isDue(hands, isWanted, nowMs)) return null;
    this.#last = hands;
    this.#lastMs = nowMs;
    return encodeHands(hands);
  }

  /** After a new connection everything counts again. */
  reset(): void {
    this.#last = null;
    this.#lastMs = -Infinity;
  }

  #isDue(hands: HandsPose, isWanted: boolean, nowMs: number): boolean {
    const last = this.#last;
    const isBare = hands.left !== undefined || hands.right !== undefined;
    if (!last) return isBare;
    if (!last.left !== !hands.left || !last.right !== !hands.right) return true;
    if (!isBare) return false;
    const sinceMs = nowMs - this.#lastMs;
    if (sinceMs >= STILL_EVERY_MS) return true;
    if (!isWanted || sinceMs < 1000 / HANDS_HZ - 5) return false;
    return hasMoved(last.left, hands.left) || hasMoved(last.right, hands.right);
  }
}

const hasMoved = (a: HandShape | undefined, b: HandShape | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.some((from, joint) => {
    const to = b[joint]!;
    return Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1]) + Math.abs(from[2] - to[2]) > MOVED_M;
  });
