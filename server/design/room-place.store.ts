import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { ProjectId, RoomId, SubmissionId, UserId } from '#protocol/ids';
import { Database } from '../platform/database/index.ts';
import type { DesignTables } from './design.migrations.ts';
import { problems } from './problems.ts';

interface Opened {
  readonly room: RoomId;
  readonly project: ProjectId;
  /** Who opened it. */
  readonly person: UserId;
}

/** Where a room belongs. */
export type RoomPlace =
  | (Opened & { readonly purpose: 'project' })
  | (Opened & { readonly purpose: 'brief' })
  | (Opened & { readonly purpose: 'training' })
  | (Opened & { readonly purpose: 'guidance' })
  | (Opened & { readonly purpose: 'submission'; readonly brief: RoomId; readonly submission: SubmissionId });
export type SubmissionPlace = Extract<RoomPlace, { purpose: 'submission' }>;

/** Rows never change, so what was read once stays in memory. */
@Injectable()
export class RoomPlaces {
  private readonly known = new Map<string, RoomPlace>();

  constructor(private readonly database: Database) {}

  async add(place: RoomPlace, db = this.db): Promise<void> {
    const { room, project, purpose, person } = place;
    const [brief, submission] = place.purpose === 'submission' ? [place.brief, place.submission] : [null, null];
    await db.insertInto('room_place').values({ room, project, purpose, person, brief, submission }).execute();
  }

  /** Throws `design.no_such_room` (404). */
  async get(room: string): Promise<RoomPlace> {
    const place = await this.find(room);
    if (!place) throw problems.noSuchRoom(room);
    return place;
  }

  async find(room: string): Promise<RoomPlace | null> {
    const known = this.known.get(room);
    if (known) return known;
    const row = await this.db.selectFrom('room_place').selectAll().where('room', '=', room).executeTakeFirst();
    return row ? this.remember(row) : null;
  }

  async briefsOf(project: string): Promise<RoomPlace[]> {
    const rows = await this.db
      .selectFrom('room_place')
      .selectAll()
      .where('project', '=', project)
      .where('purpose', '=', 'brief')
      .orderBy('created_at', 'desc')
      .execute();
    return rows.map((row) => this.remember(row));
  }

  /** Training rooms of a project, newest first. */
  async trainingsOf(project: string): Promise<RoomPlace[]> {
    const rows = await this.db
      .selectFrom('room_place')
      .selectAll()
      .where('project', '=', project)
      .where('purpose', '=', 'training')
      .orderBy('created_at', 'desc')
      .limit(200)
      .execute();
    return rows.map((row) => this.remember(row));
  }

  /** Newest first, over all projects. */
  async newestBriefs(limit: number): Promise<RoomPlace[]> {
    const rows = await this.db
      .selectFrom('room_place')
      .selectAll()
      .where('purpose', '=', 'brief')
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => this.remember(row));
  }

  /** In the order in which they were started. */
  async submissionsOf(brief: string): Promise<SubmissionPlace[]> {
    const rows = await this.db
      .selectFrom('room_place')
      .selectAll()
      .where('brief', '=', brief)
      .orderBy('created_at')
      .execute();
    return rows.map((row) => this.remember(row) as SubmissionPlace);
  }

  private remember(row: Selectable<DesignTables['room_place']>): RoomPlace {
    const opened = {
      room: RoomId.parse(row.room),
      project: ProjectId.parse(row.project),
      person: UserId.parse(row.person),
    };
    const place: RoomPlace =
      row.purpose === 'submission'
        ? {
            ...opened,
            purpose: 'submission',
            brief: RoomId.parse(row.brief),
            submission: SubmissionId.parse(row.submission),
          }
        : { ...opened, purpose: row.purpose };
    this.known.set(row.room, place);
    return place;
  }

  private get db() {
    return this.database.of<DesignTables>();
  }
}
