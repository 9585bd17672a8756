/**
 * Atlas Copco Open Protocol, as far as results need it: framing, header, and the messages 0001-0005, 0060-0062,
 * 0080-0081 and 9999 in revision 1. All is ASCII; a message ends in NUL, its length counts the header of 20 bytes and not
 * the NUL. Specification: "Open Protocol Specification R 2.x", chapters 3 and 5.
 */
export const MID = {
  communicationStart: 1,
  communicationStartAck: 2,
  communicationStop: 3,
  error: 4,
  accepted: 5,
  resultSubscribe: 60,
  result: 61,
  resultAck: 62,
  resultUnsubscribe: 63,
  timeRequest: 80,
  time: 81,
  keepAlive: 9999,
} as const;

const HEADER_BYTES = 20;
/** Longer than any message of revision 1; what claims more is no Open Protocol. */
export const MAX_MESSAGE_BYTES = 4096;

export interface Message {
  readonly mid: number;
  readonly revision: number;
  readonly data: string;
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

export function encodeMessage({ mid, revision, data }: Message): Uint8Array {
  const length = HEADER_BYTES + data.length;
  const header = `${digits(length, 4)}${digits(mid, 4)}${digits(revision, 3)}`.padEnd(HEADER_BYTES, ' ');
  return Buffer.from(`${header}${data}\0`, 'latin1');
}

/** What a stream of bytes is not: the connection is of no more use. */
export class NotOpenProtocol extends Error {}

/** Messages out of a stream, in whatever pieces it comes. */
export class MessageReader {
  #rest = Buffer.alloc(0);

  /** Throws `NotOpenProtocol`. */
  read(chunk: Uint8Array): Message[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      if (this.#rest.length < 4) return messages;
      const length = numberIn(this.#rest.toString('latin1', 0, 4));
      if (length === null || length < HEADER_BYTES || length > MAX_MESSAGE_BYTES)
        throw new NotOpenProtocol('The length of a message cannot be read.');
      if (this.#rest.length < length + 1) return messages;
      const text = this.#rest.toString('latin1', 0, length);
      if (this.#rest[length] !== 0) throw new NotOpenProtocol('A message does not end where it says.');
      this.#rest = this.#rest.subarray(length + 1);
      const mid = numberIn(text.slice(4, 8));
      if (mid === null) throw new NotOpenProtocol('A message has no number.');
      // Three blanks mean revision 1.
      const revision = numberIn(text.slice(8, 11).trim() || '1');
      messages.push({ mid, revision: revision || 1, data: text.slice(HEADER_BYTES) });
    }
  }
}

const numberIn = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);

/** One tightening as MID 0061 revision 1 tells it. */
export interface Tightening {
  readonly controller: string;
  readonly vin: string;
  readonly parameterSet: number;
  readonly isOk: boolean;
  readonly torqueNm: number;
  readonly torqueLimitsNm: readonly [number, number];
  readonly angleDeg: number;
  /** Wall clock of the controller, read as UTC. */
  readonly atMs: number;
  readonly id: string;
}

/** Fields of MID 0061 revision 1: number, length. */
const RESULT_FIELDS = [
  ['cell', 4],
  ['channel', 2],
  ['controller', 25],
  ['vin', 25],
  ['job', 2],
  ['parameterSet', 3],
  ['batchSize', 4],
  ['batchCounter', 4],
  ['status', 1],
  ['torqueStatus', 1],
  ['angleStatus', 1],
  ['torqueMin', 6],
  ['torqueMax', 6],
  ['torqueTarget', 6],
  ['torque', 6],
  ['angleMin', 5],
  ['angleMax', 5],
  ['angleTarget', 5],
  ['angle', 5],
  ['time', 19],
  ['changed', 19],
  ['batchStatus', 1],
  ['id', 10],
] as const;
type ResultField = (typeof RESULT_FIELDS)[number][0];

/** Null: not what revision 1 looks like. */
export function readTightening(data: string): Tightening | null {
  const found = {} as Record<ResultField, string>;
  let at = 0;
  for (const [index, [name, length]] of RESULT_FIELDS.entries()) {
    if (data.slice(at, at + 2) !== digits(index + 1, 2)) return null;
    found[name] = data.slice(at + 2, at + 2 + length);
    if (found[name].length < length) return null;
    at += 2 + length;
  }
  const [torque, min, max, angle] = [found.torque, found.torqueMin, found.torqueMax, found.angle].map(numberIn);
  const parameterSet = numberIn(found.parameterSet);
  const atMs = readTime(found.time);
  const isKnown = found.status === '0' || found.status === '1';
  const id = found.id.trim();
  if (torque === null || min === null || max === null || angle === null || parameterSet === null) return null;
  if (atMs === null || !isKnown || id === '') return null;
  return {
    controller: found.controller.trim(),
    vin: found.vin.trim(),
    parameterSet,
    isOk: found.status === '1',
    torqueNm: torque! / 100,
    torqueLimitsNm: [min! / 100, max! / 100],
    angleDeg: angle!,
    atMs,
    id,
  };
}

/** For controllers of our own: samples and tests. */
export function writeTightening(of: Tightening): string {
  const status = of.isOk ? '1' : '0';
  const hundredths = (value: number) => digits(Math.round(value * 100), 6);
  const values: Record<ResultField, string> = {
    cell: '0001',
    channel: '01',
    controller: of.controller,
    vin: of.vin,
    job: '00',
    parameterSet: digits(of.parameterSet, 3),
    batchSize: '0000',
    batchCounter: '0000',
    status,
    torqueStatus: of.torqueNm < of.torqueLimitsNm[0] ? '0' : of.torqueNm > of.torqueLimitsNm[1] ? '2' : '1',
    angleStatus: '1',
    torqueMin: hundredths(of.torqueLimitsNm[0]),
    torqueMax: hundredths(of.torqueLimitsNm[1]),
    torqueTarget: hundredths((of.torqueLimitsNm[0] + of.torqueLimitsNm[1]) / 2),
    torque: hundredths(of.torqueNm),
    angleMin: '00000',
    angleMax: '99999',
    angleTarget: '00000',
    angle: digits(Math.round(of.angleDeg), 5),
    time: writeTime(of.atMs),
    changed: writeTime(of.atMs),
    batchStatus: '2',
    id: of.id.padStart(10, '0'),
  };
  return RESULT_FIELDS.map(
    ([name, length], index) => `${digits(index + 1, 2)}${values[name].padEnd(length).slice(0, length)}`,
  ).join('');
}

/** `YYYY-MM-DD:HH:MM:SS`. */
export function readTime(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2}):(\d{2}:\d{2}:\d{2})$/.exec(text);
  const atMs = match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
  return Number.isFinite(atMs) && atMs >= 0 ? atMs : null;
}
export const writeTime = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ':');
