/**
 * People for a benchmark, many in one process: each speaks the wire with a plain `ws` socket, moves as a `Wanderer` and
 * sends what `PresenceChannel` finds worth sending; every tenth also edits. Told what to do, and tells what it measured,
 * over the process channel.
 */
import { decode, encode } from '@ipld/dag-cbor';
import WebSocket from 'ws';
import { PresenceChannel } from '#net/index';
import { decodeDown, decodeUp } from '#protocol/presence/index';
import { decodeTick } from '#protocol/room/index';
import { enterRoom, frameOf } from './room-socket.ts';
import { Wanderer } from './wanderer.ts';

export interface CrowdOrder {
  hallUrl: string;
  /** People are dealt out to them in turn. None: a bare loop at that address, without rooms. */
  rooms: readonly string[];
  token: string;
  people: number;
  /** Ops a second of each editor. */
  opsPerSecond: number;
  /** Id of the part that editor n moves. */
  partOf: string;
  warmUpMs: number;
  measureMs: number;
}

export interface CrowdResult {
  people: number;
  seconds: number;
  framesSent: number;
  bytesDown: number;
  presenceBytesDown: number;
  messagesDown: number;
  /** Bodies of near people that arrived, over all clients. */
  entriesDown: number;
  bodyBytesUp: number;
  acks: number;
  closed: number;
  /** Clients that got the same frame at the same tick, on average. */
  sharedBy: number;
  /** From the first request of a person to their welcome, ms. */
  joinMs: number[];
}

interface State {
  isMeasuring: boolean;
  /** Frames as they came, the first few thousand. */
  sample: Buffer[];
}

const EDIT_SHARE = 10;
const SAMPLE = 3_000;

process.on('message', (order: CrowdOrder) => void run(order).then((result) => process.send!(result)));

async function run(order: CrowdOrder): Promise<CrowdResult> {
  const result: CrowdResult = {
    people: order.people,
    seconds: 0,
    framesSent: 0,
    bytesDown: 0,
    presenceBytesDown: 0,
    messagesDown: 0,
    entriesDown: 0,
    bodyBytesUp: 0,
    acks: 0,
    closed: 0,
    sharedBy: 1,
    joinMs: [],
  };
  const state: State = { isMeasuring: false, sample: [] };
  const sockets: WebSocket[] = [];
  const names = Array.from({ length: order.people }, (_, i) => i);
  // Twenty at a time: the joins are not what is measured here.
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let n = names.shift(); n !== undefined; n = names.shift()) sockets[n] = await enter(order, n, result, state);
    }),
  );
  const people = sockets.map((socket, n) => ({ socket, body: new Wanderer(n), presence: new PresenceChannel(), n }));
  const beat = setInterval(() => {
    const nowMs = performance.now();
    for (const { socket, body, presence } of people) {
      presence.setBody(body.bodyAt(nowMs));
      const up = presence.take(nowMs);
      if (!up || socket.readyState !== WebSocket.OPEN) continue;
      socket.send(frameOf('presence', up));
      if (state.isMeasuring) {
        result.framesSent++;
        result.bodyBytesUp += decodeUp(up)?.body?.length ?? 0;
      }
    }
  }, 50);
  const editors = people.filter(({ n }) => n % EDIT_SHARE === 0);
  let ops = 0;
  const edit = setInterval(
    () => {
      if (order.opsPerSecond === 0) return;
      const editor = editors[ops % editors.length];
      if (!editor || editor.socket.readyState !== WebSocket.OPEN) return;
      const position = [ops % 7, 0, ops % 5];
      const moves = [{ id: `${order.partOf}${editor.n}`, poseInParent: { position, rotation: [0, 0, 0, 1] } }];
      const id = `op-${process.pid}-${ops++}`;
      editor.socket.send(frameOf('ops', encode({ ops: [{ id, type: 'part.move', payload: { moves } }] })));
    },
    1000 / Math.max(1, editors.length * order.opsPerSecond),
  );
  await new Promise((resolve) => setTimeout(resolve, order.warmUpMs));
  state.isMeasuring = true;
  const startMs = performance.now();
  process.send!('measuring');
  await new Promise((resolve) => setTimeout(resolve, order.measureMs));
  state.isMeasuring = false;
  result.seconds = (performance.now() - startMs) / 1000;
  process.send!('measured');
  // So that what is asked at this moment is answered before they leave.
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(beat);
  clearInterval(edit);
  const different = new Set(state.sample.map((frame) => frame.toString('latin1'))).size;
  if (different > 0) result.sharedBy = state.sample.length / different;
  for (const socket of sockets) socket.terminate();
  return result;
}

async function enter(order: CrowdOrder, n: number, result: CrowdResult, state: State): Promise<WebSocket> {
  if (order.rooms.length === 0) return connectBare(order, result, state);
  const startMs = performance.now();
  const socket = await enterRoom(
    { ...order, room: order.rooms[n % order.rooms.length]!, client: `crowd-${process.pid}-${n}`, device: 'headset' },
    (name, body, data) => {
      if (!state.isMeasuring) return;
      result.bytesDown += data.length;
      result.messagesDown++;
      if (name === 'ack') result.acks += (decode(body) as { acks: unknown[] }).acks.length;
      const packed = name === 'presence' ? body : name === 'tick' ? decodeTick(body)!.presence : null;
      if (!packed) return;
      result.presenceBytesDown += packed.length;
      if (state.sample.length < SAMPLE) state.sample.push(data);
      // Every fiftieth client looks inside: all of them would cost more than what is measured.
      if (n % 50 === 0) result.entriesDown += 50 * (decodeDown(packed)?.entries.length ?? 0);
    },
  );
  result.joinMs.push(performance.now() - startMs);
  socket.on('close', () => void (state.isMeasuring && result.closed++));
  return socket;
}

async function connectBare({ hallUrl }: CrowdOrder, result: CrowdResult, state: State): Promise<WebSocket> {
  const socket = new WebSocket(hallUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('message', (data: Buffer) => void (state.isMeasuring && (result.bytesDown += data.length)));
  return socket;
}
