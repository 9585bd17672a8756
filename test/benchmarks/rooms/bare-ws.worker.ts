/**
 * The physical limit: a bare `ws` loop that sends what a hall sent, and nothing else. Per room a timer of 20 Hz; at each
 * tick as many new buffers of that size as the room made different frames, each to as many clients as shared one. Asked
 * `sent`, it says how many bytes went out.
 */
import { WebSocketServer, type WebSocket } from 'ws';

export interface BareOrder {
  /** Of one frame. */
  readonly bytes: number;
  readonly rooms: number;
  /** Clients that get the same buffer. */
  readonly sharedBy: number;
}

let sentBytes = 0;

process.on('message', (order: BareOrder | 'sent') => {
  if (order === 'sent') process.send!({ sentBytes });
  else serve(order);
});

function serve({ bytes, rooms, sharedBy }: BareOrder): void {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => {
    process.send!({ port: (server.address() as { port: number }).port });
  });
  const members = Array.from({ length: rooms }, (): WebSocket[] => []);
  let entered = 0;
  server.on('connection', (socket) => {
    socket.on('message', () => undefined);
    members[entered++ % rooms]!.push(socket);
  });
  members.forEach((room, n) =>
    setTimeout(
      () => {
        setInterval(() => {
          for (let from = 0; from < room.length; from += sharedBy) {
            const buffer = Buffer.allocUnsafe(bytes).fill(n);
            for (let i = from; i < Math.min(from + sharedBy, room.length); i++)
              if (room[i]!.readyState === room[i]!.OPEN) {
                room[i]!.send(buffer, { binary: true });
                sentBytes += bytes;
              }
          }
        }, 50);
        // Rooms open one after the other, and keep their own time.
      },
      (n * 50) / rooms,
    ),
  );
}
