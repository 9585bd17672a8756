import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Cmi5RegistrationView } from '#protocol/api/cmi5';
import {
  activityIds,
  blocksOf,
  cmi5Id,
  isUnitSatisfied,
  lmsStatements,
  NOTHING_YET,
  satisfiedIn,
  unitsOf,
  waiverSession,
  type AssignableUnit,
  type UnitFacts,
} from '#protocol/cmi5/index';
import { UserId } from '#protocol/ids';
import type { Agent, Statement } from '#protocol/xapi/index';
import { agentOf, compartmentOf, homeOf, Recorder } from '../xapi/index.ts';
import type { Person } from '../identity/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { Cmi5Courses, type CourseRow } from './courses.service.ts';
import type { Cmi5Tables } from './cmi5.migrations.ts';
import { problems } from './problems.ts';
import { RegistrationLocks } from './registration-locks.ts';

export interface Registration {
  readonly id: string;
  readonly course: CourseRow;
  readonly actor: Agent;
  readonly person: string | null;
  readonly name: string;
  readonly createdAtMs: number;
}

/** Who takes which course, what they have reached, and what the LMS says of it: waivers, and what is satisfied. */
@Injectable()
export class Cmi5Registrations {
  readonly home: string;

  constructor(
    private readonly database: Database,
    private readonly courses: Cmi5Courses,
    private readonly recorder: Recorder,
    private readonly locks: RegistrationLocks,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.home = homeOf(config);
  }

  /** A learner's newest one, or a new one; what moveOn already holds for is satisfied at once (9.6.1). */
  async register(
    course: CourseRow,
    learner: Person | { readonly homePage: string; readonly name: string },
    anew = false,
  ): Promise<Registration> {
    const isOurs = 'id' in learner;
    // The account alone: an AU of another maker need not know what its learner is called (8.1.3).
    const actor: Agent = isOurs
      ? agentOf(this.home, { id: learner.id })
      : { objectType: 'Agent', account: { homePage: learner.homePage, name: learner.name } };
    const values = {
      course: course.id,
      actor: JSON.stringify(actor),
      person: isOurs ? learner.id : null,
      name: learner.name,
    };
    const before = anew
      ? undefined
      : await this.db
          .selectFrom('cmi5_registration')
          .select('id')
          .where('course', '=', course.id)
          .where('actor', '=', values.actor)
          .orderBy('created_at', 'desc')
          .executeTakeFirst();
    if (before) return this.get(before.id);
    const id = randomUUID();
    await this.db
      .insertInto('cmi5_registration')
      .values({ id, ...values, created_at: new Date(this.clock.nowMs()) })
      .execute();
    const registration = await this.get(id);
    await this.locks.run(id, () => this.settle(registration, cmi5Id(`registered ${id}`)));
    return registration;
  }

  /** Throws `cmi5.no_such_registration`. */
  async get(id: string): Promise<Registration> {
    const row = await this.db
      .selectFrom('cmi5_registration')
      .selectAll()
      .where('id', '=', id.toLowerCase())
      .executeTakeFirst();
    if (!row) throw problems.noSuchRegistration(id);
    return {
      id: row.id,
      course: await this.courses.get(row.course),
      actor: JSON.parse(row.actor) as Agent,
      person: row.person,
      name: row.name,
      createdAtMs: row.created_at.getTime(),
    };
  }

  /** Newest first; a person's own alone, or everybody's. */
  async list(course: CourseRow, person?: string): Promise<Registration[]> {
    let query = this.db.selectFrom('cmi5_registration').select('id').where('course', '=', course.id);
    if (person !== undefined) query = query.where('person', '=', person);
    const rows = await query.orderBy('created_at', 'desc').limit(1000).execute();
    return Promise.all(rows.map(({ id }) => this.get(id)));
  }

  unitOf({ course }: Registration, unit: number): AssignableUnit {
    const found = unitsOf(course.structure)[unit];
    if (!found) throw problems.noSuchUnit(unit);
    return found;
  }

  /** The unit counts as done by other means (9.3.7). Throws `cmi5.waived_already`. */
  async waive(registration: Registration, unit: number, reason: string): Promise<void> {
    const what = this.unitOf(registration, unit);
    await this.locks.run(registration.id, async () => {
      const row = await this.unitRow(registration.id, unit);
      if (row?.waived_at) throw problems.waivedAlready(unit);
      const activityId = activityIds.unit(this.baseOf(registration.course), unit);
      const { id, actor } = registration;
      const nowMs = this.clock.nowMs();
      await this.say(registration, [
        lmsStatements.waived({ actor, registration: id, activityId, unit: what }, reason, nowMs),
      ]);
      await this.noteUnit(id, unit, { waived_at: new Date(nowMs) });
      await this.settle(registration, waiverSession(id, activityId));
    });
  }

