import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { topicOf } from '../../server/guidance/tools/mqtt.line.ts';
import {
  encodeMessage,
  MessageReader,
  MID,
  writeTightening,
  writeTime,
} from '../../server/guidance/tools/open-protocol.ts';

export interface Tightened {
  readonly id: string;
  readonly torqueNm: number;
  readonly isOk: boolean;
}

/** A tool that tightens, and keeps each result until it was taken. */
export interface SimulatedTool {
  tighten(result: Tightened): Promise<void>;
  /** Results that nobody has acknowledged. */
  waiting(): number;
  drop(): void;
  close(): Promise<void>;
}

/** A controller that speaks Open Protocol: one result at a time, again after a reconnect, until it is acknowledged. */
export class SimulatedController implements SimulatedTool {
  readonly #results: Tightened[] = [];
  readonly #server: Server;
  readonly heard: number[] = [];
  #socket: Socket | null = null;
  #isSubscribed = false;
  #taken: () => void = () => {};

  // Benchmarks are run by Node itself, which knows no fields in parameter lists.
  private readonly clockOffMs: number;

  private constructor(clockOffMs: number) {
    this.clockOffMs = clockOffMs;
    this.#server = createServer((socket) => this.#serve(socket));
  }
  static async open(clockOffMs = 0): Promise<SimulatedController> {
    const one = new SimulatedController(clockOffMs);
    await new Promise<void>((resolve) => one.#server.listen(0, '127.0.0.1', resolve));
    return one;
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  waiting(): number {
    return this.#results.length;
  }
  async tighten(result: Tightened): Promise<void> {
    this.#results.push(result);
    if (this.#results.length === 1) this.#sendNext();
  }
  /** Resolves when the newest result is acknowledged. */
  async isTaken(): Promise<void> {
    if (this.#results.length > 0) await new Promise<void>((resolve) => (this.#taken = resolve));
  }
  /** The same result once more, as after an acknowledgement that was lost. */
  repeat(result: Tightened): void {
    this.#send(result);
  }
  drop(): void {
    this.#socket?.destroy();
  }
  async close(): Promise<void> {
    this.#socket?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#socket = socket;
    this.#isSubscribed = false;
    const reader = new MessageReader();
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      for (const { mid } of reader.read(chunk)) this.#answer(mid);
    });
  }
  #answer(mid: number): void {
    this.heard.push(mid);
    const say = (answer: number, data = '') => this.#socket?.write(encodeMessage({ mid: answer, revision: 1, data }));
    if (mid === MID.communicationStart) say(MID.communicationStartAck, '010001020103Simulated controller     ');
    else if (mid === MID.timeRequest) say(MID.time, writeTime(Date.now() + this.clockOffMs));
    else if (mid === MID.keepAlive) say(MID.keepAlive);
    else if (mid === MID.resultAck) {
      this.#results.shift();
      if (this.#results.length === 0) this.#taken();
      this.#sendNext();
    } else if (mid === MID.resultSubscribe) {
      this.#isSubscribed = true;
      say(MID.accepted, '0060');
      this.#sendNext();
    }
  }
  #sendNext(): void {
    if (this.#isSubscribed && this.#results[0]) this.#send(this.#results[0]);
  }
  #send({ id, torqueNm, isOk }: Tightened): void {
    const data = writeTightening({
      controller: 'Simulated controller',
      vin: '',
      parameterSet: 1,
      isOk,
      torqueNm,
      torqueLimitsNm: [23, 27],
      angleDeg: 90,
      atMs: Date.now() + this.clockOffMs,
      id,
    });
    this.#socket?.write(encodeMessage({ mid: MID.result, revision: 1, data }));
  }
}

/** A tool on a broker, as a station's gateway speaks for it. */
export class SimulatedMqttTool implements SimulatedTool {
  #waiting = 0;
  private readonly client: MqttClient;
  private readonly device: string;

  private constructor(client: MqttClient, device: string) {
    this.client = client;
    this.device = device;
  }
  static async open(url: string, station: string, password: string, device: string): Promise<SimulatedMqttTool> {
    const client = await connectAsync(url, {
      username: station,
      password,
      clientId: `tool-${device}`,
      reconnectPeriod: 100,
    });
    client.on('error', () => {});
    return new SimulatedMqttTool(client, device);
  }
  waiting(): number {
    return this.#waiting;
  }
  async tighten({ id, torqueNm, isOk }: Tightened): Promise<void> {
    this.#waiting += 1;
    const payload = JSON.stringify({ id, value: torqueNm, unit: 'N.m', ok: isOk, at: new Date().toISOString() });
    void this.client.publishAsync(topicOf(this.device), payload, { qos: 1 }).then(() => (this.#waiting -= 1));
  }
  drop(): void {
    this.client.stream.destroy();
  }
  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}
