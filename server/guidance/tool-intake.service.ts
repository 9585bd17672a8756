import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { toProblem } from '#protocol/errors';
import { ToolResult } from '#protocol/guidance/index';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';
import { Jobs } from './jobs.service.ts';
import { Stations, type Station } from './stations.service.ts';
import { MqttLine } from './tools/mqtt.line.ts';
import { OpenProtocolLine } from './tools/open-protocol.line.ts';
import { StationBroker } from './tools/station-broker.ts';
import type { KnownDevice, ToolLine } from './tools/tool-line.ts';

/** Results come to the job that is at the tool's station, or are kept where somebody sees that none was there. */
@Injectable()
export class ToolIntake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Tools');
  private readonly lines = new Map<string, ToolLine>();
  private readonly byDevice = new Map<string, { station: Station; known: KnownDevice }>();
  private broker: StationBroker | null = null;
  private attaching: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly stations: Stations,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const station of await this.stations.all()) await this.attach(station);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.attaching;
    for (const line of this.lines.values()) await line.close();
    await this.broker?.close();
  }

  /** A line for each of its tools, one after the other: the broker is begun with the first that needs it. */
  attach(station: Station): Promise<void> {
    this.attaching = this.attaching.then(() => this.open(station)).catch((thrown: unknown) => this.failed(thrown));
    return this.attaching;
  }

  isUp(device: string): boolean {
    return (this.lines.get(device) ?? this.lines.get('mqtt'))?.isUp() ?? false;
  }
  /** Of the hall's own broker; 0: none runs. */
  get mqttPort(): number {
    return this.broker?.port ?? 0;
  }

  /** Resolves when the result is on disk. The same result again is the same op, or the same row. */
  async take(result: ToolResult): Promise<void> {
    const at = this.byDevice.get(result.device);
    if (!at) return this.logger.warn(`A result of a tool that no station has: ${result.device}`);
    const job = await this.stations.jobAt(at.station.id);
    if (!job) return this.keepStray(at.station, result);
    const id = createHash('sha256').update(`${result.device}\0${result.key}`).digest('base64url');
    try {
      await this.jobs.say(job.room, 'tool.result', { result }, undefined, `tool-${id}`);
    } catch (thrown) {
      // It is there already: a repetition after a lost acknowledgement.
      if (toProblem(thrown).key !== 'counted_already') throw thrown;
    }
    void this.jobs.keep(job.room);
  }

  async strays(project: string) {
    const rows = await this.db
      .selectFrom('stray_result')
      .innerJoin('station', 'station.id', 'stray_result.station')
      .select(['stray_result.station', 'result', 'came_at'])
      .where('project', '=', project)
      .orderBy('came_at', 'desc')
      .limit(500)
      .execute();
    return rows.map(({ station, result, came_at }) => ({
      station,
      result: ToolResult.parse(JSON.parse(result)),
      cameAt: came_at.getTime(),
    }));
  }

  private async open(station: Station): Promise<void> {
    for (const { device, line, serial, calibratedUntil } of station.tools) {
      const known = { device, serial, calibratedUntilMs: calibratedUntil };
      this.byDevice.set(device, { station, known });
      const name = line.kind === 'mqtt' ? 'mqtt' : device;
      if (this.lines.has(name)) continue;
      const { host, port } = line.kind === 'mqtt' ? { host: '', port: 0 } : line;
      const made =
        line.kind === 'mqtt'
          ? await this.mqtt()
          : new OpenProtocolLine(known, { host, port, nowMs: this.nowMs, failed: this.failed });
      await made.open((result) => this.take(result));
      this.lines.set(name, made);
    }
  }

  /** The company's broker, or one of the hall's own. */
  private async mqtt(): Promise<MqttLine> {
    const { mqtt } = this.config.tree;
    const common = {
      clientId: 'workhall-hall',
      nowMs: this.nowMs,
      failed: this.failed,
      deviceOf: async (device: string) => this.byDevice.get(device)?.known ?? null,
    };
    if (mqtt.url !== undefined) return new MqttLine({ ...common, url: mqtt.url });
    const devicesOf = (id: string, password: string) => this.stations.devicesOf(id, password);
    const begun = async (port: number) => {
      const broker = new StationBroker({ host: mqtt.host, port, devicesOf, failed: this.failed });
      await broker.open();
      return broker;
    };
    try {
      this.broker = await begun(mqtt.port);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
      this.broker = await begun(0);
      this.logger.warn(
        `Port ${mqtt.port} is taken: tools find the MQTT broker of this hall on port ${this.broker.port}.`,
      );
    }
    // What the broker listens on, the hall reaches by loopback, or by that one address.
    const host = mqtt.host === '0.0.0.0' || mqtt.host === '::' ? '127.0.0.1' : mqtt.host;
    return new MqttLine({ ...common, url: `mqtt://${host}:${this.broker.port}`, ...this.broker.account });
  }

  private async keepStray(station: Station, result: ToolResult): Promise<void> {
    await this.db
      .insertInto('stray_result')
      .values({
        device: result.device,
        key: result.key,
        station: station.id,
        result: JSON.stringify(result),
        came_at: new Date(this.nowMs()),
      })
      .onConflict((conflict) => conflict.columns(['device', 'key']).doNothing())
      .execute();
  }

  private readonly nowMs = () => this.clock.nowMs();
  private readonly failed = (thrown: unknown) =>
    this.logger.warn(`A tool’s line: ${thrown instanceof Error ? thrown.message : 'broken'}; it is tried again.`);

  private get db() {
    return this.database.of<GuidanceTables>();
  }
}
