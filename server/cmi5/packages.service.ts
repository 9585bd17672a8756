import { Injectable, type OnModuleInit } from '@nestjs/common';
import { strToU8, zipSync } from 'fflate';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Cmi5Entered, Cmi5Entrance, Cmi5PackageNew, Cmi5PackageView } from '#protocol/api/cmi5';
import { cmi5Id, writeStructure, type AssignableUnit, type MoveOn, type Words } from '#protocol/cmi5/index';
import { RoomId, UserId, type ProjectId } from '#protocol/ids';
import type { Mode } from '#protocol/procedures/index';
import { HolderAccounts } from '../credentials/index.ts';
import { RoomGuests } from '../design/index.ts';
import { People, Sessions, type Person } from '../identity/index.ts';
import { Clock, Ids } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { Releases } from '../procedures/index.ts';
import { Courses, TrainingRooms } from '../training/index.ts';
import { homeOf } from '../xapi/index.ts';
import type { Cmi5Tables } from './cmi5.migrations.ts';
import { problems } from './problems.ts';
import { RegistrationLocks } from './registration-locks.ts';

const DAY_MS = 24 * 3_600_000;
const SECRET_BYTES = 24;
/** A zip of the same content is the same, whenever it is made. */
const ZIP_DATE = new Date(2026, 0, 1);

interface PackageUnit {
  readonly release: string;
  readonly procedure: string;
  readonly mode: Mode;
  readonly title: Words;
  readonly description: Words;
  /** 0 to 1. */
  readonly masteryScore: number;
  readonly isOptional: boolean;
}
type New = z.output<typeof Cmi5PackageNew>;
type Entrance = z.infer<typeof Cmi5Entrance>;

/**
 * Course packages of our procedures, and the learners who come through them. What a package opens is what its maker gave:
 * a place as trainee in a room of one's own with the released procedure, for so many learners and days, and nothing else of
 * the project (docs/decisions/0016). Its key is in the package alone; an LMS hands it to who it launches.
 */
@Injectable()
export class Cmi5Packages implements OnModuleInit {
  private readonly home: string;

  constructor(
    private readonly database: Database,
    private readonly releases: Releases,
    private readonly courses: Courses,
    private readonly rooms: TrainingRooms,
    private readonly people: People,
    private readonly sessions: Sessions,
    private readonly guests: RoomGuests,
    private readonly holders: HolderAccounts,
    private readonly locks: RegistrationLocks,
    private readonly ids: Ids,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.home = homeOf(config);
  }

  onModuleInit(): void {
    this.guests.use(async (room, user) => {
      const row = await this.db
        .selectFrom('cmi5_place')
        .innerJoin('cmi5_guest', (join) =>
          join
            .onRef('cmi5_guest.package', '=', 'cmi5_place.package')
            .onRef('cmi5_guest.learner', '=', 'cmi5_place.learner'),
        )
        .innerJoin('cmi5_package', 'cmi5_package.id', 'cmi5_place.package')
        .select('revoked_at')
        .where('cmi5_place.room', '=', room)
        .where('cmi5_guest.person', '=', user)
        .where('expires_at', '>', new Date(this.clock.nowMs()))
        .executeTakeFirst();
      return row && row.revoked_at === null ? 'trainee' : null;
    });
    this.holders.use(async (person) => {
      const row = await this.db
        .selectFrom('cmi5_guest')
        .select(['home_page', 'account'])
        .where('person', '=', person)
        .executeTakeFirst();
      return row && row.home_page !== null && row.account !== null
        ? { homePage: row.home_page, name: row.account }
        : null;
    });
  }

