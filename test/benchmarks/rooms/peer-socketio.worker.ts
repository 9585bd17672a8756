/** The same job in the usual way of socket.io: everybody's head and hands as JSON, those who moved, 20 times a second. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';

process.on('message', () => {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  let moved: Record<string, unknown> = {};
  server.on('connection', (socket) => socket.on('pose', (pose: unknown) => (moved[socket.id] = pose)));
  setInterval(() => {
    server.emit('poses', moved);
    moved = {};
  }, 50);
  http.listen(0, '127.0.0.1', () => process.send!({ port: (http.address() as { port: number }).port }));
});
