/** Authors for a benchmark: each keeps a bounded number of ops unanswered, and counts what was acknowledged. */
import { decode, encode } from '@ipld/dag-cbor';
import type WebSocket from 'ws';
import { enterRoom, frameOf } from './room-socket.ts';

export interface AuthorsOrder {
  hallUrl: string;
  room: string;
  token: string;
  authors: number;
  /** Ops of one author that are on their way at once. */
  inFlight: number;
  partOf: string;
  warmUpMs: number;
  measureMs: number;
}

export interface AuthorsResult {
  acks: number;
  rejects: number;
  seconds: number;
}

const OPS_PER_MESSAGE = 50;

process.on('message', (order: AuthorsOrder) => void run(order).then((result) => process.send!(result)));

async function run(order: AuthorsOrder): Promise<AuthorsResult> {
  const result = { acks: 0, rejects: 0, seconds: 0 };
  let isMeasuring = false;
  let isOver = false;
  const sockets: WebSocket[] = [];
  const writers = Array.from({ length: order.authors }, () => ({ waiting: 0, next: 0 }));
  const write = (n: number) => {
    const writer = writers[n]!;
    while (!isOver && sockets[n] && writer.waiting + OPS_PER_MESSAGE <= order.inFlight) {
      const ops = Array.from({ length: OPS_PER_MESSAGE }, () => {
        const i = writer.next++;
        const poseInParent = { position: [i % 11, 0, i % 7], rotation: [0, 0, 0, 1] };
        return {
          id: `o-${process.pid}-${n}-${i}`,
          type: 'part.move',
          payload: { moves: [{ id: `${order.partOf}${n}`, poseInParent }] },
        };
      });
      writer.waiting += ops.length;
      sockets[n].send(frameOf('ops', encode({ ops })));
    }
  };
  for (let n = 0; n < order.authors; n++)
    sockets[n] = await enterRoom({ ...order, client: `author-${process.pid}-${n}`, device: 'bot' }, (name, body) => {
      if (name !== 'ack' && name !== 'reject') return;
      const count = name === 'ack' ? (decode(body) as { acks: unknown[] }).acks.length : 1;
      writers[n]!.waiting -= count;
      if (isMeasuring) result[name === 'ack' ? 'acks' : 'rejects'] += count;
      write(n);
    });
  for (let n = 0; n < order.authors; n++) write(n);
  await new Promise((resolve) => setTimeout(resolve, order.warmUpMs));
  isMeasuring = true;
  const startMs = performance.now();
  process.send!('measuring');
  await new Promise((resolve) => setTimeout(resolve, order.measureMs));
  isMeasuring = false;
  isOver = true;
  result.seconds = (performance.now() - startMs) / 1000;
  process.send!('measured');
  for (const socket of sockets) socket.terminate();
  return result;
}
