import { connect, type Socket } from 'node:net';
import type { ToolResult } from '#protocol/guidance/index';
import { encodeMessage, MessageReader, MID, readTightening, readTime, type Message } from './open-protocol.ts';
import type { KnownDevice, ToolLine } from './tool-line.ts';

export interface OpenProtocolOptions {
  readonly host: string;
  readonly port: number;
  readonly nowMs: () => number;
  readonly failed: (thrown: unknown) => void;
  /** A sign of life after this much silence; the controller hangs up after 15 s. */
  readonly keepAliveMs: number;
  readonly silentMs: number;
  readonly againMs: number;
}
const DEFAULTS = { keepAliveMs: 8_000, silentMs: 20_000, againMs: 2_000 };

/**
 * A tightening controller that speaks Open Protocol over TCP. A result is acknowledged (0062) when it is on disk; until
 * then the controller keeps it and sends it again after a reconnect.
 */
export class OpenProtocolLine implements ToolLine {
  readonly name: string;
  readonly #options: OpenProtocolOptions;
  #socket: Socket | null = null;
  #isUp = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
  #heardAtMs = 0;
  #saidAtMs = 0;
  /** Hall's clock minus the controller's. */
  #offsetMs = 0;
  /** Results are taken one after the other: acknowledgements have no number. */
  #taking: Promise<void> = Promise.resolve();

  constructor(
    private readonly device: KnownDevice,
    options: Pick<OpenProtocolOptions, 'host' | 'port' | 'nowMs' | 'failed'> & Partial<OpenProtocolOptions>,
  ) {
    this.#options = { ...DEFAULTS, ...options };
    this.name = `Open Protocol ${options.host}:${options.port}`;
  }

  isUp(): boolean {
    return this.#isUp;
  }

  async open(take: (result: ToolResult) => Promise<void>): Promise<void> {
    this.#connect(take);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#again);
    if (this.#isUp) this.#say(MID.communicationStop);
    this.#socket?.destroy();
    await this.#taking;
  }

  #connect(take: (result: ToolResult) => Promise<void>): void {
    if (this.#isClosed) return;
    const { host, port, nowMs, keepAliveMs, silentMs, failed } = this.#options;
    const reader = new MessageReader();
    const socket = connect({ host, port });
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('connect', () => {
      this.#heardAtMs = nowMs();
      this.#say(MID.communicationStart);
      this.#timer = setInterval(
        () => {
          if (nowMs() - this.#heardAtMs > silentMs) socket.destroy();
          else if (nowMs() - this.#saidAtMs >= keepAliveMs) this.#say(MID.keepAlive);
        },
        Math.min(1_000, keepAliveMs),
      );
      this.#timer.unref();
    });
    socket.on('data', (chunk) => {
      this.#heardAtMs = nowMs();
      try {
        for (const message of reader.read(chunk)) this.#hear(message, take);
      } catch (thrown) {
        failed(thrown);
        socket.destroy();
      }
    });
    // What follows is told by `close`.
    socket.on('error', (thrown) => failed(thrown));
    socket.on('close', () => {
      clearInterval(this.#timer);
      this.#isUp = false;
      if (this.#isClosed) return;
      this.#again = setTimeout(() => this.#connect(take), this.#options.againMs);
      this.#again.unref();
    });
  }

  #hear({ mid, data }: Message, take: (result: ToolResult) => Promise<void>): void {
    switch (mid) {
      case MID.communicationStartAck:
        return this.#say(MID.timeRequest);
      case MID.time: {
        const atMs = readTime(data.slice(0, 19));
        if (atMs !== null) this.#offsetMs = this.#options.nowMs() - atMs;
        return this.#say(MID.resultSubscribe);
      }
      case MID.accepted:
        if (data.slice(0, 4) === '0060') this.#isUp = true;
        return;
      case MID.error:
        // A controller without a clock to read still has results.
        if (data.slice(0, 4) === '0080') return this.#say(MID.resultSubscribe);
        return this.#options.failed(
          new Error(`The controller refused message ${data.slice(0, 4)}: error ${data.slice(4, 6)}.`),
        );
      case MID.result:
        return this.#take(data, take);
      default:
        return;
    }
  }

  #take(data: string, take: (result: ToolResult) => Promise<void>): void {
    const read = readTightening(data);
    // Not acknowledged: somebody has to see that nothing comes through.
    if (!read) return this.#options.failed(new Error('A result of the controller could not be read.'));
    const socket = this.#socket;
    const { device, serial, calibratedUntilMs } = this.device;
    const result: ToolResult = {
      key: `${read.controller}/${read.id}`.slice(0, 120),
      device,
      value: read.torqueNm,
      unit: 'N.m',
      angleRad: (read.angleDeg * Math.PI) / 180,
      isOk: read.isOk,
      atMs: Math.max(0, read.atMs + this.#offsetMs),
      serial,
      calibratedUntilMs,
      programme: `pset ${read.parameterSet}`,
    };
    this.#taking = this.#taking
      .then(() => take(result))
      .then(() => {
        if (this.#socket === socket) this.#say(MID.resultAck);
      })
      .catch((thrown: unknown) => {
        this.#options.failed(thrown);
        // The controller sends it again when we come back.
        socket?.destroy();
      });
  }

  #say(mid: number): void {
    this.#saidAtMs = this.#options.nowMs();
    this.#socket?.write(encodeMessage({ mid, revision: 1, data: '' }));
  }
}
