import type { Pose, Quat, Vec3 } from '../spatial/pose.ts';

/**
 * Presence frames: where people are, packed. Newest wins; nothing here is ever stored or queued behind ops.
 *
 * Body (what one person sends, at most 36 bytes; little endian):
 *   u8  version (1)
 *   u8  flags    bit 0 left hand, 1 right hand, 2 left pinch/grip, 3 right pinch/grip, 4 pointing, 5 speaking, 6 headset
 *   10  head     3 x i16 position, 1 mm steps, +-32.767 m; u32 rotation
 *   10  left hand, when flagged
 *   10  right hand, when flagged
 * A rotation is the smallest three of a unit quaternion: 2 bits name the largest component, 3 x 10 bits hold the others
 * over +-1/sqrt(2): worst error 0.16 degrees.
 *
 * Carry (a held part while it is dragged; sent beside a body, by the holder only):
 *   u8 length of the part id, id in ASCII, 3 x f32 position, 4 x f32 rotation: the pose in the part's parent.
 */
export const PRESENCE_VERSION = 1;
export const MAX_BODY_BYTES = 36;
/** Positions are clamped to this reach, metres from the room's origin, in each axis. */
export const PRESENCE_REACH_M = 32.767;

export interface Body {
  readonly headInRoom: Pose;
  readonly leftInRoom?: Pose;
  readonly rightInRoom?: Pose;
  readonly isLeftClosed?: boolean;
  readonly isRightClosed?: boolean;
  readonly isPointing?: boolean;
  readonly isSpeaking?: boolean;
  readonly isHeadset?: boolean;
}

export interface Carry {
  readonly part: string;
  readonly poseInParent: Pose;
}

export interface PresenceUp {
  readonly body?: Body;
  readonly carries: readonly Carry[];
}

const LEFT = 1;
const RIGHT = 2;
const LEFT_CLOSED = 4;
const RIGHT_CLOSED = 8;
const POINTING = 16;
const SPEAKING = 32;
const HEADSET = 64;
const POSE_BYTES = 10;
const HALF_RANGE = Math.SQRT1_2;

export function encodeBody(body: Body): Uint8Array {
  const poses = [body.headInRoom, body.leftInRoom, body.rightInRoom].filter((pose): pose is Pose => pose !== undefined);
  const bytes = new Uint8Array(2 + poses.length * POSE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = PRESENCE_VERSION;
  bytes[1] =
    (body.leftInRoom ? LEFT : 0) |
    (body.rightInRoom ? RIGHT : 0) |
    (body.isLeftClosed ? LEFT_CLOSED : 0) |
    (body.isRightClosed ? RIGHT_CLOSED : 0) |
    (body.isPointing ? POINTING : 0) |
    (body.isSpeaking ? SPEAKING : 0) |
    (body.isHeadset ? HEADSET : 0);
  poses.forEach((pose, index) => writePose(view, 2 + index * POSE_BYTES, pose));
  return bytes;
}

/** Returns null on bytes that are not a body: wrong version, length or flags. */
export function decodeBody(bytes: Uint8Array): Body | null {
  if (bytes.length < 12 || bytes[0] !== PRESENCE_VERSION) return null;
  const flags = bytes[1]!;
  const count = 1 + (flags & LEFT ? 1 : 0) + (flags & RIGHT ? 1 : 0);
  if (flags & 0x80 || bytes.length !== 2 + count * POSE_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  const next = () => readPose(view, (at += POSE_BYTES) - POSE_BYTES);
  return {
    headInRoom: next(),
    ...(flags & LEFT ? { leftInRoom: next() } : {}),
    ...(flags & RIGHT ? { rightInRoom: next() } : {}),
    isLeftClosed: (flags & LEFT_CLOSED) !== 0,
    isRightClosed: (flags & RIGHT_CLOSED) !== 0,
    isPointing: (flags & POINTING) !== 0,
    isSpeaking: (flags & SPEAKING) !== 0,
    isHeadset: (flags & HEADSET) !== 0,
  };
}

function writePose(view: DataView, at: number, { position, rotation }: Pose): void {
  for (let axis = 0; axis < 3; axis++) {
    const mm = Math.round(position[axis]! * 1000);
    view.setInt16(at + axis * 2, Math.max(-32767, Math.min(32767, mm)), true);
  }
  view.setUint32(at + 6, packQuat(rotation), true);
}

function readPose(view: DataView, at: number): Pose {
  const position: Vec3 = [
    view.getInt16(at, true) / 1000,
    view.getInt16(at + 2, true) / 1000,
    view.getInt16(at + 4, true) / 1000,
  ];
  return { position, rotation: unpackQuat(view.getUint32(at + 6, true)) };
}

export function packQuat(q: Quat): number {
  let largest = 0;
  for (let i = 1; i < 4; i++) if (Math.abs(q[i]!) > Math.abs(q[largest]!)) largest = i;
  const sign = q[largest]! < 0 ? -1 : 1;
  let packed = largest;
  for (let i = 0; i < 4; i++) {
    if (i === largest) continue;
    const unit = (Math.max(-HALF_RANGE, Math.min(HALF_RANGE, q[i]! * sign)) + HALF_RANGE) / (2 * HALF_RANGE);
    packed = packed * 1024 + Math.round(unit * 1023);
  }
  return packed >>> 0;
}

export function unpackQuat(packed: number): Quat {
  const largest = packed >>> 30;
  const q: [number, number, number, number] = [0, 0, 0, 0];
  let squares = 0;
  let shift = 20;
  for (let i = 0; i < 4; i++) {
    if (i === largest) continue;
    const value = (((packed >>> shift) & 1023) / 1023) * 2 * HALF_RANGE - HALF_RANGE;
    q[i] = value;
    squares += value * value;
    shift -= 10;
  }
  q[largest] = Math.sqrt(Math.max(0, 1 - squares));
  return q;
}

const CARRY_POSE_BYTES = 28;

export function encodeCarry(carry: Carry): Uint8Array {
  const bytes = new Uint8Array(1 + carry.part.length + CARRY_POSE_BYTES);
  bytes[0] = carry.part.length;
  for (let i = 0; i < carry.part.length; i++) bytes[1 + i] = carry.part.charCodeAt(i);
  const view = new DataView(bytes.buffer, 1 + carry.part.length);
  [...carry.poseInParent.position, ...carry.poseInParent.rotation].forEach((value, i) =>
    view.setFloat32(i * 4, value, true),
  );
  return bytes;
}

/** Reads one carry at `at`; null when the bytes end early, the id is no id, or a number is not finite. */
export function decodeCarry(bytes: Uint8Array, at: number): { carry: Carry; end: number } | null {
  const length = bytes[at];
  if (length === undefined || length === 0 || length > 64 || at + 1 + length + CARRY_POSE_BYTES > bytes.length)
    return null;
  const part = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + length));
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return null;
  const end = at + 1 + length + CARRY_POSE_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1 + length, CARRY_POSE_BYTES);
  const n = Array.from({ length: 7 }, (_, i) => view.getFloat32(i * 4, true));
  if (!n.every(Number.isFinite)) return null;
  return {
    end,
    carry: { part, poseInParent: { position: [n[0]!, n[1]!, n[2]!], rotation: [n[3]!, n[4]!, n[5]!, n[6]!] } },
  };
}

