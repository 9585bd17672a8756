/**
 * People for a benchmark, many in one process: each speaks the wire with a plain `ws` socket, moves as a `Wanderer` and
 * sends what `PresenceChannel` finds worth sending; every tenth also edits. Told what to do, and tells what it measured,
 * over the process channel.
 */
import { decode, encode } from '@ipld/dag-cbor';
import WebSocket from 'ws';
import { PresenceChannel } from '#net/index';
import { decodeDown, decodeUp } from '#protocol/presence/index';
import { Wanderer } from './wanderer.ts';

export interface CrowdOrder {
  hallUrl: string;
  room: string;
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
  /** From the first request of a person to their welcome, ms. */
  joinMs: number[];
}

const EDIT_SHARE = 10;
const frameOf = (name: string, body: Uint8Array) =>
  Buffer.concat([Buffer.from([0x11, 0xa0 + name.length]), Buffer.from(name), body]);

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
    joinMs: [],
  };
  const state = { isMeasuring: false };
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
  clearInterval(beat);
  clearInterval(edit);
  for (const socket of sockets) socket.terminate();
  return result;
}

async function enter(
  order: CrowdOrder,
  n: number,
  result: CrowdResult,
  state: { isMeasuring: boolean },
): Promise<WebSocket> {
  const { hallUrl, room, token } = order;
  const startMs = performance.now();
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(hallUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, string>;
  };
  const { length } = (await (
    await fetch(`${hallUrl}/api/rooms/${room}`, { headers: { authorization: `Bearer ${token}` } })
  ).json()) as { length: number };
  const { ticket } = await post(`/api/rooms/${room}/ticket`, {});
  const client = `crowd-${process.pid}-${n}`;
  const join = { v: 1, room, client, ticket, device: 'headset', have: length };
  const seat = await post('/matchmake/joinOrCreate/hall', join);
  const address = `${hallUrl.replace('http', 'ws')}/${seat['processId']}/${seat['roomId']}?sessionId=${seat['sessionId']}`;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => void (state.isMeasuring && result.closed++));
    socket.on('message', (data: Buffer) => {
      if (data[0] === 0x0a) socket.send(Buffer.from([0x0a]));
      if (data[0] !== 0x11) return;
      const end = 2 + data[1]! - 0xa0;
      const name = data.toString('latin1', 2, end);
      if (name === 'welcome') {
        result.joinMs.push(performance.now() - startMs);
        resolve();
      }
      if (!state.isMeasuring) return;
      result.bytesDown += data.length;
      result.messagesDown++;
      if (name === 'ack') result.acks += (decode(data.subarray(end)) as { acks: unknown[] }).acks.length;
      const packed =
        name === 'presence'
          ? data.subarray(end)
          : name === 'tick'
            ? data.subarray(end + 4, end + 4 + data.readUInt32LE(end))
            : null;
      if (!packed) return;
      result.presenceBytesDown += packed.length;
      // Every fiftieth client looks inside: all of them would cost more than what is measured.
      if (n % 50 === 0) result.entriesDown += 50 * (decodeDown(packed)?.entries.length ?? 0);
    });
  });
  return socket;
}
