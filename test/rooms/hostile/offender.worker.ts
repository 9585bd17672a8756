/**
 * People with bad intentions, in a process of their own: each comes in through the front door with a ticket, does its
 * worst through a plain socket until it is closed, and comes again. Told what to do, and tells what became of each kind,
 * over the process channel.
 */
import { encode } from '@ipld/dag-cbor';
import WebSocket from 'ws';
import { encodeUp } from '#protocol/presence/index';
import { Dice } from '../../support/design-arbitraries.ts';

export interface OffenderOrder {
  hallUrl: string;
  room: string;
  token: string;
  seed: number;
  frames: number;
  /** How many are at it at once. */
  atOnce: number;
}

export interface OffenderResult {
  frames: number;
  visits: number;
  /** Refused at the door: no socket came about. */
  turnedAway: number;
  /** `kind code` → how often a socket of that kind ended so. */
  closes: Record<string, number>;
  /** `kind` → sockets that were still open when everything was sent and a while had passed. */
  stillOpen: Record<string, number>;
}

const FRAMES_PER_VISIT = 600;
const CLOSED_WITHIN_MS = 6_000;
/** Between two handfuls of frames, so that the one process with all of them does not become the limit. */
const HANDFUL = 50;

type Send = (bytes: Uint8Array) => void;

process.on('message', (order: OffenderOrder) => void run(order).then((result) => process.send!(result)));

const dice = { current: new Dice(1) };
const roll = (n: number) => dice.current.upTo(n);

const frame = (name: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x11, 0xa0 + name.length]), Buffer.from(name), body]);
const randomBytes = (length: number) => Uint8Array.from({ length }, () => roll(256));

const IDENTITY: [number, number, number, number] = [0, 0, 0, 1];
const POSE = { position: [1, 1.7, -2] as [number, number, number], rotation: IDENTITY };

/** What good clients say: the raw material. */
const RECORDED: Buffer[] = [
  frame('presence', encodeUp({ body: { headInRoom: POSE, leftInRoom: POSE, rightInRoom: POSE }, carries: [] }, 77)),
  frame('presence', encodeUp({ carries: [{ part: 'part-1', poseInParent: POSE }] }, 99)),
  frame(
    'ops',
    encode({ ops: [{ id: 'x', type: 'part.move', payload: { moves: [{ id: 'part-1', poseInParent: POSE }] } }] }),
  ),
  frame('ops', encode({ ops: [{ id: 'y', type: 'history.undo', payload: { target: 'x' }, group: 'g', fence: 3 }] })),
  frame('lease.take', encode({ request: 1, parts: ['part-1', 'part-2'] })),
  frame('lease.release', encode({ parts: ['part-1'] })),
  frame('ping', encode({ n: 12.5 })),
  Buffer.from([0x0a]),
  Buffer.from([0x12]),
  frame('welcome', encode({ v: 1, participant: 1 })),
  frame('tick', encode({ from: 0, blocks: [] })),
];

function mutated(): Buffer {
  const bytes = Buffer.from(RECORDED[roll(RECORDED.length)]!);
  for (let i = roll(4); i >= 0; i--) {
    const kind = roll(5);
    if (kind === 0) bytes[roll(bytes.length)] = roll(256);
    else if (kind === 1) return bytes.subarray(0, roll(bytes.length + 1));
    else if (kind === 2) return Buffer.concat([bytes, randomBytes(roll(40))]);
    else if (kind === 3) bytes[roll(Math.min(6, bytes.length))]! ^= 1 << roll(8);
    else return Buffer.concat([bytes, RECORDED[roll(RECORDED.length)]!]);
  }
  return bytes;
}

/** CBOR as deep, or as long by its own word, as the frame allows. */
function deepCbor(): Buffer {
  const depth = 10 ** (1 + roll(5));
  const shape = roll(4);
  const body =
    shape === 0
      ? Buffer.alloc(depth, 0x81)
      : shape === 1
        ? Buffer.from('a1616f'.repeat(Math.min(depth, 30_000)), 'hex')
        : shape === 2
          ? Buffer.from('9bffffffffffffffff', 'hex')
          : Buffer.from('5b00000000ffffffff', 'hex');
  return frame(['ops', 'ping', 'lease.take'][roll(3)]!, body);
}

function denseCbor(): Buffer {
  const lists = Buffer.concat([Buffer.from('9a000dbba0', 'hex'), Buffer.alloc(900_000, [0x80, 0x00, 0xa0][roll(3)])]);
  const wrapped = [
    Buffer.from('a1636f7073', 'hex'), // {ops: …}
    Buffer.from('a1636f707381a36269646178647479706569706172742e6d6f7665677061796c6f6164a1656d6f766573', 'hex'), // {ops: [{id, type: part.move, payload: {moves: …}}]}
    Buffer.alloc(0),
  ][roll(3)]!;
  return frame('ops', Buffer.concat([wrapped, lists]));
}

