import { Injectable } from '@nestjs/common';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { TAG_COUNT, TAGS_PER_STATION } from '#protocol/alignment/index';
import { StationGauge, StationTool } from '#protocol/api/guidance';
import { JobSummary } from '#protocol/guidance/index';
import { RoomId } from '#protocol/ids';
import { Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';
import { problems } from './problems.ts';
import { topicOf } from './tools/mqtt.line.ts';

export interface Station {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly tools: readonly StationTool[];
  readonly gauges: readonly StationGauge[];
  readonly isSimulated: boolean;
  /** Number of the first of its twelve tags; no two stations of a hall share one, while there are numbers left. */
  readonly firstTag: number;
}

export interface StationRequest {
  readonly name: string;
  readonly tools: readonly StationTool[];
  readonly gauges?: readonly StationGauge[];
  readonly isSimulated?: boolean;
  /** Where sheets stand already; otherwise the first numbers that no other station has. */
  readonly firstTag?: number;
}

/** Stations whose sheets can be seen together. */
const MOST_RANGES = Math.floor(TAG_COUNT / TAGS_PER_STATION);

/** Work stations: where jobs are done, and the tools that stand there. */
@Injectable()
export class Stations {
  /** By which the hall signs in where it plays the tools itself; of this process alone. */
  private readonly ownPasswords = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  async make(
    project: string,
    { name, tools, gauges = [], isSimulated = false, firstTag }: StationRequest,
  ): Promise<{ station: Station; password: string }> {
    await this.expectFree(project, name, [...tools, ...gauges]);
    const first = firstTag ?? freeRange((await this.all()).map((one) => one.firstTag));
    const password = randomBytes(24).toString('base64url');
    const station = { id: this.ids.next(), project, name, tools, gauges, isSimulated, firstTag: first };
    await this.db
      .insertInto('station')
      .values({
        id: station.id,
        project,
        name,
        tools: JSON.stringify(tools),
        gauges: JSON.stringify(gauges),
        password_hash: hashOf(password),
        is_simulated: isSimulated,
        first_tag: first,
      })
      .execute();
    return { station, password };
  }

  /** What stands there from now on. Jobs name their station: it keeps its name. */
  async change({ id, project, name }: Station, { tools, gauges }: Pick<Station, 'tools' | 'gauges'>): Promise<Station> {
    await this.expectFree(project, name, [...tools, ...gauges], id);
    await this.db
      .updateTable('station')
      .set({ tools: JSON.stringify(tools), gauges: JSON.stringify(gauges) })
      .where('id', '=', id)
      .execute();
    return this.get(project, id);
  }

  /** The one before is good for nothing then. */
  async newPassword(id: string): Promise<string> {
    const password = randomBytes(24).toString('base64url');
    await this.db
      .updateTable('station')
      .set({ password_hash: hashOf(password) })
      .where('id', '=', id)
      .execute();
    return password;
  }

  async list(project: string): Promise<Station[]> {
    return (await this.all()).filter((one) => one.project === project);
  }
  async all(): Promise<Station[]> {
    const rows = await this.db.selectFrom('station').selectAll().orderBy('name').execute();
    return rows.map(({ id, project, name, tools, gauges, is_simulated, first_tag }) => ({
      id,
      project,
      name,
      tools: z.array(StationTool).parse(JSON.parse(tools)),
      gauges: z.array(StationGauge).parse(JSON.parse(gauges)),
      isSimulated: is_simulated,
      firstTag: first_tag,
    }));
  }
  /** Throws `guidance.no_such_station`. */
  async get(project: string, id: string): Promise<Station> {
    const station = (await this.list(project)).find((one) => one.id === id);
    if (!station) throw problems.noSuchStation(id);
    return station;
  }

  /** The password of the hall itself at a station whose tools it plays. */
  ownPassword(id: string): string {
    const known = this.ownPasswords.get(id) ?? randomBytes(24).toString('base64url');
    this.ownPasswords.set(id, known);
    return known;
  }

  /** What its tools and instruments publish on, when the password is the station's own. */
  async topicsOf(id: string, password: string): Promise<string[] | null> {
    const row = await this.db
      .selectFrom('station')
      .select(['password_hash', 'tools', 'gauges'])
      .where('id', '=', id)
      .executeTakeFirst();
    const own = this.ownPasswords.get(id);
    const hashes = row ? [row.password_hash, ...(own === undefined ? [] : [hashOf(own)])] : [];
    if (!row || !hashes.some((hash) => timingSafeEqual(hash, hashOf(password)))) return null;
    const tools = z.array(StationTool).parse(JSON.parse(row.tools));
    const gauges = z.array(StationGauge).parse(JSON.parse(row.gauges));
    return [
      ...tools.map(({ device }) => topicOf(device)),
      ...gauges.flatMap(({ source }) => (source.kind === 'mqtt' ? [source.topic] : [])),
    ];
  }

  /** The job that is at a station now. */
  async jobAt(station: string): Promise<{ room: RoomId; summary: JobSummary } | null> {
    const row = await this.db
      .selectFrom('job')
      .select(['room', 'summary'])
      .where('station', '=', station)
      .where('status', 'not in', ['finished', 'scrapped'])
      .orderBy('opened_at')
      .executeTakeFirst();
    return row ? { room: RoomId.parse(row.room), summary: JobSummary.parse(JSON.parse(row.summary)) } : null;
  }

  private async expectFree(
    project: string,
    name: string,
    devices: readonly { readonly device: string }[],
    own?: string,
  ): Promise<void> {
    const others = (await this.all()).filter(({ id }) => id !== own);
    if (others.some((one) => one.project === project && one.name === name)) throw problems.stationTaken(name);
    const known = new Set(others.flatMap((one) => [...one.tools, ...one.gauges].map(({ device }) => device)));
    for (const { device } of devices) {
      if (known.has(device)) throw problems.deviceTaken(device);
      known.add(device);
    }
  }

  private get db() {
    return this.database.of<GuidanceTables>();
  }
}

/** The first numbers that nobody has; in a hall of more stations than ranges, those that fewest have. */
export function freeRange(taken: readonly number[]): number {
  const counts = Array.from({ length: MOST_RANGES }, (_, n) => {
    const [from, to] = [n * TAGS_PER_STATION, (n + 1) * TAGS_PER_STATION];
    return taken.filter((first) => first < to && first + TAGS_PER_STATION > from).length;
  });
  return counts.indexOf(Math.min(...counts)) * TAGS_PER_STATION;
}

const hashOf = (password: string): Buffer => createHash('sha256').update(password).digest();
