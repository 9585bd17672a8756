import { Injectable, Logger } from '@nestjs/common';
import { sql } from 'kysely';
import type { JobView } from '#protocol/api/guidance';
import type { Document } from '#protocol/document/index';
import {
  asBuiltOf,
  blockOfRecord,
  jobOf,
  JobSummary,
  readOrderCode,
  rowsOf,
  signRecord,
  summaryOf,
  type GuidanceOpType,
  type GuidancePayload,
  type OrderCode,
  type SignedRecord,
} from '#protocol/guidance/index';
import { OpId, ProjectId, RoomId } from '#protocol/ids';
import { decodeBlock, type Op } from '#protocol/journal/index';
import { partsOf, procedureIn, Text } from '#protocol/procedures/index';
import { AssetStore } from '../assets/index.ts';
import { IssuerKey } from '../credentials/index.ts';
import { RoomPlaces } from '../design/index.ts';
import { authorOf, HALL, type Person } from '../identity/index.ts';
import { Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { RoomHost } from '../rooms/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';
import { Plans } from './plans.service.ts';
import { problems } from './problems.ts';
import { ShownSkills } from './shown-skills.service.ts';
import { Stations } from './stations.service.ts';

const READ_BATCH = 500;

export interface JobRequest {
  readonly code?: string | undefined;
  readonly order?: string | undefined;
  readonly productType?: string | undefined;
  readonly serial?: string | undefined;
  readonly station: string;
  readonly roles?: readonly string[] | undefined;
}

/** One of them. */
interface PieceQuery {
  readonly product?: string | undefined;
  readonly serial?: string | undefined;
  readonly lot?: string | undefined;
}

/** Jobs: opened by an order's code at a station; what their journals say is copied for lists and questions. */
@Injectable()
export class Jobs {
  /** Who follows what jobs say: told of each copy. They wait for nothing that waits for `keep`. */
  readonly kept = new Set<(room: RoomId, project: ProjectId, document: Document) => Promise<void>>();
  private readonly logger = new Logger('Jobs');
  /** One copy at a time for each room; the last one wins. */
  private readonly keeping = new Map<string, Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly plans: Plans,
    private readonly stations: Stations,
    private readonly skills: ShownSkills,
    private readonly assets: AssetStore,
    private readonly key: IssuerKey,
    private readonly ids: Ids,
  ) {}

  async open(project: ProjectId, request: JobRequest, by: Person): Promise<RoomId> {
    const { order, productType, serial } = orderOf(request);
    const station = await this.stations.get(project, request.station);
    const plan = await this.plans.get(project, productType);
    const { manifest, procedure, bytes } = await this.plans.releaseOf(project, plan.release);
    return this.database.locked(`station ${station.id}`, async () => {
      const there = await this.stations.jobAt(station.id);
      if (there) throw problems.stationBusy(there.room, there.summary);
      const before = await this.db
        .selectFrom('job')
        .select('room')
        .where('project', '=', project)
        .where('product_type', '=', productType)
        .where('serial', '=', serial)
        .where('status', '!=', 'scrapped')
        .executeTakeFirst();
      if (before) throw problems.madeBefore(serial);
      const title = `${plan.title} ${serial}`;
      const room = await this.host.create({ kind: 'guidance', purpose: 'guidance', title, author: authorOf(by) });
      const cid = `${manifest.procedure}`;
      for (const part of partsOf(cid, bytes)) await this.say(room, 'job.load', part);
      const roles = (request.roles ?? procedure.workplace.roles.map(({ id }) => id)) as never;
      const crew = [{ id: by.id, name: by.name, roles, station: null }];
      const payload = {
        order,
        serial,
        station: station.name,
        procedure: cid as never,
        revision: manifest.release,
        plan,
        crew,
      };
      await this.say(room, 'job.open', payload, by);
      await this.places.add({ room, project, purpose: 'guidance', person: by.id });
      await this.skills.show(room, [by.id]);
      const { document, length } = await this.host.state(room);
      const summary = summaryOf(document)!;
      await this.db
        .insertInto('job')
        .values({
          room,
          project,
          station: station.id,
          order,
          product_type: productType,
          serial,
          status: summary.status,
          summary: JSON.stringify(summary),
          opened_at: new Date(summary.openedAtMs),
          length,
          record: null,
        })
        .execute();
      return room;
    });
  }

  /** Newest first. */
  async list(project: string, limit = 1000): Promise<JobView[]> {
    const rows = await this.db
      .selectFrom('job')
      .select(['room', 'summary'])
      .where('project', '=', project)
      .orderBy('opened_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ room, summary }) =>
      viewOf(RoomId.parse(room), ProjectId.parse(project), JobSummary.parse(JSON.parse(summary))),
    );
  }

  /** Id of the station at which it is made; null: no job. */
  async stationOf(room: RoomId): Promise<string | null> {
    const row = await this.db.selectFrom('job').select('station').where('room', '=', room).executeTakeFirst();
    return row?.station ?? null;
  }

  async view(room: RoomId): Promise<JobView> {
    const { project, purpose } = await this.places.get(room);
    const summary = purpose === 'guidance' ? summaryOf((await this.host.state(room)).document) : null;
    if (!summary) throw problems.noSuchJob(room);
    return viewOf(room, project, summary);
  }

  /** What the hall says in a job. Throws what the job has against it. */
  async say<T extends GuidanceOpType>(
    room: RoomId,
    type: T,
    payload: GuidancePayload<T>,
    by: Person = HALL,
    id?: string,
  ): Promise<void> {
    const op: Op = { id: OpId.parse(id ?? this.ids.next()), type, payload };
    const [verdict] = await this.host.submit(room, authorOf(by), [op]);
    if (verdict && !verdict.ok) throw problems.refused(verdict.problem);
  }

  /** What somebody can do who has come into the crew is shown at once, also while nobody is in the room. */
  async afterJoins(room: RoomId, ops: readonly Pick<Op, 'type' | 'payload'>[]): Promise<void> {
    const joined = ops.flatMap(({ type, payload }) =>
      type === 'job.join' ? [(payload as GuidancePayload<'job.join'>).person.id] : [],
    );
    if (joined.length > 0) await this.skills.show(room, joined);
  }

  /** Copies what the journal says now; asked for again while it copies, it copies once more. */
  keep(room: RoomId): Promise<void> {
    const last = this.keeping.get(room) ?? Promise.resolve();
    const next = last
      .then(() => this.copy(room))
      .catch((thrown: unknown) => this.logger.error(`Job ${room} could not be copied`, thrown));
    this.keeping.set(room, next);
    void next.finally(() => this.keeping.get(room) === next && this.keeping.delete(room));
    return next;
  }

  /** Jobs whose copy may be older than their journal. */
  async unfinished(): Promise<RoomId[]> {
    const rows = await this.db.selectFrom('job').select('room').where('record', 'is', null).execute();
    return rows.map(({ room }) => RoomId.parse(room));
  }

  /** Those of a product type that are not over. */
  async openOnes(project: string, productType: string): Promise<RoomId[]> {
    const rows = await this.db
      .selectFrom('job')
      .select('room')
      .where('project', '=', project)
      .where('product_type', '=', productType)
      .where('status', 'not in', ['finished', 'scrapped'])
      .execute();
    return rows.map(({ room }) => RoomId.parse(room));
  }

  /** A number that is another one whenever something happened in a job of the project. */
  async moved(project: string): Promise<number> {
    const { jobs, entries } = await this.db
      .selectFrom('job')
      .select((select) => [
        select.fn.countAll<string>().as('jobs'),
        select.fn.coalesce(select.fn.sum<string>('length'), select.val('0')).as('entries'),
      ])
      .where('project', '=', project)
      .executeTakeFirstOrThrow();
    return Number(jobs) + Number(entries);
  }

  /** Throws `guidance.job_goes_on`. */
  async record(room: RoomId): Promise<{ cid: string; signed: SignedRecord }> {
    await this.keep(room);
    const row = await this.db.selectFrom('job').select('record').where('room', '=', room).executeTakeFirst();
    if (!row) throw problems.noSuchJob(room);
    if (row.record === null) throw problems.goesOn(room);
    const { record, proof } = decodeBlock(await this.assets.getBlock(row.record)) as SignedRecord;
    return { cid: row.record, signed: { record, proof } };
  }

  /** As the number is written; where nothing has it so, in whichever case: people type what they read from a label. */
  async parts(project: string, where: PieceQuery) {
    const asWritten = await this.partsBy(project, where, false);
    return asWritten.length > 0 ? asWritten : this.partsBy(project, where, true);
  }

  private async partsBy(project: string, where: PieceQuery, isAnyCase: boolean) {
    let query = this.db
      .selectFrom('job_part as piece')
      .innerJoin('job', 'job.room', 'piece.room')
      .selectAll('piece')
      .select('job.record')
      .where('piece.project', '=', project)
      .orderBy('product')
      .orderBy('n')
      .limit(5000);
    for (const key of ['product', 'serial', 'lot'] as const) {
      const value = where[key];
      if (value === undefined) continue;
      query = isAnyCase
        ? query.where(sql`lower(${sql.ref(`piece.${key}`)})`, '=', sql`lower(${value})`)
        : query.where(`piece.${key}`, '=', value);
    }
    return (await query.execute()).map(({ fitted_by: by, fitted_at_ms: at, title, ...row }) => ({
      ...row,
      room: RoomId.parse(row.room),
      title: title === null ? null : Text.parse(JSON.parse(title)),
      by,
      atMs: at === null ? null : Number(at),
    }));
  }

  private async copy(room: RoomId): Promise<void> {
    const { document, head, length } = await this.host.state(room);
    const summary = summaryOf(document);
    const job = jobOf(document);
    if (!summary || !job) return;
    const row = await this.db
      .selectFrom('job')
      .select(['project', 'record'])
      .where('room', '=', room)
      .executeTakeFirst();
    if (!row) return;
    for (const tell of this.kept) await tell(room, ProjectId.parse(row.project), document);
    const isOver = summary.status === 'finished' || summary.status === 'scrapped';
    const record =
      isOver && row.record === null ? await this.makeRecord(room, document, `${head}`, length) : row.record;
    await this.db
      .updateTable('job')
      .set({ status: summary.status, summary: JSON.stringify(summary), length, record })
      .where('room', '=', room)
      .where('length', '<=', length)
      .execute();
    const things = procedureIn(document, job.procedure)?.workplace.things ?? [];
    const parts = installed(document).map(({ n, thing, code, by, atMs }) => ({
      room,
      n,
      project: row.project,
      product: job.serial,
      thing,
      ...code,
      fitted_by: job.crew.find(({ id }) => id === by)?.name ?? null,
      fitted_at_ms: String(atMs),
      title: JSON.stringify(things.find(({ id }) => id === thing)?.name ?? null),
    }));
    if (parts.length > 0)
      await this.db
        .insertInto('job_part')
        .values(parts)
        .onConflict((conflict) => conflict.columns(['room', 'n']).doNothing())
        .execute();
  }

  private async makeRecord(room: RoomId, document: Document, head: string, length: number): Promise<string> {
    for (let from = 0; from < length; from += READ_BATCH)
      await this.assets.putBlocks(await this.host.entries(room, from, Math.min(READ_BATCH, length - from)));
    const { privateKey } = await this.key.signer();
    const record = asBuiltOf(document, { room, head, length })!;
    const here = new Set<string>();
    for (const { cid } of record.pictures) if (await this.assets.has(cid)) here.add(cid);
    const { cid, bytes } = blockOfRecord(signRecord(record, privateKey), (picture) => here.has(picture));
    await this.assets.putBlock(cid, bytes);
    await this.assets.pin(cid);
    return `${cid}`;
  }

  private get db() {
    return this.database.of<GuidanceTables>();
  }
}

const viewOf = (room: RoomId, project: ProjectId, summary: JobSummary): JobView => ({
  room,
  project,
  title: `${summary.productType} ${summary.serial}`,
  summary,
});

/** Of each place the part that was scanned last and right: what is in the product. */
const installed = (document: Document) => rowsOf(document, 'scans').filter(({ isRight }) => isRight);

function orderOf({ code, order, productType, serial }: JobRequest): OrderCode {
  const read = code === undefined ? null : readOrderCode(code);
  if (code !== undefined && !read) throw problems.unreadableCode();
  const typed = { order, productType, serial };
  if (read) {
    // Typed and scanned must be one order: a wrong one is caught here.
    const differs = Object.entries(typed).find(
      ([key, value]) => value !== undefined && value !== read[key as keyof OrderCode],
    );
    if (differs) throw problems.wrongOrder({ [differs[0]]: differs[1]!, code: code! });
    return read;
  }
  if (order === undefined || productType === undefined || serial === undefined) throw problems.unreadableCode();
  return { order, productType, serial };
}
