import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { connectAsync, type MqttClient } from 'mqtt';
import type { SimulatedUse } from '#protocol/api/guidance';
import { jobOf } from '#protocol/guidance/index';
import type { RoomId } from '#protocol/ids';
import { Clock, Ids } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Jobs } from './jobs.service.ts';
import { problems } from './problems.ts';
import { programmeOf, tightened } from './simulated-torque.ts';
import { Stations, type Station } from './stations.service.ts';
import { ToolIntake } from './tool-intake.service.ts';
import { topicOf, type MqttResult } from './tools/mqtt.line.ts';
import type { z } from 'zod';

/** As long as the broker may take for one result, ms. */
const TIMEOUT_MS = 5_000;

/**
 * Tools of stations that are drawn and not built. Somebody pulls the trigger; what comes of it goes the way of every tool: published
 * on the MQTT broker as the station, read by the hall's line, into the journal. At other stations there is no such trigger.
 */
@Injectable()
export class SimulatedTools implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Simulated tools');
  private readonly clients = new Map<string, Promise<MqttClient>>();

  constructor(
    private readonly host: RoomHost,
    private readonly jobs: Jobs,
    private readonly stations: Stations,
    private readonly intake: ToolIntake,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the broker has the result. */
  async use(room: RoomId, { tool, how }: SimulatedUse) {
    const { document } = await this.host.state(room);
    const job = jobOf(document);
    const id = await this.jobs.stationOf(room);
    if (!job || id === null) throw problems.noSuchJob(room);
    const station = (await this.stations.all()).find((one) => one.id === id);
    if (!station?.isSimulated) throw problems.notSimulated(job.station);
    const has = (device: string) => station.tools.some((one) => one.device === device && one.line.kind === 'mqtt');
    const device = job.plan.tools.find((binding) => binding.tool === tool && has(binding.device))?.device;
    if (device === undefined) throw problems.noSuchTool(tool, station.name);
    const told = tightened(programmeOf(document, job, tool), how, job.counts['results'] ?? 0);
    const result: z.input<typeof MqttResult> = {
      ...{ id: this.ids.next(), value: told.value, unit: told.unit, ok: told.ok },
      at: new Date(this.clock.nowMs()).toISOString(),
    };
    await this.intake.attach(station);
    const client = await this.client(station);
    await client.publishAsync(topicOf(device), JSON.stringify(result), { qos: 1 });
    return { device, ...told };
  }

  async beforeApplicationShutdown(): Promise<void> {
    const clients = await Promise.allSettled([...this.clients.values()]);
    this.clients.clear();
    for (const one of clients) if (one.status === 'fulfilled') await one.value.endAsync(true);
  }

  /** One connection for each station; one that broke is made anew with the next use. */
  private client(station: Station): Promise<MqttClient> {
    const known = this.clients.get(station.id);
    if (known) return known;
    const made = this.connect(station);
    this.clients.set(station.id, made);
    made.catch(() => this.clients.delete(station.id));
    return made;
  }

  private async connect(station: Station): Promise<MqttClient> {
    const way = this.intake.accessOf(station);
    if (!way) throw problems.noToolLine(station.name);
    const client = await connectAsync(way.url, {
      clientId: `simulated-${station.id}-${this.ids.next()}`,
      reconnectPeriod: 0,
      connectTimeout: TIMEOUT_MS,
      ...(way.username !== undefined && { username: way.username, password: way.password ?? '' }),
    });
    client.on('error', (thrown) => this.logger.warn(`${station.name}: ${thrown.message}`));
    client.on('close', () => this.clients.delete(station.id));
    return client;
  }
}
