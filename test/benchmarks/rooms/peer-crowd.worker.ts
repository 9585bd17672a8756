/** The people of `crowd.worker.ts` in another engine: the same walks, sent 20 times a second; what comes down is counted. */
import { Client } from '@colyseus/sdk';
import { io } from 'socket.io-client';
import { floatsOf, jsonOf } from './peer-pose.ts';
import { Wanderer } from './wanderer.ts';

export interface PeerOrder {
  kind: 'schema' | 'socketio';
  port: number;
  room?: string;
  people: number;
  warmUpMs: number;
  measureMs: number;
}

export interface PeerResult {
  seconds: number;
  bytesDown: number;
  messagesDown: number;
}

interface Line {
  tell(walker: Wanderer, nowMs: number): void;
}

process.on('message', (order: PeerOrder) => void run(order).then((result) => process.send!(result)));

async function run(order: PeerOrder): Promise<PeerResult> {
  const result: PeerResult = { seconds: 0, bytesDown: 0, messagesDown: 0 };
  let isMeasuring = false;
  const count = (bytes: number) => {
    if (!isMeasuring) return;
    result.bytesDown += bytes;
    result.messagesDown += 1;
  };
  const lines: Line[] = [];
  for (let n = 0; n < order.people; n++) lines.push(await (order.kind === 'schema' ? schema : socketio)(order, count));
  const walkers = lines.map((_, n) => new Wanderer(n));
  setInterval(() => lines.forEach((line, n) => line.tell(walkers[n]!, performance.now())), 50);
  await new Promise((resolve) => setTimeout(resolve, order.warmUpMs));
  process.send!('measuring');
  isMeasuring = true;
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, order.measureMs));
  isMeasuring = false;
  result.seconds = (performance.now() - startMs) / 1000;
  process.send!('measured');
  return result;
}

async function schema({ port, room: id }: PeerOrder, count: (bytes: number) => void): Promise<Line> {
  const room = await new Client(`ws://127.0.0.1:${port}`).joinById(id!);
  const { events } = room.connection;
  const receive = events.onmessage?.bind(events);
  // The state is not decoded after the first time: what the clients do with it is not measured here.
  let isFirst = true;
  events.onmessage = (event: MessageEvent<ArrayBuffer | Uint8Array>) => {
    count(event.data.byteLength);
    if (isFirst) receive?.(event as never);
    isFirst = false;
  };
  return { tell: (walker, nowMs) => room.send('pose', floatsOf(walker.bodyAt(nowMs))) };
}

async function socketio({ port }: PeerOrder, count: (bytes: number) => void): Promise<Line> {
  const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  socket.io.engine.on('packet', ({ data }: { data?: string }) => count(data?.length ?? 0));
  return { tell: (walker, nowMs) => void socket.emit('pose', jsonOf(walker.bodyAt(nowMs))) };
}
