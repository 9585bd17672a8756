/** The physical limit: a bare `ws` loop that sends each client a buffer of the given size, 20 times a second. */
import { WebSocketServer } from 'ws';

process.on('message', ({ bytes }: { bytes: number }) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => {
    process.send!({ port: (server.address() as { port: number }).port });
  });
  server.on('connection', (socket) => socket.on('message', () => undefined));
  const buffer = Buffer.alloc(bytes, 7);
  setInterval(() => {
    for (const client of server.clients) if (client.readyState === client.OPEN) client.send(buffer, { binary: true });
  }, 50);
});