  /** The zip, which is told once: the hall keeps no copy of its key. `origin`: where learners find this hall. */
  async make(project: ProjectId, wanted: New, by: Person, origin: string): Promise<{ id: string; zip: Uint8Array }> {
    const { title, units } = await this.contentOf(project, wanted.from);
    const id = this.ids.next();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const nowMs = this.clock.nowMs();
    await this.db
      .insertInto('cmi5_package')
      .values({
        id,
        project,
        title: wordIn(title),
        units: JSON.stringify(units),
        secret_hash: hashOf(secret),
        made_by: by.id,
        created_at: new Date(nowMs),
        expires_at: new Date(nowMs + wanted.days * DAY_MS),
        revoked_at: null,
        seats: wanted.seats,
      })
      .execute();
    const xml = writeStructure({
      id: `${this.home}/cmi5/packages/${id}`,
      title,
      description: title,
      objectives: [],
      members: units.map((unit, index) => this.unitOf(id, unit, index, secret, origin)),
    });
    return { id, zip: zipSync({ 'cmi5.xml': strToU8(xml) }, { mtime: ZIP_DATE, level: 9 }) };
  }

  async list(project: string): Promise<Cmi5PackageView[]> {
    const rows = await this.db
      .selectFrom('cmi5_package')
      .selectAll()
      .where('project', '=', project)
      .orderBy('created_at', 'desc')
      .limit(500)
      .execute();
    return Promise.all(
      rows.map(async (row) => ({
        id: row.id,
        title: row.title,
        units: unitsIn(row).map(({ title, mode }) => ({ title: { ...title }, mode })),
        createdAt: row.created_at.getTime(),
        expiresAt: row.expires_at.getTime(),
        isRevoked: row.revoked_at !== null,
        seats: row.seats,
        learners: await this.learnersOf(row.id),
      })),
    );
  }

  async projectOf(id: string): Promise<ProjectId> {
    const row = await this.db.selectFrom('cmi5_package').select('project').where('id', '=', id).executeTakeFirst();
    if (!row) throw problems.noSuchPackage();
    return row.project as ProjectId;
  }

  /** Nobody comes in any more, and who is in loses the place at their next step; what was recorded stays. */
  async revoke(id: string): Promise<void> {
    await this.db
      .updateTable('cmi5_package')
      .set({ revoked_at: new Date(this.clock.nowMs()) })
      .where('id', '=', id)
      .execute();
  }

  /** A learner of an LMS comes in: the same guest and, within a registration, the same room each time. */
  async enter(id: string, entrance: Entrance): Promise<Cmi5Entered> {
    const { account, registration, entitlementKey, unit: number } = entrance;
    const row = await this.db.selectFrom('cmi5_package').selectAll().where('id', '=', id).executeTakeFirst();
    const isRight = timingSafeEqual(row?.secret_hash ?? hashOf(''), hashOf(entitlementKey));
    const isOffered = row && row.revoked_at === null && row.expires_at.getTime() > this.clock.nowMs();
    const unit = row && unitsIn(row)[number];
    if (!row || !isRight || !isOffered || !unit) throw problems.noSuchPackage();
    const learner = createHash('sha256').update(`${account.homePage} ${account.name}`).digest('hex');
    return this.locks.run(`package ${id}`, async () => {
      const person = await this.guestOf(row, learner, entrance);
      const where = { package: id, unit: number, learner, registration };
      const place = await this.db
        .selectFrom('cmi5_place')
        .select('room')
        .where('package', '=', id)
        .where('unit', '=', number)
        .where('learner', '=', learner)
        .where('registration', '=', registration)
        .executeTakeFirst();
      const room = place ? RoomId.parse(place.room) : await this.openRoom(row, unit, person);
      if (!place)
        await this.db
          .insertInto('cmi5_place')
          .values({ room, ...where })
          .execute();
      const { id: user, name } = person;
      const title = { ...unit.title };
      return {
        token: await this.sessions.open(person),
        user,
        name,
        room,
        title,
        mode: unit.mode,
        procedure: unit.procedure,
      };
    });
  }

  private async openRoom(
    row: { project: string; made_by: string },
    unit: PackageUnit,
    learner: Person,
  ): Promise<RoomId> {
    const maker = await this.people.get(row.made_by);
    const title = `${wordIn(unit.title)} · ${learner.name}`.slice(0, 200);
    return this.rooms.open(row.project as ProjectId, title, [unit.release], maker);
  }

