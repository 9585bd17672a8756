import { createServer as createHttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';

/** First byte of a TLS record that carries a handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;

/**
 * HTTPS and plain HTTP on one port, told apart by the first byte. Plain HTTP only hands out the authority's
 * certificate, which a headset needs before it can trust anything, and sends everybody else to HTTPS.
 */
export function onePort(https: HttpsServer, authorityCert: string): Server {
  const http = createHttpServer((request, response) => {
    if (request.url === '/ca.crt') {
      response.writeHead(200, CERTIFICATE_HEADERS).end(authorityCert);
    } else {
      response.writeHead(307, { location: `https://${request.headers.host ?? 'localhost'}${request.url}` }).end();
    }
  });
  return createServer((socket) => {
    socket.on('error', () => socket.destroy()); // a visitor who hangs up before the first byte
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (!first) return socket.destroy();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? https : http).emit('connection', socket);
    });
  });
}

export const CERTIFICATE_HEADERS = {
  'content-type': 'application/x-x509-ca-cert',
  'content-disposition': 'attachment; filename="workhall-ca.crt"',
};
