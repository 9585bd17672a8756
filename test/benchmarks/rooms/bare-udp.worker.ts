/** The physical limit: each datagram is sent on, unread, to everybody who has said that they are here (one byte). */
import { createSocket } from 'node:dgram';

const socket = createSocket('udp4');
const ports = new Set<number>();
socket.on('message', (bytes, from) => {
  if (bytes.length === 1) return void ports.add(from.port);
  for (const port of ports) if (port !== from.port) socket.send(bytes, port, '127.0.0.1');
});
socket.bind(0, '127.0.0.1', () => process.send!({ port: socket.address().port }));