  private async guestOf(
    row: { id: string; seats: number },
    learner: string,
    { account, name }: Entrance,
  ): Promise<Person> {
    const known = await this.knownGuest(row.id, learner, account);
    if (known) return known;

    if ((await this.learnersOf(row.id)) >= row.seats) throw problems.noSeat(row.seats);
    // An LMS need not tell what its learners are called (8.1.3).
    const person = await this.people.create(name ?? `Learner ${learner.slice(0, 6)}`);
    await this.db
      .insertInto('cmi5_guest')
      .values({
        package: row.id,
        learner,
        person: UserId.parse(person.id),
        created_at: new Date(this.clock.nowMs()),
        home_page: account.homePage,
        account: account.name,
      })
      .execute();
    return person;
  }

  private async knownGuest(id: string, learner: string, account: Entrance['account']): Promise<Person | null> {
    const known = await this.db
      .selectFrom('cmi5_guest')
      .select(['person', 'account'])
      .where('package', '=', id)
      .where('learner', '=', learner)
      .executeTakeFirst();
    if (!known) return null;
    // They came for the first time when the hall kept the account's hash alone.
    if (known.account === null)
      await this.db
        .updateTable('cmi5_guest')
        .set({ home_page: account.homePage, account: account.name })
        .where('package', '=', id)
        .where('learner', '=', learner)
        .execute();
    return this.people.get(known.person);
  }

  private async learnersOf(id: string): Promise<number> {
    const { count } = await this.db
      .selectFrom('cmi5_guest')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('package', '=', id)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  private async contentOf(project: ProjectId, from: New['from']): Promise<{ title: Words; units: PackageUnit[] }> {
    if ('releases' in from) {
      const units = await Promise.all(from.releases.map(({ release, mode }) => this.unitFrom(project, release, mode)));
      return { title: { en: from.title }, units };
    }
    const { course, project: owner } = await this.courses.get(from.course);
    if (owner !== project) throw problems.noSuchCourse(from.course);
    const units: PackageUnit[] = [];
    for (const module of course.modules) {
      const [newest] = await this.releases.viewsOf(module.line);
      if (!newest) throw problems.nothingReleased(wordIn(module.title));
      const unit = await this.unitFrom(project, newest.cid, module.mode);
      units.push({ ...unit, title: module.title, isOptional: module.isOptional });
    }
    return { title: course.title, units };
  }

  private async unitFrom(project: ProjectId, cid: string, mode: Mode): Promise<PackageUnit> {
    const { procedure, manifest, project: owner } = await this.releases.get(cid);
    if (owner !== project) throw problems.nothingReleased(cid);
    const { title, description, rubric } = procedure;
    return {
      release: cid,
      procedure: `${manifest.procedure}`,
      mode,
      title,
      description,
      // Four decimals at most (13.1.4), rounded up: what is not enough here is not enough there.
      masteryScore: Math.min(1, Math.ceil((rubric.passMark / rubric.full) * 10_000) / 10_000),
      isOptional: false,
    };
  }

  private unitOf(id: string, unit: PackageUnit, index: number, secret: string, origin: string): AssignableUnit {
    const { title, description, mode, isOptional, masteryScore, procedure } = unit;
    // Somebody who is guided shows nothing but that they have been through it.
    const moveOn: MoveOn = isOptional ? 'NotApplicable' : mode === 'guided' ? 'Completed' : 'Passed';
    return {
      kind: 'au',
      id: `${this.home}/cmi5/packages/${id}/units/${cmi5Id(`${index} ${procedure}`)}`,
      title,
      description: Object.keys(description).length > 0 ? description : title,
      objectives: [],
      url: `${origin}/cmi5/${id}/${index}`,
      launchParameters: JSON.stringify({ mode }),
      entitlementKey: secret,
      moveOn,
      masteryScore,
      // Virtual equipment wants the whole window, and a headset a page of its own.
      launchMethod: 'OwnWindow',
      activityType: 'http://adlnet.gov/expapi/activities/simulation',
    };
  }

  private get db() {
    return this.database.of<Cmi5Tables>();
  }
}

const unitsIn = ({ units }: { units: string }): PackageUnit[] => JSON.parse(units) as PackageUnit[];
const wordIn = (words: Words): string => words['en'] ?? Object.values(words)[0] ?? 'Course';

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
