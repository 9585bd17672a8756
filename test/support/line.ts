import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * A network line to a hall that a test can cut: TCP passes through byte by byte until then. Cut, it is as dead as a
 * cable that was pulled out: connections end, and new ones are refused.
 */
export class Line {
  /** Bytes that came from the hall since the last `reset`. */
  downBytes = 0;
  upBytes = 0;
  /** Connections that were made. */
  connections = 0;
  readonly #sockets = new Set<Socket>();
  readonly #fromHall = new Map<Socket, Socket>();
  // Written out, because benchmarks run this file with its types stripped.
  private readonly server: Server;
  private readonly hallPort: number;
  #isCut = false;

  private constructor(server: Server, hallPort: number) {
    this.server = server;
    this.hallPort = hallPort;
  }

  static async to({ port }: { port: number }): Promise<Line> {
    const server = createServer();
    const line = new Line(server, port);
    server.on('connection', (near) => line.#pass(near));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on what the hall says is lost, while the hall still hears everything: until the line is cut. */
  muffle(): void {
    for (const [far, near] of this.#fromHall) far.unpipe(near).resume();
  }

  mend(): void {
    this.#isCut = false;
  }

  reset(): void {
    this.downBytes = 0;
    this.upBytes = 0;
    this.connections = 0;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #pass(near: Socket): void {
    if (this.#isCut) return void near.destroy();
    this.connections += 1;
    const far = connect(this.hallPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (from === far) this.downBytes += bytes.length;
        else this.upBytes += bytes.length;
      });
      from.pipe(to);
      if (from === far) this.#fromHall.set(far, near);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        this.#fromHall.delete(from);
        to.destroy();
      });
    }
  }
}
