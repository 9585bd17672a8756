import { Aedes, type Client } from 'aedes';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { topicOf } from './mqtt.line.ts';

/** Of the hall's own line to its broker. */
const HALL = 'workhall';

export interface StationBrokerOptions {
  readonly host: string;
  readonly port: number;
  /** The devices of a station, when the password is its own; else null. */
  readonly devicesOf: (station: string, password: string) => Promise<readonly string[] | null>;
  readonly failed: (thrown: unknown) => void;
}

/**
 * The MQTT broker of a hall that has none. A station signs in with its own password and publishes results of its own tools;
 * only the hall reads them.
 */
export class StationBroker {
  readonly #secret = randomBytes(24).toString('base64url');
  readonly #devices = new WeakMap<Client, readonly string[] | typeof HALL>();
  #aedes: Aedes | null = null;
  #server: Server | null = null;

  constructor(private readonly options: StationBrokerOptions) {}

  /** How the hall itself comes in. */
  get account(): { username: string; password: string } {
    return { username: HALL, password: this.#secret };
  }
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Throws when the port is taken. */
  async open(): Promise<void> {
    const aedes = await Aedes.createBroker();
    this.#aedes = aedes;
    aedes.authenticate = async (client, username, password, done) => {
      const isIn = await this.#isKnown(client, username ?? '', password?.toString() ?? '');
      done(null, isIn);
    };
    aedes.authorizePublish = (client, { topic }, done) => {
      const devices = client && this.#devices.get(client);
      const isOwn = Array.isArray(devices) && devices.some((device: string) => topic === topicOf(device));
      done(isOwn ? null : new Error('A station publishes results of its own tools alone.'));
    };
    aedes.authorizeSubscribe = (client, subscription, done) =>
      done(null, this.#devices.get(client) === HALL ? subscription : null);
    const server = createServer((socket) => aedes.handle(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, this.options.host, resolve);
    });
  }

  async close(): Promise<void> {
    const [aedes, server] = [this.#aedes, this.#server];
    if (aedes) await new Promise<void>((resolve) => aedes.close(() => resolve()));
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Who cannot be looked up stays outside. */
  async #isKnown(client: Client, username: string, password: string): Promise<boolean> {
    try {
      return await this.#admit(client, username, password);
    } catch (thrown) {
      this.options.failed(thrown);
      return false;
    }
  }

  async #admit(client: Client, username: string, password: string): Promise<boolean> {
    if (username === HALL) {
      const [given, own] = [Buffer.from(password), Buffer.from(this.#secret)];
      if (given.length !== own.length || !timingSafeEqual(given, own)) return false;
      this.#devices.set(client, HALL);
      return true;
    }
    const devices = await this.options.devicesOf(username, password);
    if (devices) this.#devices.set(client, devices);
    return devices !== null;
  }
}
