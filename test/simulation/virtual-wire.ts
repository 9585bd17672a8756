import { EventEmitter } from 'node:events';
import type { Dice } from '../support/design-arbitraries.ts';
import type { Owner, VirtualTime } from './virtual-time.ts';

/** A hall as the wire sees it: answers requests, takes sockets. */
export interface Callee extends Owner {
  answer(method: string, path: string, token: string, body: string | undefined): Promise<Answer>;
  accept(socket: HallSocket, path: string): void;
  /** What the hall is about to send. */
  sends(bytes: Uint8Array): void;
}

export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
}

const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
const ABNORMAL = 1006;
/** How long an end waits for the other one's answer to its close. */
const CLOSE_TIMEOUT_MS = 30_000;

/** The line of one page: how slow it is, and whether it is there at all. */
export class Line {
  /** One way, ms, before chance adds to it. */
  latencyMs = 5;
  isCut = false;
  readonly connections = new Set<Connection>();

  constructor(
    readonly host: string,
    /** The page that lives at the near end now. */
    public owner: Owner,
    private readonly dice: Dice,
  ) {}

  delayMs(): number {
    const stall = this.dice.next() < 0.002 ? 400 : 0;
    return this.latencyMs * (0.7 + this.dice.next()) + stall * this.dice.next();
  }
}

/** One socket, both ends and what is on its way. Ordered each way; what is on its way when it breaks is lost. */
export class Connection {
  readonly hall: HallSocket;
  readonly page: PageSocket;
  readonly line: Line;
  readonly callee: Callee;
  readonly time: VirtualTime;
  isUpDead = false;
  isDownDead = false;
  #upMs = 0;
  #downMs = 0;

  constructor(page: PageSocket, line: Line, callee: Callee, time: VirtualTime) {
    this.page = page;
    this.line = line;
    this.callee = callee;
    this.time = time;
    this.hall = new HallSocket(this);
    line.connections.add(this);
  }

  up(run: () => void): void {
    this.#upMs = Math.max(this.#upMs, this.time.nowMs + this.line.delayMs());
    this.time.after(this.#upMs - this.time.nowMs, this.callee, () => void (this.isUpDead || run()));
  }

  down(run: () => void): void {
    const owner = this.page.owner;
    this.#downMs = Math.max(this.#downMs, this.time.nowMs + this.line.delayMs());
    this.time.after(this.#downMs - this.time.nowMs, owner, () => void (this.isDownDead || run()));
  }

  /** Nothing goes through any more; who hears of it when: null is never, as on a line that somebody pulled out. */
  break(pageHearsAfterMs: number | null, hallHearsAfterMs: number): void {
    this.isUpDead = true;
    this.isDownDead = true;
    this.line.connections.delete(this);
    if (pageHearsAfterMs !== null)
      this.time.after(pageHearsAfterMs, this.page.owner, () => this.page.closed(ABNORMAL, ''));
    this.time.after(hallHearsAfterMs, this.callee, () => this.hall.closed(ABNORMAL));
  }
}

/** The hall's end, as the `ws` library shows it to Colyseus. */
export class HallSocket extends EventEmitter {
  readyState = OPEN;
  readonly bufferedAmount = 0;
  readonly connection: Connection;
  /** Under the socket: takes whole frames, as rooms write them for many people at once. */
  readonly _socket = {
    writableLength: 0,
    _write: (frame: Uint8Array, _encoding: string, written: () => void) => {
      this.send(bodyOf(frame));
      written();
    },
  };

  constructor(connection: Connection) {
    super();
    this.connection = connection;
  }

  send(data: Uint8Array, _options?: unknown, sent?: () => void): void {
    if (this.readyState !== OPEN) return;
    this.connection.callee.sends(data);
    const bytes = Uint8Array.from(data);
    this.connection.down(() => this.connection.page.received(bytes));
    sent?.();
  }

  /** As in `ws`: what the other end had sent before it hears of this still arrives. */
  close(code = 1005, reason = ''): void {
    if (this.readyState !== OPEN) return;
    this.readyState = CLOSING;
    this.connection.down(() => {
      this.connection.page.closed(code, reason);
      this.connection.up(() => this.closed(code));
    });
    this.connection.time.after(CLOSE_TIMEOUT_MS, this.connection.callee, () => this.closed(ABNORMAL));
  }

  readonly OPEN = OPEN;

  ping(question = Buffer.alloc(0)): void {
    if (this.readyState === OPEN) this.connection.down(() => this.connection.up(() => this.emit('pong', question)));
  }

  /** Nobody floods here. */
  pause(): void {}

  terminate(): void {
    this.connection.break(1, 0);
  }

  closed(code: number): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.connection.line.connections.delete(this.connection);
    this.emit('close', code, Buffer.alloc(0));
  }
}

/** Body of an unmasked WebSocket frame (RFC 6455, 5.2). */
function bodyOf(frame: Uint8Array): Uint8Array {
  const length = frame[1]!;
  return frame.subarray(length < 126 ? 2 : length === 126 ? 4 : 10);
}

let wire: Wire | null = null;

/** The page's end, as a browser shows it. */
export class PageSocket {
  static readonly OPEN = OPEN;
  readyState = 0;
  binaryType = 'arraybuffer';
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  readonly owner: Owner;
  #connection: Connection | null = null;

