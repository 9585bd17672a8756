import { Injectable } from '@nestjs/common';
import { standingIn, type Attempt, type Standing } from '#protocol/training/index';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Releases } from '../procedures/index.ts';
import { CourseStore, type CourseRow, type Due } from './course.store.ts';
import type { TrainingTables } from './training.migrations.ts';

/**
 * Where people stand in courses: computed from results each time, never stored. Whatever says until when something that was
 * shown is good (course pages, certificates, the skills matrix made of them) has it from here.
 */
@Injectable()
export class Standings {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly courses: CourseStore,
    private readonly releases: Releases,
  ) {}

  /** In the order of `people`. */
  async of(row: CourseRow, people: readonly Due[]): Promise<Standing[]> {
    const attempts = await this.attempts(
      row,
      people.map(({ person }) => person),
    );
    const nowMs = this.clock.nowMs();
    return people.map(({ person, dueAtMs }) => standingIn(row.course, attempts.get(person) ?? [], { nowMs, dueAtMs }));
  }

  /** Until when courses of the project take somebody's pass of a procedure for good: the earliest; null: none says. */
  async goodUntilMs(project: string, person: string, procedure: string): Promise<number | null> {
    const line = (await this.releases.linesOf([procedure])).get(procedure);
    const ends: number[] = [];
    for (const row of await this.courses.list(project)) {
      const asking = row.course.modules.filter((module) => module.line === line && module.refresher);
      if (asking.length === 0) continue;
      const [standing] = await this.of(row, [{ person, dueAtMs: null }]);
      for (const { module, goodUntilMs } of standing!.modules)
        if (goodUntilMs !== null && asking.some(({ id }) => id === module)) ends.push(goodUntilMs);
    }
    return ends.length > 0 ? Math.min(...ends) : null;
  }

  /** Runs that count, by person: of the module's procedure in any release, in its mode or as an exam. */
  private async attempts({ project, course }: CourseRow, people: readonly string[]): Promise<Map<string, Attempt[]>> {
    const byPerson = new Map<string, Attempt[]>();
    if (people.length === 0) return byPerson;
    const results = await this.database
      .of<TrainingTables>()
      .selectFrom('training_result')
      .select(['person', 'procedure', 'mode', 'ended_at', 'is_passed', 'points'])
      .where('project', '=', project)
      .where('person', 'in', [...people])
      .orderBy('ended_at')
      .execute();
    const lines = await this.releases.linesOf([...new Set(results.map(({ procedure }) => procedure))]);
    for (const { person, procedure, mode, ended_at, is_passed: isPassed, points } of results)
      for (const module of course.modules) {
        if (lines.get(procedure) !== module.line || (mode !== module.mode && mode !== 'exam')) continue;
        const own = byPerson.get(person) ?? [];
        own.push({ module: module.id, atMs: ended_at.getTime(), isPassed, points });
        byPerson.set(person, own);
      }
    return byPerson;
  }
}
