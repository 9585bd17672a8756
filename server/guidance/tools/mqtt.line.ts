import { connectAsync, type MqttClient } from 'mqtt';
import { z } from 'zod';
import type { ToolResult } from '#protocol/guidance/index';
import { Unit } from '#protocol/procedures/index';
import type { KnownDevice, ToolLine } from './tool-line.ts';

/** `workhall/tools/<device>/result`. */
export const RESULT_TOPIC = 'workhall/tools/+/result';
export const topicOf = (device: string): string => `workhall/tools/${device}/result`;

/** What a tool publishes, JSON. */
export const MqttResult = z.object({
  /** The tool's own count: the same id is the same tightening. */
  id: z.string().min(1).max(100),
  value: z.number(),
  unit: Unit.default('N.m'),
  ok: z.boolean(),
  angleDeg: z.number().optional(),
  /** ISO 8601; without it the time at which it came counts. */
  at: z.iso.datetime({ offset: true }).optional(),
  programme: z.string().max(60).optional(),
});
const MAX_PAYLOAD_BYTES = 4096;

export interface MqttOptions {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** The same name after a restart: the broker keeps what came meanwhile. */
  readonly clientId: string;
  readonly nowMs: () => number;
  readonly failed: (thrown: unknown) => void;
  /** Who is known at this hall. Null: results of this device are of nobody. */
  readonly deviceOf: (device: string) => Promise<KnownDevice | null>;
}

/** Tools on an MQTT broker, at QoS 1: a result is acknowledged when it is on disk. */
export class MqttLine implements ToolLine {
  readonly name: string;
  #client: MqttClient | null = null;

  constructor(private readonly options: MqttOptions) {
    this.name = `MQTT ${new URL(options.url).host}`;
  }

  isUp(): boolean {
    return this.#client?.connected ?? false;
  }

  async open(take: (result: ToolResult) => Promise<void>): Promise<void> {
    const { url, clientId, username, password, failed } = this.options;
    const client = await connectAsync(url, {
      clientId,
      clean: false,
      reconnectPeriod: 2_000,
      connectTimeout: 10_000,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    });
    this.#client = client;
    client.on('error', failed);
    // The broker gets its acknowledgement when the callback is called, one message after the other.
    client.handleMessage = async (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      if (await this.#isTaken(packet.topic, payload, take)) done();
      // Not taken: the connection is begun anew, and the broker sends it again.
      else client.reconnect();
    };
    await client.subscribeAsync(RESULT_TOPIC, { qos: 1 });
  }

  async close(): Promise<void> {
    await this.#client?.endAsync(true);
    this.#client = null;
  }

  async #isTaken(topic: string, payload: Uint8Array, take: (result: ToolResult) => Promise<void>): Promise<boolean> {
    try {
      const result = await this.#read(topic, payload);
      if (result) await take(result);
      return true;
    } catch (thrown) {
      this.options.failed(thrown);
      return false;
    }
  }

  /** Null: nothing that could ever be read, so it is not asked for again. */
  async #read(topic: string, payload: Uint8Array): Promise<ToolResult | null> {
    const device = /^workhall\/tools\/([^/]+)\/result$/.exec(topic)?.[1];
    const parsed = payload.length <= MAX_PAYLOAD_BYTES ? MqttResult.safeParse(jsonOf(payload)) : null;
    if (device === undefined || !parsed?.success) {
      this.options.failed(new Error(`A message on ${topic} is no result of a tool.`));
      return null;
    }
    const known = await this.options.deviceOf(device);
    const { id, value, unit, ok, angleDeg, at, programme } = parsed.data;
    return {
      key: id,
      device,
      value,
      unit,
      angleRad: angleDeg === undefined ? null : (angleDeg * Math.PI) / 180,
      isOk: ok,
      atMs: at === undefined ? this.options.nowMs() : Math.max(0, Date.parse(at)),
      serial: known?.serial ?? null,
      calibratedUntilMs: known?.calibratedUntilMs ?? null,
      programme: programme ?? null,
    };
  }
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null; // no JSON: the schema says the rest
  }
}
