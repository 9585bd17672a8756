/** People who all come within a second, each a whole client; or, for comparison, each one request and one socket. */
import WebSocket from 'ws';
import { connectRoom, type RoomSession } from '#net/index';

export interface StormOrder {
  hallUrl: string;
  /** Without one: only a request and a socket. */
  room: string | null;
  token: string;
  people: number;
  withinMs: number;
}

export interface StormResult {
  /** From the first request to everything that is in the room, ms; of those who came in. */
  inMs: number[];
  /** Why the others did not: how often by key. */
  refused: Record<string, number>;
  /** People in the room as the last one in sees it. */
  present: number;
}

process.on('message', (order: StormOrder) => void run(order).then((result) => process.send!(result)));

async function run(order: StormOrder): Promise<StormResult> {
  const result: StormResult = { inMs: [], refused: {}, present: 0 };
  const sessions: RoomSession[] = [];
  await Promise.all(
    Array.from({ length: order.people }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, (order.withinMs * n) / order.people));
      const startMs = performance.now();
      try {
        if (order.room === null) await bare(order.hallUrl);
        else sessions.push(await connectRoom({ ...order, room: order.room, device: 'bot' }));
        result.inMs.push(performance.now() - startMs);
      } catch (thrown) {
        const { problem } = thrown as { problem?: { key: string } };
        const key = problem?.key ?? (thrown as Error).message;
        result.refused[key] = (result.refused[key] ?? 0) + 1;
      }
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  result.present =
    sessions
      .at(-1)
      ?.participants.get()
      .filter(({ isConnected }) => isConnected).length ?? 0;
  await Promise.all(sessions.map((session) => session.leave()));
  return result;
}

async function bare(url: string): Promise<void> {
  await (await fetch(url)).text();
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('message', resolve);
    socket.once('error', reject);
  });
}
