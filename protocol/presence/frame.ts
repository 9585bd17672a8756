import type { Pose, Quat, Vec3 } from '../spatial/pose.ts';

/**
 * Presence frames: where people are, packed. Newest wins; nothing here is ever stored or queued behind ops.
 *
 * Body (what one person sends, at most 36 bytes; little endian):
 *   u8  version (2)
 *   u8  flags    bit 0 left hand, 1 right hand, 2 left pinch/grip, 3 right pinch/grip, 4 pointing, 5 speaking, 6 headset
 *   u16 time     low 16 bits of the sender's clock, ms: spaces the states of one person, whatever the network did
 *   10  head     3 x i16 position, 1 mm steps, +-32.767 m; u32 rotation
 *   10  left hand, when flagged
 *   10  right hand, when flagged
 * A rotation is the smallest three of a unit quaternion: 2 bits name the largest component, 3 x 10 bits hold the others
 * over +-1/sqrt(2): worst error 0.16 degrees.
 *
 * Carry (a held part while it is dragged; sent beside a body, by the holder only):
 *   u8 length of the part id, id in ASCII, 3 x f32 position, 4 x f32 rotation: the pose in the part's parent.
 */
export const PRESENCE_VERSION = 2;
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
const HEADER_BYTES = 4;
const HALF_RANGE = Math.SQRT1_2;

/** `atMs`: when this was so by the sender's own clock. */
export function encodeBody(body: Body, atMs = 0): Uint8Array {
  const poses = [body.headInRoom, body.leftInRoom, body.rightInRoom].filter((pose): pose is Pose => pose !== undefined);
  const bytes = new Uint8Array(HEADER_BYTES + poses.length * POSE_BYTES);
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
  view.setUint16(2, Math.round(atMs) & 0xffff, true);
  poses.forEach((pose, index) => writePose(view, HEADER_BYTES + index * POSE_BYTES, pose));
  return bytes;
}

/** Whether bytes are a body: version, flags and length agree. Cheap, for servers that pass bodies on as they came. */
export function isBody(bytes: Uint8Array): boolean {
  const flags = bytes[1]!;
  const count = 1 + (flags & LEFT ? 1 : 0) + (flags & RIGHT ? 1 : 0);
  return bytes[0] === PRESENCE_VERSION && (flags & 0x80) === 0 && bytes.length === HEADER_BYTES + count * POSE_BYTES;
}

/** Returns null on bytes that are not a body: wrong version, length or flags. */
export function decodeBody(bytes: Uint8Array): Body | null {
  if (!isBody(bytes)) return null;
  const flags = bytes[1]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = HEADER_BYTES;
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

/** What a server needs of a body that it passes on: where the head is, metres, and whether it wants to be noticed. */
export function glanceAt(body: Uint8Array): { x: number; z: number; isNoticed: boolean } {
  // By hand: a server does this for each state of everybody, and a view costs more than the reading.
  const metres = (at: number) => ((((body[at + 1]! << 8) | body[at]!) << 16) >> 16) / 1000;
  return {
    x: metres(HEADER_BYTES),
    z: metres(HEADER_BYTES + 4),
    isNoticed: (body[1]! & (POINTING | SPEAKING)) !== 0,
  };
}

/** Low 16 bits of the sender's clock, ms. */
export const sentAtOf = (body: Uint8Array): number => body[2]! | (body[3]! << 8);

/** Whether two bodies show the same, whenever they were sent. */
export function isSameBody(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length || a[1] !== b[1]) return false;
  for (let i = HEADER_BYTES; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
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

export function encodeUp({ body, carries }: PresenceUp, atMs = 0): Uint8Array {
  const packed = body ? encodeBody(body, atMs) : new Uint8Array(0);
  return join([Uint8Array.of(packed.length), packed, Uint8Array.of(carries.length), ...carries.map(encodeCarry)]);
}

const NO_CARRIES: readonly Carry[] = [];

/** The body stays packed: the server forwards it as it came. Null on anything malformed. */
export function decodeUp(bytes: Uint8Array): { body: Uint8Array | null; carries: readonly Carry[] } | null {
  const length = bytes[0];
  if (length === undefined || length > MAX_BODY_BYTES || bytes.length < length + 2) return null;
  const body = length ? bytes.subarray(1, 1 + length) : null;
  if (body && !isBody(body)) return null;
  const count = bytes[1 + length]!;
  if (count > MAX_CARRIES) return null;
  if (count === 0) return bytes.length === 2 + length ? { body, carries: NO_CARRIES } : null;
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

/** What one participant did since the last tick, inside a down frame. Neither body nor carries: they are lost from sight. */
export interface PresenceEntry {
  /** Number the roster gives each participant. */
  readonly participant: number;
  readonly body: Uint8Array | null;
  readonly carries: readonly Carry[];
}

export interface PresenceDown {
  /** Low 32 bits of the server's clock, ms. */
  readonly serverTimeMs: number;
  /** The entries are everybody in sight: who is not among them has gone out of it. */
  readonly isComplete: boolean;
  /** People too far away to be sent one by one. */
  readonly beyond: number;
  readonly entries: readonly PresenceEntry[];
}

export const DOWN_HEADER_BYTES = 10;
const COMPLETE = 1;

/** One entry of a down frame: u16 participant, then an up frame. Made once, then part of many frames. */
export function encodeEntry({ participant, body, carries }: PresenceEntry): Uint8Array {
  const head = Uint8Array.of(participant & 255, participant >> 8, body?.length ?? 0);
  return join([head, body ?? new Uint8Array(0), Uint8Array.of(carries.length), ...carries.map(encodeCarry)]);
}

/** Where the body stands in an entry. */
export const ENTRY_BODY_AT = 3;

/**
 * Down frame: u8 version, u8 flags (bit 0 complete), u32 server time in ms (wraps), u16 people beyond sight, u16 number
 * of entries, entries. One frame per tick, encoded once for everyone who gets the same entries.
 */
export function encodeDown(about: Omit<PresenceDown, 'entries'>, entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + length, DOWN_HEADER_BYTES));
  writeDown(bytes, about, entries, entries.length);
  return bytes;
}

/** The same, of the first `count` entries, into `bytes` of the right length. */
export function writeDown(
  bytes: Uint8Array,
  { serverTimeMs, isComplete, beyond }: Omit<PresenceDown, 'entries'>,
  entries: readonly Uint8Array[],
  count: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, DOWN_HEADER_BYTES);
  bytes[0] = PRESENCE_VERSION;
  bytes[1] = isComplete ? COMPLETE : 0;
  view.setUint32(2, serverTimeMs >>> 0, true);
  view.setUint16(6, Math.min(beyond, 0xffff), true);
  view.setUint16(8, count, true);
  let at = DOWN_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    bytes.set(entries[i]!, at);
    at += entries[i]!.length;
  }
}

export function decodeDown(bytes: Uint8Array): PresenceDown | null {
  if (bytes.length < DOWN_HEADER_BYTES || bytes[0] !== PRESENCE_VERSION || bytes[1]! > COMPLETE) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(8, true);
  const entries: PresenceEntry[] = [];
  let at = DOWN_HEADER_BYTES;
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
  if (at !== bytes.length) return null;
  return {
    serverTimeMs: view.getUint32(2, true),
    isComplete: (bytes[1]! & COMPLETE) !== 0,
    beyond: view.getUint16(6, true),
    entries,
  };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  putAll(bytes, 0, parts);
  return bytes;
}

function putAll(bytes: Uint8Array, at: number, parts: readonly Uint8Array[]): void {
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
}