  constructor(url: string) {
    if (!wire) throw new Error('There is no wire.');
    this.owner = wire.connect(url, this);
  }

  opened(connection: Connection): void {
    this.#connection = connection;
    this.readyState = OPEN;
    this.onopen?.({});
  }

  received(bytes: Uint8Array): void {
    if (this.readyState === OPEN) this.onmessage?.({ data: bytes.buffer as ArrayBuffer });
  }

  closed(code: number, reason: string): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onclose?.({ code, reason });
  }

  send(data: Uint8Array): void {
    const connection = this.#connection;
    if (this.readyState !== OPEN || !connection) return;
    const bytes = Buffer.from(data);
    connection.up(() => connection.hall.emit('message', bytes));
  }

  close(code = 1000): void {
    if (this.readyState >= CLOSING) return;
    const connection = this.#connection;
    this.readyState = CLOSING;
    if (!connection) return this.closed(ABNORMAL, '');
    connection.up(() => {
      connection.hall.readyState = CLOSING;
      connection.down(() => this.closed(code, ''));
      connection.hall.closed(code);
    });
    connection.time.after(CLOSE_TIMEOUT_MS, this.owner, () => this.closed(ABNORMAL, ''));
  }
}

/** All lines of a world. Which page asks is in the host of the address: `http://page-3.test`. */
export class Wire {
  /** Null while the hall is down. */
  callee: Callee | null = null;
  readonly lines = new Map<string, Line>();
  readonly #realFetch = globalThis.fetch;
  readonly #realSocket = globalThis.WebSocket;

  constructor(private readonly time: VirtualTime) {}

  install(): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    wire = this;
    globalThis.fetch = ((url: string, init?: RequestInit) => this.#request(url, init ?? {})) as typeof fetch;
  }

  restore(): void {
    wire = null;
    globalThis.fetch = this.#realFetch;
    globalThis.WebSocket = this.#realSocket;
  }

  lineFor(host: string, owner: Owner): Line {
    const line = this.lines.get(host) ?? new Line(host, owner, this.time.dice);
    line.owner = owner;
    this.lines.set(host, line);
    return line;
  }

  connect(url: string, socket: PageSocket): Owner {
    const { host, pathname, search } = new URL(url);
    const line = this.lines.get(host)!;
    const { owner } = line;
    this.time.after(line.delayMs(), this.time.world, () => {
      const { callee } = this;
      // A line that is gone says nothing; a hall that is down refuses.
      if (line.isCut || owner.isGone) return;
      if (!callee) return this.time.after(line.delayMs(), owner, () => socket.closed(ABNORMAL, ''));
      const connection = new Connection(socket, line, callee, this.time);
      connection.down(() => socket.opened(connection));
      this.time.as(callee, () => callee.accept(connection.hall, pathname + search));
    });
    return owner;
  }

  #request(url: string, init: RequestInit): Promise<Response> {
    const { host, pathname, search } = new URL(url);
    const line = this.lines.get(host)!;
    const { owner } = line;
    const token = String((init.headers as Record<string, string> | undefined)?.['authorization'] ?? '').slice(7);
    return new Promise((resolve, reject) => {
      const lost = () => {
        // Half of what a dead line swallows is never heard of again.
        if (this.time.dice.next() < 0.5) this.time.after(200, owner, () => reject(new TypeError('fetch failed')));
      };
      this.time.after(line.delayMs(), this.time.world, () => {
        const { callee } = this;
        if (line.isCut) return lost();
        if (!callee) return this.time.after(line.delayMs(), owner, () => reject(new TypeError('fetch failed')));
        this.time.after(0, callee, () => {
          void callee.answer(init.method ?? 'GET', pathname + search, token, init.body as string).then((answer) => {
            this.time.after(line.delayMs(), this.time.world, () => {
              if (line.isCut || callee.isGone) return lost();
              this.time.after(0, owner, () => resolve(responseOf(answer)));
            });
          });
        });
      });
    });
  }
}

/** As much of a response as anybody reads; a real one reads its body from a stream, in its own time. */
function responseOf({ status, json, bytes }: Answer): Response {
  const response = {
    status,
    ok: status < 300,
    json: () => Promise.resolve(structuredClone(json)),
    arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes ?? []).buffer),
  };
  return response as unknown as Response;
}

// The SDK looks for the browser's socket when it is loaded.
globalThis.WebSocket = PageSocket as unknown as typeof WebSocket;
