import { connectAsync, type MqttClient } from 'mqtt';
import type { StationGauge } from '#protocol/api/guidance';
import { numberAt, readJsonPath, type JsonPath } from './json-path.ts';
import type { ValueLine, ValueLineOptions } from './value-line.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;

export interface BrokerAccess {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Any number in any JSON that is published on an MQTT broker: topic, and path within the message. */
export class MqttValues implements ValueLine {
  readonly name = 'MQTT';
  #client: MqttClient | null = null;
  #byTopic = new Map<string, { device: string; path: JsonPath }[]>();
  readonly #seen = new Set<string>();

  constructor(
    /** Asked once, with the first instrument that is read this way. */
    private readonly access: () => Promise<BrokerAccess>,
    private readonly options: ValueLineOptions,
  ) {}

  isUp(device: string): boolean {
    return (this.#client?.connected ?? false) && this.#seen.has(device);
  }

  async read(gauges: readonly StationGauge[]): Promise<void> {
    const wanted = new Map<string, { device: string; path: JsonPath }[]>();
    for (const { device, source } of gauges) {
      if (source.kind !== 'mqtt') continue;
      const path = readJsonPath(source.path);
      if (path) wanted.set(source.topic, [...(wanted.get(source.topic) ?? []), { device, path }]);
    }
    const gone = [...this.#byTopic.keys()].filter((topic) => !wanted.has(topic));
    const fresh = [...wanted.keys()].filter((topic) => !this.#byTopic.has(topic));
    this.#byTopic = wanted;
    if (gone.length > 0) await this.#client?.unsubscribeAsync(gone);
    if (fresh.length === 0) return;
    const client = this.#client ?? (await this.#connect());
    await client.subscribeAsync(fresh, { qos: 0 });
  }

  async close(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = null;
    this.#byTopic = new Map();
    this.#seen.clear();
  }

  async #connect(): Promise<MqttClient> {
    const { url, username, password } = await this.access();
    const client = await connectAsync(url, {
      reconnectPeriod: 2_000,
      connectTimeout: 10_000,
      ...(username !== undefined && { username, password: password ?? '' }),
    });
    client.on('error', this.options.failed);
    client.on('message', (topic, payload) => this.#hear(topic, payload));
    this.#client = client;
    return client;
  }

  #hear(topic: string, payload: Uint8Array): void {
    const places = this.#byTopic.get(topic);
    if (!places || payload.length > MAX_PAYLOAD_BYTES) return;
    const message = jsonOf(payload);
    for (const { device, path } of places) {
      const value = numberAt(message, path);
      if (value === null) continue;
      this.#seen.add(device);
      this.options.take({ device, value, atMs: this.options.nowMs() });
    }
  }
}

/** A bare number is JSON as well; what is none of it is nothing. */
function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null; // no JSON: there is no number in it
  }
}