/** One kind of bad behaviour: what it sends at its n-th frame. */
const KINDS: Record<string, (send: Send, n: number) => void> = {
  noise: (send) => send(randomBytes(roll(300))),
  mutant: (send) => send(mutated()),
  deep: (send, n) => send(n < 12 ? deepCbor() : mutated()),
  // Short to send, long to read: lists of a million things.
  dense: (send, n) => send(n === 3 ? denseCbor() : frame('ping', encode({ n }))),
  unknown: (send) => send(frame(['nonsense', 'roster', 'entries', 'x'][roll(4)]!, randomBytes(roll(30)))),
  forger: (send, n) =>
    send(frame('ops', encode({ ops: [{ id: `f${n}`, type: 'part.move', payload: {}, author: { id: 'root' } }] }))),
  flood: (send) => send(frame('ping', encode({ n: 1 }))),
  pinger: (send) => send(Buffer.from([0x12])),
  // By far not every one, or the line would carry nothing else.
  oversized: (send, n) => send(n === 5 ? new Uint8Array(1024 * 1024 + 100) : frame('ping', encode({ n }))),
  greedy: (send, n) =>
    send(
      frame(
        'ops',
        encode({
          ops: Array.from({ length: 20 }, (_, i) => ({ id: `g${n}-${i}`, type: 'part.explode', payload: {} })),
        }),
      ),
    ),
};

async function run(order: OffenderOrder): Promise<OffenderResult> {
  dice.current = new Dice(order.seed);
  const result: OffenderResult = { frames: 0, visits: 0, turnedAway: 0, closes: {}, stillOpen: {} };
  const kinds = Object.keys(KINDS);
  await Promise.all(
    Array.from({ length: order.atOnce }, async () => {
      while (result.frames < order.frames) await visit(order, kinds[result.visits % kinds.length]!, result);
    }),
  );
  return result;
}

async function visit(order: OffenderOrder, kind: string, result: OffenderResult): Promise<void> {
  const visitor = `bad-${process.pid}-${result.visits++}`;
  const socket = await enter(order, visitor);
  if (!socket) return void (result.turnedAway += 1);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', (code: number) => {
      result.closes[`${kind} ${code}`] = (result.closes[`${kind} ${code}`] ?? 0) + 1;
      resolve();
    });
  });
  // Greedy ones never read what they are told.
  if (kind === 'greedy') socket.pause();
  const send: Send = (bytes) => {
    result.frames += 1;
    socket.send(bytes);
  };
  for (let n = 0; n < FRAMES_PER_VISIT && socket.readyState === WebSocket.OPEN; n++) {
    KINDS[kind]!(send, n);
    if (n % HANDFUL === HANDFUL - 1) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (kind === 'greedy') setTimeout(() => socket.resume(), 500);
  const patience = new Promise<'open'>((resolve) => setTimeout(() => resolve('open'), CLOSED_WITHIN_MS).unref());
  if ((await Promise.race([closed, patience])) !== 'open') return;
  result.stillOpen[kind] = (result.stillOpen[kind] ?? 0) + 1;
  socket.terminate();
}

/** Null when the hall does not let them in: their bad name (of the room, of the version) is noticed at the door. */
async function enter(order: OffenderOrder, client: string): Promise<WebSocket | null> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${order.token}` };
  const ask = async (path: string, body: string) => {
    const answer = await fetch(order.hallUrl + path, { method: 'POST', headers, body });
    if (!answer.ok) {
      await answer.arrayBuffer();
      return null;
    }
    return (await answer.json()) as Record<string, string>;
  };
  const ticket = await ask(`/api/rooms/${order.room}/ticket`, '{}');
  if (!ticket) return null;
  const join = { v: 1, room: order.room, client, ticket: ticket['ticket'], device: 'bot', have: 0 };
  // Every eighth visitor has a broken form to begin with, and comes with a good one then.
  if (roll(8) === 0) {
    const text = Buffer.from(JSON.stringify(join));
    for (let i = roll(6); i >= 0; i--) text[roll(text.length)] = 32 + roll(90);
    await ask('/matchmake/joinOrCreate/hall', text.toString('latin1'));
    await ask('/matchmake/joinOrCreate/hall', JSON.stringify({ ...join, v: 2, have: -1, unanswered: [1] }));
  }
  const again = await ask(`/api/rooms/${order.room}/ticket`, '{}');
  const seat = await ask('/matchmake/joinOrCreate/hall', JSON.stringify({ ...join, ticket: again?.['ticket'] }));
  if (!seat) return null;
  const address = `${order.hallUrl.replace('http', 'ws')}/${seat['processId']}/${seat['roomId']}?sessionId=${seat['sessionId']}`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  return new Promise((resolve) => {
    socket.on('error', () => resolve(null));
    socket.on('message', (data: Buffer) => {
      if (data[0] !== 0x0a) return;
      socket.send(Buffer.from([0x0a]));
      resolve(socket);
    });
    socket.on('close', () => resolve(null));
  });
}
