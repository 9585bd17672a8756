import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Order, OrderDesk } from './forwarder-orders.ts';
import { WeriftForwarder, type WeriftOptions } from './werift.forwarder.ts';

export interface VoiceProcessOptions extends WeriftOptions {
  readonly port: number;
  readonly host: string;
  /** What halls show to be let in. */
  readonly secret: string;
}

export interface VoiceProcess {
  readonly port: number;
  stop(): Promise<void>;
}

/** Bytes of one order: an offer is the largest. */
const MAX_ORDER_BYTES = 128 * 1024;
/** A line of nothing, so that both sides notice a dead network, ms. */
const BEAT_MS = 5_000;

/**
 * The far side of `RemoteForwarder`: a small HTTP server around the same forwarder. `GET /voice/news` opens a line and
 * streams news as JSON lines; `POST /voice/orders/:line` takes orders on it. When the stream ends, so does all on its line.
 */
export async function startVoiceProcess(options: VoiceProcessOptions): Promise<VoiceProcess> {
  const forwarder = new WeriftForwarder(options);
  const desks = new Map<string, OrderDesk>();
  const secret = digest(options.secret);
  const mayEnter = ({ headers }: IncomingMessage) =>
    timingSafeEqual(digest(headers.authorization?.replace(/^Bearer /, '') ?? ''), secret);

  const openLine = (response: ServerResponse) => {
    const line = randomUUID();
    const say = (message: object) => void response.write(`${JSON.stringify(message)}\n`);
    const desk = new OrderDesk(forwarder, say);
    desks.set(line, desk);
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    say({ line });
    const beat = setInterval(() => response.write('\n'), BEAT_MS);
    response.once('close', () => {
      clearInterval(beat);
      desks.delete(line);
      desk.closeAll();
    });
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://voice');
    const end = (status: number, body: object) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/voice/health') return end(200, { ok: true, lines: desks.size });
    if (!mayEnter(request))
      return end(401, { message: 'This secret is not the one of this program (VOICE_FORWARDER_SECRET).' });
    if (request.method === 'GET' && pathname === '/voice/news') return openLine(response);
    const desk = request.method === 'POST' && desks.get(/^\/voice\/orders\/([\w-]+)$/.exec(pathname)?.[1] ?? '');
    if (!desk) return end(404, { message: 'There is no such line: open one with GET /voice/news.' });
    readOrder(request).then(
      async (order) => (order ? end(200, await desk.take(order)) : end(422, { message: 'This is no order.' })),
      () => end(413, { message: 'This order is too large.' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await forwarder.stop();
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

async function readOrder(request: IncomingMessage): Promise<Order | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ORDER_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  try {
    const parsed = Order.safeParse(JSON.parse(Buffer.concat(chunks).toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // no JSON: the same as no order
  }
}
