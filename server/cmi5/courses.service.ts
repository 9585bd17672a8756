import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Cmi5CourseLine, Cmi5MemberView } from '#protocol/api/cmi5';
import { blocksOf, unitsOf, type CourseStructure, type Member } from '#protocol/cmi5/index';
import { ProjectId } from '#protocol/ids';
import { AssetStore } from '../assets/index.ts';
import type { Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { Cmi5Tables } from './cmi5.migrations.ts';
import { readPackage } from './package-reader.ts';
import { problems } from './problems.ts';

const KEY_BYTES = 24;
/** Courses read lately; their structure never changes. */
const MOST_KEPT = 100;

export interface CourseRow {
  readonly id: string;
  readonly project: ProjectId;
  readonly key: string;
  readonly structure: CourseStructure;
  readonly files: number;
  readonly bytes: number;
  readonly createdAtMs: number;
}

/** Courses that others made: what is in them, and their files by content. A course never changes; a new version is a new one. */
@Injectable()
export class Cmi5Courses {
  private readonly known = new Map<string, CourseRow>();
  /** One package after the other: each lies in memory while it is read. */
  private importing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly assets: AssetStore,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Throws `cmi5.bad_package` with all that is wrong, `cmi5.too_large`. */
  import(
    project: ProjectId,
    read: () => Promise<{ bytes: Buffer; contentType: string }>,
    by: Person,
  ): Promise<CourseRow> {
    const importing = this.importing.then(async () => {
      const { bytes, contentType } = await read();
      return this.keep(project, await readPackage(bytes, contentType), by);
    });
    this.importing = importing.catch(() => undefined);
    return importing;
  }

  private async keep(
    project: ProjectId,
    pack: Awaited<ReturnType<typeof readPackage>>,
    by: Person,
  ): Promise<CourseRow> {
    const files: { path: string; cid: string; size: string }[] = [];
    let bytes = 0;
    for await (const file of pack.files()) {
      const { cid, size } = await this.assets.putFile(file.bytes);
      files.push({ path: file.path, cid: `${cid}`, size: String(size) });
      bytes += size;
    }
    const id = this.ids.next();
    await this.database.transaction<void, Cmi5Tables>(async (db) => {
      await db
        .insertInto('cmi5_course')
        .values({
          id,
          project,
          key: randomBytes(KEY_BYTES).toString('base64url'),
          structure: JSON.stringify(pack.course),
          files: files.length,
          bytes: String(bytes),
          made_by: by.id,
          created_at: new Date(this.clock.nowMs()),
        })
        .execute();
      for (let from = 0; from < files.length; from += 500)
        await db
          .insertInto('cmi5_file')
          .values(files.slice(from, from + 500).map((file) => ({ course: id, ...file })))
          .execute();
    });
    return this.get(id);
  }

  /** Throws `cmi5.no_such_course`. */
  async get(id: string): Promise<CourseRow> {
    const known = this.known.get(id);
    if (known) return known;
    const row = await this.db.selectFrom('cmi5_course').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw problems.noSuchCourse(id);
    const course: CourseRow = {
      id: row.id,
      project: ProjectId.parse(row.project),
      key: row.key,
      structure: JSON.parse(row.structure) as CourseStructure,
      files: row.files,
      bytes: Number(row.bytes),
      createdAtMs: row.created_at.getTime(),
    };
    for (const oldest of this.known.keys()) if (this.known.size >= MOST_KEPT) this.known.delete(oldest);
    this.known.set(id, course);
    return course;
  }

  /** Newest first. */
  async list(project: string): Promise<CourseRow[]> {
    const rows = await this.db
      .selectFrom('cmi5_course')
      .select('id')
      .where('project', '=', project)
      .orderBy('created_at', 'desc')
      .limit(500)
      .execute();
    return Promise.all(rows.map(({ id }) => this.get(id)));
  }

  /** With its registrations; what was recorded of them stays in the LRS. Files stay as content that others may use too. */
  async delete(id: string): Promise<void> {
    await this.db.deleteFrom('cmi5_course').where('id', '=', id).execute();
    this.known.delete(id);
  }

  /** Null: no such course, or no such file in it. */
  async file(key: string, path: string): Promise<{ cid: string; size: number } | null> {
    const row = await this.db
      .selectFrom('cmi5_file')
      .innerJoin('cmi5_course', 'cmi5_course.id', 'cmi5_file.course')
      .select(['cid', 'size'])
      .where('key', '=', key)
      .where('path', '=', path)
      .executeTakeFirst();
    return row ? { cid: row.cid, size: Number(row.size) } : null;
  }

  private get db() {
    return this.database.of<Cmi5Tables>();
  }
}

export function lineOf({ id, project, structure, files, bytes, createdAtMs }: CourseRow): Cmi5CourseLine {
  const { title, description } = structure;
  const units = unitsOf(structure).length;
  return {
    id,
    project,
    title: { ...title },
    description: { ...description },
    units,
    files,
    bytes,
    createdAt: createdAtMs,
  };
}

/** The tree, each member with its number among all of its kind. */
export function membersOf(structure: CourseStructure): Cmi5MemberView[] {
  const units = new Map(unitsOf(structure).map((unit, index) => [unit, index]));
  const blocks = new Map(blocksOf(structure).map((block, index) => [block, index]));
  const view = (member: Member): Cmi5MemberView => {
    const words = { title: { ...member.title }, description: { ...member.description } };
    if (member.kind === 'block')
      return { kind: 'block', number: blocks.get(member)!, ...words, members: member.members.map(view) };
    const { moveOn, masteryScore, launchMethod } = member;
    return { kind: 'au', number: units.get(member)!, ...words, moveOn, masteryScore, launchMethod };
  };
  return structure.members.map(view);
}
