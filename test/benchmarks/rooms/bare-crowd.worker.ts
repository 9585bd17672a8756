/** Clients of the bare loop: as many frames up as the crowd sends, everything that comes down counted. */
import WebSocket from 'ws';

export interface BareOrder {
  port: number;
  people: number;
  /** Per person and second. */
  framesUp: number;
  bytesUp: number;
  /** As long as the crowd's: by then the engine has compiled what it will compile. */
  warmUpMs: number;
  measureMs: number;
}

export interface BareResult {
  bytesDown: number;
  seconds: number;
}

process.on('message', (order: BareOrder) => {
  void run(order).then((result) => process.send!(result));
});

async function run({ port, people, framesUp, bytesUp, warmUpMs, measureMs }: BareOrder): Promise<BareResult> {
  let bytesDown = 0;
  let isMeasuring = false;
  const sockets = Array.from({ length: people }, () => new WebSocket(`ws://127.0.0.1:${port}`));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))));
  for (const socket of sockets)
    socket.on('message', (data: Buffer) => void (isMeasuring && (bytesDown += data.length)));
  const up = Buffer.alloc(bytesUp, 1);
  let owed = 0;
  let next = 0;
  const beat = setInterval(() => {
    owed += (people * framesUp) / 20;
    for (; owed >= 1; owed--) sockets[next++ % people]!.send(up);
  }, 50);
  await new Promise((resolve) => setTimeout(resolve, warmUpMs));
  process.send!('measuring');
  isMeasuring = true;
  const startMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, measureMs));
  const seconds = (performance.now() - startMs) / 1000;
  clearInterval(beat);
  for (const socket of sockets) socket.terminate();
  return { bytesDown, seconds };
}
