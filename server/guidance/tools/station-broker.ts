import { Aedes, type Client } from 'aedes';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** Of the hall's own line to its broker. */
const HALL = 'workhall';

export interface StationBrokerOptions {
  readonly host: string;
  readonly port: number;
  /** What a station may publish on, when the password is its own; else null. */
  readonly topicsOf: (station: string, password: string) => Promise<readonly string[] | null>;
  readonly failed: (thrown: unknown) => void;
}

/**
 * The MQTT broker of a hall that has none. A station signs in with its own password and publishes what its own
 * tools and instruments say; only the hall reads it.
 */
export class StationBroker {
  readonly #secret = randomBytes(24).toString('base64url');
  readonly #topics = new WeakMap<Client, readonly string[] | typeof HALL>();
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
      const topics = client && this.#topics.get(client);
      const isOwn = Array.isArray(topics) && topics.includes(topic);
      done(isOwn ? null : new Error('A station speaks for its own tools and instruments alone.'));
    };
    aedes.authorizeSubscribe = (client, subscription, done) =>
      done(null, this.#topics.get(client) === HALL ? subscription : null);
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
      this.#topics.set(client, HALL);
      return true;
    }
    const topics = await this.options.topicsOf(username, password);
    if (topics) this.#topics.set(client, topics);
    return topics !== null;
  }
}
