import { Redis } from 'ioredis';
import { WorkhallError } from '#protocol/errors';

const CONNECT_TIMEOUT_MS = 2_000;
const RETRY_MOST_MS = 500;
/** After the line is back, subscriptions are restored within this, ms. */
const RESUBSCRIBED_MS = 100;

/**
 * A connection for Colyseus, which sends many commands that it does not wait for: while Redis is away they wait, instead
 * of failing where nobody looks.
 */
export function patientRedis(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: retryDelayMs });
  client.on('error', () => {}); // health tells that Redis is away
  return client;
}

const retryDelayMs = (attempt: number): number => Math.min(attempt * 50, RETRY_MOST_MS);

/** Two connections to one Redis: what is heard on a channel comes over one, everything else goes over the other. */
export class RedisLine {
  readonly #pub: Redis;
  readonly #sub: Redis;
  #hasGap = false;

  private constructor(private readonly url: string) {
    const options = {
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 1,
      retryStrategy: retryDelayMs,
    };
    this.#pub = new Redis(url, options);
    // Its ready check asks for INFO, which a connection that listens may not; then nothing would be subscribed again.
    this.#sub = new Redis(url, { ...options, enableReadyCheck: false });
    // Without a listener each failed attempt would be printed; health tells that Redis is away.
    for (const client of [this.#pub, this.#sub]) client.on('error', () => {});
  }

  /** Throws `fleet.redis_unreachable`. */
  static async open(url: string): Promise<RedisLine> {
    const line = new RedisLine(url);
    try {
      await Promise.all([line.#pub.connect(), line.#sub.connect()]);
      return line;
    } catch (cause) {
      line.close();
      throw new WorkhallError('fleet', 'redis_unreachable', `Redis (${new URL(url).host}) does not answer.`, {
        facts: { place: new URL(url).host },
        next: 'Check REDIS_URL and that Redis runs there, or unset it for a hall of one process.',
        status: 503,
        cause,
      });
    }
  }

  /** `onGap`: the line was away, and what was said meanwhile was not heard. */
  async listen(channels: readonly string[], onMessage: (text: string) => void, onGap: () => void): Promise<void> {
    this.#sub.on('message', (_channel, text) => onMessage(text));
    this.#sub.on('close', () => (this.#hasGap = true));
    this.#sub.on('ready', () => {
      if (!this.#hasGap) return;
      this.#hasGap = false;
      setTimeout(onGap, RESUBSCRIBED_MS).unref();
    });
    await this.#sub.subscribe(...channels);
  }

  /** How many listened. */
  say(channel: string, text: string): Promise<number> {
    return this.#pub.publish(channel, text);
  }

  async keep(key: string, text: string, ttlMs: number): Promise<void> {
    await this.#pub.set(key, text, 'PX', ttlMs);
  }

  recall(keys: readonly string[]): Promise<(string | null)[]> {
    return keys.length === 0 ? Promise.resolve([]) : this.#pub.mget([...keys]);
  }

  /** Round trip, ms. */
  async check(): Promise<number> {
    const startMs = performance.now();
    await this.#pub.ping();
    return performance.now() - startMs;
  }

  get place(): string {
    return new URL(this.url).host;
  }

  close(): void {
    this.#pub.disconnect();
    this.#sub.disconnect();
  }
}
