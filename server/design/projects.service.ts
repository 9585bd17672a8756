import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { ProjectId, RoomId } from '#protocol/ids';
import { authorOf, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { RoomHost } from '../rooms/index.ts';
import type { DesignTables } from './design.migrations.ts';
import { problems } from './problems.ts';
import { RoomPlaces } from './room-place.store.ts';

/** Newest projects on one page of the hall. */
const LIST_LIMIT = 200;

export interface ProjectRow {
  readonly id: ProjectId;
  readonly title: string;
  readonly description: string;
  readonly room: RoomId;
  readonly picture: string | null;
  readonly pictureAt: number | null;
  readonly isDemo: boolean;
}

export interface ProjectDraft {
  readonly title: string;
  readonly description: string;
}

@Injectable()
export class Projects {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
  ) {}

  /** Opens the design room and makes the person its owner. A crash in between leaves a room that nobody can find. */
  async create(person: Person, { title, description }: ProjectDraft): Promise<ProjectRow> {
    const room = await this.host.create({ purpose: 'project', title, author: authorOf(person) });
    return this.establish(person, room, { title, description }, false);
  }

  /** Makes a room that has its content already into a project. */
  async establish(
    person: Person,
    room: RoomId,
    { title, description }: ProjectDraft,
    isDemo: boolean,
  ): Promise<ProjectRow> {
    const id = ProjectId.parse(this.ids.next());
    await this.database.transaction<void, DesignTables>(async (transaction) => {
      await transaction
        .insertInto('project')
        .values({ id, title, description, room, picture: null, picture_at: null, is_demo: isDemo })
        .execute();
      await transaction.insertInto('membership').values({ project: id, person: person.id, role: 'owner' }).execute();
      await this.places.add({ room, project: id, purpose: 'project', person: person.id }, transaction);
    });
    return this.get(id);
  }

  /** Throws `design.no_such_project`. */
  async get(id: string): Promise<ProjectRow> {
    const row = await this.db.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw problems.noSuchProject(id);
    return toProject(row);
  }

  /** Those the person is a member of, and the demo; newest first. */
  async listFor(person: Person): Promise<ProjectRow[]> {
    const rows = await this.db
      .selectFrom('project')
      .leftJoin('membership', (join) =>
        join.onRef('membership.project', '=', 'project.id').on('person', '=', person.id),
      )
      .selectAll('project')
      .where((where) => where.or([where('membership.role', 'is not', null), where('is_demo', '=', true)]))
      .orderBy('created_at', 'desc')
      .limit(LIST_LIMIT)
      .execute();
    return rows.map(toProject);
  }

  async patch(id: ProjectId, changes: { title?: string; description?: string; picture?: string }): Promise<void> {
    const set: Record<string, unknown> = Object.fromEntries(
      Object.entries(changes).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(set).length === 0) return;
    if (changes.picture) set['picture_at'] = new Date(this.clock.nowMs());
    await this.db.updateTable('project').set(set).where('id', '=', id).execute();
  }

  async isEmptyHall(): Promise<boolean> {
    return (await this.db.selectFrom('project').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  async demo(): Promise<ProjectRow | null> {
    const row = await this.db.selectFrom('project').selectAll().where('is_demo', '=', true).executeTakeFirst();
    return row ? toProject(row) : null;
  }

  private get db() {
    return this.database.of<DesignTables>();
  }
}

function toProject(row: Selectable<DesignTables['project']>): ProjectRow {
  const { title, description, picture } = row;
  return {
    id: ProjectId.parse(row.id),
    title,
    description,
    room: RoomId.parse(row.room),
    picture,
    pictureAt: row.picture_at?.getTime() ?? null,
    isDemo: row.is_demo,
  };
}