  /** Says what is satisfied and was not said yet. Holding the registration's lock; again and again does nothing more. */
  async settle(registration: Registration, sessionId: string): Promise<void> {
    const { course, id, actor } = registration;
    const { structure } = course;
    const facts = await this.factsOf(id);
    const { blocks, isCourse } = satisfiedIn(structure, (unit) => facts.get(unit) ?? NOTHING_YET);
    const said = new Set(await this.saidOf(id));
    const base = this.baseOf(course);
    const all = blocksOf(structure);
    const due = [
      ...blocks.map((number) => ({
        what: `block ${number}`,
        node: { kind: 'block' as const, activityId: activityIds.block(base, number), ...pick(all[number]!) },
      })),
      ...(isCourse
        ? [
            {
              what: 'course',
              node: { kind: 'course' as const, activityId: activityIds.course(base), ...pick(structure) },
            },
          ]
        : []),
    ].filter(({ what }) => !said.has(what));
    for (const { what, node } of due) {
      const at = this.clock.nowMs();
      await this.say(registration, [lmsStatements.satisfied({ actor, registration: id, sessionId }, node, at)]);
      await this.db
        .insertInto('cmi5_satisfied')
        .values({ registration: id, what, at: new Date(at) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  }

  /** What the LMS itself says, for its own LRS and the company's. */
  async say({ course }: Registration, statements: readonly Statement[]): Promise<void> {
    try {
      await this.recorder.record(compartmentOf(course.project), statements);
    } catch (thrown) {
      // Said before a crash, with the time and the session of then: that it was said is what counts.
      if ((thrown as { problem?: { key?: string } }).problem?.key !== 'statement_differs') throw thrown;
    }
  }

  async noteUnit(
    registration: string,
    unit: number,
    values: Partial<Omit<Cmi5Tables['cmi5_unit'], 'registration' | 'unit' | 'is_failed'>> & { is_failed?: boolean },
  ): Promise<void> {
    const blank = { completed_by: null, passed_by: null, score: null, waived_at: null };
    await this.db
      .insertInto('cmi5_unit')
      .values({ registration, unit, ...blank, ...values })
      .onConflict((conflict) => conflict.columns(['registration', 'unit']).doUpdateSet(values))
      .execute();
  }

  unitRow(registration: string, unit: number) {
    return this.db
      .selectFrom('cmi5_unit')
      .selectAll()
      .where('registration', '=', registration)
      .where('unit', '=', unit)
      .executeTakeFirst();
  }

  async view(registration: Registration): Promise<Cmi5RegistrationView> {
    const { id, course, name, person, createdAtMs } = registration;
    const rows = await this.db.selectFrom('cmi5_unit').selectAll().where('registration', '=', id).execute();
    const sessions = await this.db
      .selectFrom('cmi5_session')
      .select(['id', 'unit', 'closed_at'])
      .where('registration', '=', id)
      .execute();
    const facts = await this.factsOf(id);
    const all = unitsOf(course.structure);
    const satisfied = satisfiedIn(course.structure, (unit) => facts.get(unit) ?? NOTHING_YET);
    return {
      id,
      course: course.id,
      learner: { name, person: person === null ? null : UserId.parse(person) },
      createdAt: createdAtMs,
      isSatisfied: satisfied.isCourse,
      blocks: [...satisfied.blocks],
      units: all.map((unit, number) => {
        const row = rows.find((one) => one.unit === number);
        const known = facts.get(number) ?? NOTHING_YET;
        const own = sessions.filter((one) => one.unit === number);
        return {
          unit: number,
          ...known,
          isFailed: !known.isPassed && row?.is_failed === true,
          isSatisfied: isUnitSatisfied(unit.moveOn, known),
          score: row?.score ?? null,
          sessions: own.length,
          session: own.find(({ closed_at }) => closed_at === null)?.id ?? null,
        };
      }),
    };
  }

  /** Where activities of the course live; they stay the same for all its registrations. */
  baseOf({ id }: CourseRow): string {
    return `${this.home}/cmi5/courses/${id}`;
  }

  private async factsOf(registration: string): Promise<Map<number, UnitFacts>> {
    const rows = await this.db.selectFrom('cmi5_unit').selectAll().where('registration', '=', registration).execute();
    return new Map(
      rows.map((row): [number, UnitFacts] => [
        row.unit,
        {
          isCompleted: row.completed_by !== null,
          isPassed: row.passed_by !== null,
          isWaived: row.waived_at !== null,
        },
      ]),
    );
  }

  private async saidOf(registration: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('cmi5_satisfied')
      .select('what')
      .where('registration', '=', registration)
      .execute();
    return rows.map(({ what }) => what);
  }

  private get db() {
    return this.database.of<Cmi5Tables>();
  }
}

const pick = ({
  id,
  title,
  description,
}: {
  id: string;
  title: AssignableUnit['title'];
  description: AssignableUnit['title'];
}) => ({
  id,
  title,
  description,
});