/** Up frame: u8 body length (0: none), body, u8 number of carries, carries. */
export const MAX_CARRIES = 16;

export function encodeUp({ body, carries }: PresenceUp): Uint8Array {
  const packed = body ? encodeBody(body) : new Uint8Array(0);
  return join([Uint8Array.of(packed.length), packed, Uint8Array.of(carries.length), ...carries.map(encodeCarry)]);
}

/** The body stays packed: the server forwards it as it came. Null on anything malformed. */
export function decodeUp(bytes: Uint8Array): { body: Uint8Array | null; carries: Carry[] } | null {
  const length = bytes[0];
  if (length === undefined || length > MAX_BODY_BYTES || bytes.length < length + 2) return null;
  const body = length ? bytes.subarray(1, 1 + length) : null;
  if (body && !decodeBody(body)) return null;
  const count = bytes[1 + length]!;
  if (count > MAX_CARRIES) return null;
  const carries: Carry[] = [];
  let at = 2 + length;
  for (let i = 0; i < count; i++) {
    const read = decodeCarry(bytes, at);
    if (!read) return null;
    carries.push(read.carry);
    at = read.end;
  }
  return at === bytes.length ? { body, carries } : null;
}

/** What one participant did since the last tick, inside a down frame. */
export interface PresenceEntry {
  /** Number the roster gives each participant. */
  readonly participant: number;
  readonly body: Uint8Array | null;
  readonly carries: readonly Carry[];
}

/**
 * Down frame: u8 version, u32 server time in ms (wraps), u16 number of entries, then per entry u16 participant and an
 * up frame as above. One frame per tick, encoded once for everyone who gets the same entries.
 */
export function encodeDown(serverTimeMs: number, entries: readonly PresenceEntry[]): Uint8Array {
  const header = new Uint8Array(7);
  const view = new DataView(header.buffer);
  header[0] = PRESENCE_VERSION;
  view.setUint32(1, serverTimeMs >>> 0, true);
  view.setUint16(5, entries.length, true);
  const parts: Uint8Array[] = [header];
  for (const { participant, body, carries } of entries) {
    const packed = body ?? new Uint8Array(0);
    parts.push(
      Uint8Array.of(participant & 255, participant >> 8, packed.length),
      packed,
      Uint8Array.of(carries.length),
      ...carries.map(encodeCarry),
    );
  }
  return join(parts);
}

export function decodeDown(bytes: Uint8Array): { serverTimeMs: number; entries: PresenceEntry[] } | null {
  if (bytes.length < 7 || bytes[0] !== PRESENCE_VERSION) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(5, true);
  const entries: PresenceEntry[] = [];
  let at = 7;
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return null;
    const participant = view.getUint16(at, true);
    const length = bytes[at + 2]!;
    if (length > MAX_BODY_BYTES || at + 4 + length > bytes.length) return null;
    const body = length ? bytes.subarray(at + 3, at + 3 + length) : null;
    const carryCount = bytes[at + 3 + length]!;
    at += 4 + length;
    const carries: Carry[] = [];
    for (let k = 0; k < carryCount; k++) {
      const read = decodeCarry(bytes, at);
      if (!read) return null;
      carries.push(read.carry);
      at = read.end;
    }
    entries.push({ participant, body, carries });
  }
  return at === bytes.length ? { serverTimeMs: view.getUint32(1, true), entries } : null;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
