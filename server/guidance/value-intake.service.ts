import { Injectable, Logger } from '@nestjs/common';
import type { StationGauge } from '#protocol/api/guidance';
import { valuesToTell } from '#protocol/guidance/index';
import { RoomId } from '#protocol/ids';
import { Clock } from '../platform/clock/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { Jobs } from './jobs.service.ts';
import { Stations, type Station } from './stations.service.ts';
import { MachineValues } from './values/machine.values.ts';
import { MqttValues, type BrokerAccess } from './values/mqtt.values.ts';
import type { Reading, ValueLine } from './values/value-line.ts';

/** New readings are told at most this often. */
const TELL_MS = 250;
/** Jobs that have just begun are told what was read before, but nothing older than this. */
const FRESH_MS = 60_000;
/** And this often it is looked whether one has. */
const LOOK_EVERY_TELLS = 8;

/** What the instruments of a station show goes to the job that is there, where its plan asks for it. */
@Injectable()
export class ValueIntake {
  private readonly logger = new Logger('Values');
  private readonly newest = new Map<string, Reading>();
  private lines: readonly ValueLine[] = [];
  private stationsNow: readonly Station[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isNew = false;
  private tells = 0;
  private telling: Promise<void> | null = null;

  constructor(
    private readonly stations: Stations,
    private readonly jobs: Jobs,
    private readonly host: RoomHost,
    private readonly clock: Clock,
  ) {}

  /** From now on the instruments of these stations are read. */
  async read(stations: readonly Station[], access: () => Promise<BrokerAccess>): Promise<void> {
    this.stationsNow = stations.filter(({ gauges }) => gauges.length > 0);
    const gauges = this.stationsNow.flatMap((one) => one.gauges);
    if (this.lines.length === 0 && gauges.length === 0) return;
    if (this.lines.length === 0) {
      const options = {
        take: (reading: Reading) => this.take(reading),
        nowMs: () => this.clock.nowMs(),
        failed: this.failed,
      };
      this.lines = [
        new MqttValues(access, options),
        new MachineValues(async (room) => (await this.host.state(RoomId.parse(room))).document, options),
      ];
    }
    for (const line of this.lines) await line.read(gauges).catch(this.failed);
    this.timer ??= setInterval(() => this.tick(), TELL_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    const lines = this.lines;
    this.lines = [];
    for (const line of lines) await line.close();
    await this.telling;
    this.newest.clear();
  }

  isUp(device: string): boolean {
    return this.lines.some((line) => line.isUp(device));
  }

  private take(reading: Reading): void {
    this.newest.set(reading.device, reading);
    this.isNew = true;
  }

  private tick(): void {
    if (this.telling || (!this.isNew && this.tells++ % LOOK_EVERY_TELLS !== 0)) return;
    this.isNew = false;
    this.telling = this.tell()
      .catch(this.failed)
      .finally(() => (this.telling = null));
  }

  private async tell(): Promise<void> {
    const oldest = this.clock.nowMs() - FRESH_MS;
    for (const { id, gauges } of this.stationsNow) {
      const readings = gauges.flatMap(({ device, unit }: StationGauge) => {
        const reading = this.newest.get(device);
        return reading && reading.atMs >= oldest ? [{ device, value: reading.value, unit }] : [];
      });
      const job = readings.length > 0 ? await this.stations.jobAt(id) : null;
      if (job?.summary.status !== 'running') continue;
      const values = valuesToTell((await this.host.state(job.room)).document, readings);
      if (values.length === 0) continue;
      await this.jobs.say(job.room, 'value.observe', { values });
      void this.jobs.keep(job.room);
    }
  }

  private readonly failed = (thrown: unknown) =>
    this.logger.warn(`Readings: ${thrown instanceof Error ? thrown.message : 'broken'}; it is tried again.`);
}
