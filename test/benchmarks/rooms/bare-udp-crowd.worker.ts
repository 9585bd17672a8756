/** As many datagrams of the same size as people's voices, through the bare loop. */
import { createSocket } from 'node:dgram';

export interface UdpOrder {
  /** Of the loop. */
  readonly port: number;
  readonly people: number;
  readonly speakers: number;
  readonly bytes: number;
  readonly measureMs: number;
}

export interface UdpResult {
  readonly seconds: number;
  readonly packetsDown: number;
}

const WARM_UP_MS = 500;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

process.on('message', async ({ port, people, speakers, bytes, measureMs }: UdpOrder) => {
  let packetsDown = 0;
  const sockets = Array.from({ length: people }, () => createSocket('udp4'));
  for (const socket of sockets) {
    socket.on('message', () => (packetsDown += 1));
    socket.send(Buffer.alloc(1), port, '127.0.0.1');
  }
  const buffer = Buffer.alloc(bytes, 7);
  const timer = setInterval(() => {
    for (const socket of sockets.slice(0, speakers)) socket.send(buffer, port, '127.0.0.1');
  }, 20);
  await pause(WARM_UP_MS);
  packetsDown = 0;
  process.send!('measuring');
  const startMs = performance.now();
  await pause(measureMs);
  process.send!('measured');
  clearInterval(timer);
  process.send!({ seconds: (performance.now() - startMs) / 1000, packetsDown } satisfies UdpResult);
});
