import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { RedisFleet } from './redis-fleet.ts';

/** `/api/<what>/<process>.<id>…`: something that this process alone knows (`ThisProcess.ownId`). */
const OWN_ID = /^\/api\/[\w-]+\/([A-Za-z0-9_-]{1,32})\.[\w-]{21}(?:[/?]|$)/;
/** Set on what was passed on once: it is not passed on again. */
const FORWARDED = 'x-workhall-forwarded';

/**
 * Passes on what another process must answer, so that any process may be asked anything: requests for what lies in one
 * process's memory, and sockets of its rooms. The proxy of docs/scale.md sends sockets to the right process by itself;
 * without one this costs a hop.
 */
export class Forward {
  readonly #logger = new Logger('Fleet');

  constructor(private readonly fleet: RedisFleet) {}

  /** Express middleware; before anything reads the body. */
  readonly requests = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const name = OWN_ID.exec(request.originalUrl)?.[1];
    if (!name || name === this.fleet.self.name || request.headers[FORWARDED]) return next();
    const process = await this.fleet.named(name).catch(() => null);
    if (!process) return next();
    const headers = { ...request.headers, [FORWARDED]: this.fleet.self.name };
    const onward = httpRequest(process.url + request.originalUrl, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => (response.headersSent ? response.destroy() : next()));
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  };

  /** Whether a socket of `/<name>/…` belongs to another process. */
  isForOther(request: IncomingMessage, name: string): boolean {
    return name !== this.fleet.self.name && !request.headers[FORWARDED];
  }

  /** Joins the two sockets byte by byte; the other process answers the upgrade, and checks the origin. */
  async socket(request: IncomingMessage, socket: Duplex, head: Buffer, name: string): Promise<void> {
    const process = await this.fleet.named(name).catch(() => null);
    if (!process || socket.destroyed) return void socket.destroy();
    const { hostname, port } = new URL(process.url);
    const onward = connect({ host: hostname, port: Number(port || 80) }, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`, `${FORWARDED}: ${this.fleet.self.name}`];
      for (let i = 0; i < request.rawHeaders.length; i += 2)
        lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      onward.write(`${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.setNoDelay(true);
    onward.once('error', (thrown) => {
      this.#logger.debug(`A socket for ${name} could not be passed on: ${thrown.message}`);
      socket.destroy();
    });
    onward.once('close', () => socket.destroy());
    socket.once('error', () => onward.destroy());
    socket.once('close', () => onward.destroy());
  }
}
