import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { StationTool } from '#protocol/api/guidance';
import { toProblem } from '#protocol/errors';
import { ToolResult } from '#protocol/guidance/index';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';
import { Jobs } from './jobs.service.ts';
import { LineHolder, type HeldLines, type LinesTold } from './line-holder.service.ts';
import { Stations, type Station } from './stations.service.ts';
import { MqttLine } from './tools/mqtt.line.ts';
import { OpenProtocolLine } from './tools/open-protocol.line.ts';
import { StationBroker } from './tools/station-broker.ts';
import type { KnownDevice, ToolLine } from './tools/tool-line.ts';
import { ValueIntake } from './value-intake.service.ts';
import type { BrokerAccess } from './values/mqtt.values.ts';

type Line = StationTool['line'];

/** One line brings the results of all tools that speak MQTT. */
const MQTT = 'mqtt';
/** That a tool was heard is written down so often at most, ms. */
const HEARD_EVERY_MS = 10_000;

/** Results come to the job that is at the tool's station, or are kept where somebody sees that none was there. */
@Injectable()
export class ToolIntake implements OnApplicationBootstrap, HeldLines {
  private readonly logger = new Logger('Tools');
  private readonly lines = new Map<string, { line: ToolLine; wanted: string }>();
  private readonly byDevice = new Map<string, { station: Station; known: KnownDevice }>();
  private broker: StationBroker | null = null;
  private readonly played = new Set<string>();
  private readonly notedMs = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly stations: Stations,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly holder: LineHolder,
    private readonly values: ValueIntake,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.holder.start(this);
  }

  /** After a change of the stations: lines for their tools, where this process has them. */
  stationsChanged(): Promise<void> {
    return this.holder.look();
  }

  /** A station whose tools the hall plays itself: their line begins with their first use. */
  async attach({ id }: Station): Promise<void> {
    if (this.played.has(id)) return;
    this.played.add(id);
    await this.holder.look();
  }

  isUp(device: string): boolean {
    const known = this.lines.get(device) ?? this.lines.get(MQTT);
    if (known && this.byDevice.has(device)) return known.line.isUp();
    return this.values.isUp(device) || this.holder.status.up.includes(device);
  }
  /** Of the hall's own broker, in whichever process it runs; 0: none does. */
  get mqttPort(): number {
    return this.broker?.port ?? this.holder.status.port;
  }

  /** A line for each tool, one after the other: the broker is begun with the first that needs it. */
  async tend(): Promise<LinesTold> {
    // A hall without tools opens no port; among several processes nobody knows where one will be played.
    const isWanted = ({ id, isSimulated }: Station) => !isSimulated || this.played.has(id) || this.holder.isShared;
    const stations = (await this.stations.all()).filter(isWanted);
    const wanted = wantedLines(stations);
    this.byDevice.clear();
    for (const { station, known } of wanted.values()) this.byDevice.set(known.device, { station, known });
    const names = new Map([...wanted.values()].map((one) => [one.name, one]));
    for (const [name, { line, wanted: before }] of this.lines)
      if (names.get(name)?.wanted !== before) {
        this.lines.delete(name);
        await line.close();
      }
    for (const { name, wanted: now, known, line } of names.values()) {
      if (this.lines.has(name)) continue;
      const made =
        line.kind === 'mqtt'
          ? await this.mqtt().catch(this.failed)
          : new OpenProtocolLine(known, { host: line.host, port: line.port, nowMs: this.nowMs, failed: this.failed });
      if (!made) continue;
      this.lines.set(name, { line: made, wanted: now });
      await made.open((result) => this.take(result)).catch(this.failed);
    }
    await this.values.read(stations, () => this.ownAccess());
    const devices = [...this.byDevice.keys(), ...stations.flatMap(({ gauges }) => gauges.map(({ device }) => device))];
    return { port: this.broker?.port ?? 0, up: devices.filter((device) => this.isUp(device)) };
  }

  async letGo(): Promise<void> {
    for (const { line } of this.lines.values()) await line.close();
    this.lines.clear();
    this.byDevice.clear();
    await this.values.close();
    const broker = this.broker;
    this.broker = null;
    await broker?.close();
  }

  /** How the hall itself comes in as this station, to play its tools; null: no broker runs. */
  accessOf(station: Station): { url: string; username?: string; password?: string } | null {
    const { mqtt } = this.config.tree;
    if (mqtt.url !== undefined) return { url: mqtt.url };
    if (!this.broker) return null;
    const password = this.stations.ownPassword(station.id);
    return { url: this.brokerUrl(this.broker), username: station.id, password };
  }

  /** Resolves when the result is on disk. The same result again is the same op, or the same row. */
  async take(result: ToolResult): Promise<void> {
    const at = this.byDevice.get(result.device);
    if (!at) return this.logger.warn(`A result of a tool that no station has: ${result.device}`);
    this.heard(result.device);
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

  /** When each last gave a result, ms since 1970; those that never did are missing. */
  async heardAt(devices: readonly string[]): Promise<Map<string, number>> {
    if (devices.length === 0) return new Map();
    const rows = await this.db.selectFrom('tool_heard').selectAll().where('device', 'in', devices).execute();
    return new Map(rows.map(({ device, heard_at }) => [device, heard_at.getTime()]));
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

  /** Noted beside the work: no result waits for it. */
  private heard(device: string): void {
    const nowMs = this.nowMs();
    if (nowMs - (this.notedMs.get(device) ?? -Infinity) < HEARD_EVERY_MS) return;
    this.notedMs.set(device, nowMs);
    const heard_at = new Date(nowMs);
    this.db
      .insertInto('tool_heard')
      .values({ device, heard_at })
      .onConflict((conflict) => conflict.column('device').doUpdateSet({ heard_at }))
      .execute()
      .catch(this.failed);
  }

  private async mqtt(): Promise<MqttLine> {
    return new MqttLine({
      ...(await this.ownAccess()),
      clientId: 'workhall-hall',
      nowMs: this.nowMs,
      failed: this.failed,
      deviceOf: async (device: string) => this.byDevice.get(device)?.known ?? null,
    });
  }

  /** To the company's broker, or to one of the hall's own, which is begun with the first that asks. */
  private async ownAccess(): Promise<BrokerAccess> {
    const { mqtt } = this.config.tree;
    if (mqtt.url !== undefined) return { url: mqtt.url };
    this.broker ??= await this.beginBroker();
    return { url: this.brokerUrl(this.broker), ...this.broker.account };
  }

  private async beginBroker(): Promise<StationBroker> {
    const { host, port } = this.config.tree.mqtt;
    const topicsOf = (id: string, password: string) => this.stations.topicsOf(id, password);
    const begun = async (at: number) => {
      const broker = new StationBroker({ host, port: at, topicsOf, failed: this.failed });
      await broker.open();
      return broker;
    };
    try {
      return await begun(port);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
      const broker = await begun(0);
      this.logger.warn(`Port ${port} is taken: tools find the MQTT broker of this hall on port ${broker.port}.`);
      return broker;
    }
  }

  /** What the broker listens on, the hall reaches by loopback, or by that one address. */
  private brokerUrl({ port }: StationBroker): string {
    const { host } = this.config.tree.mqtt;
    return `mqtt://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
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

/** By device: its line's name (all on MQTT share one), and all that a line is made of, so that a change is seen. */
function wantedLines(stations: readonly Station[]) {
  const wanted = new Map<string, { name: string; wanted: string; station: Station; known: KnownDevice; line: Line }>();
  for (const station of stations)
    for (const { device, line, serial, calibratedUntil } of station.tools) {
      const known = { device, serial, calibratedUntilMs: calibratedUntil };
      const isMqtt = line.kind === 'mqtt';
      const about = isMqtt ? MQTT : JSON.stringify([line, known]);
      wanted.set(device, { name: isMqtt ? MQTT : device, wanted: about, station, known, line });
    }
  return wanted;
}
