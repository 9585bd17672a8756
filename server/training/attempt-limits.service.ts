import { Injectable } from '@nestjs/common';
import type { Problem } from '#protocol/errors';
import type { ProjectId, RoomId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import { may } from '#protocol/permissions/index';
import { proceduresIn, runsOf, TRAINING_OPS, type CourseModule } from '#protocol/training/index';
import { RoomPlaces } from '../design/index.ts';
import { Database } from '../platform/database/index.ts';
import { Releases } from '../procedures/index.ts';
import type { OpenRoom, SeatOfRoom } from '../rooms/index.ts';
import { CourseStore } from './course.store.ts';
import { problems } from './problems.ts';
import { Standings } from './standings.service.ts';
import type { TrainingTables } from './training.migrations.ts';

/** Courses change, and people use up attempts in other rooms: it is looked up again after this long, ms. */
const LOOK_AGAIN_MS = 10_000;

/** How many attempts somebody has left for a module of a course that was assigned to them. */
interface Limit {
  readonly person: string;
  readonly line: string;
  readonly mode: CourseModule['mode'];
  readonly left: number;
  readonly facts: { readonly course: string; readonly module: string; readonly attempts: number };
}
interface Known {
  readonly limits: readonly Limit[];
  /** Document to procedure line. */
  readonly lines: ReadonlyMap<string, string>;
  /** Runs of this room that the limits have counted. */
  readonly counted: ReadonlySet<string>;
}

/** Attempts that courses allow, as training rooms ask for them when somebody starts a run. */
@Injectable()
export class AttemptLimits {
  constructor(
    private readonly database: Database,
    private readonly places: RoomPlaces,
    private readonly courses: CourseStore,
    private readonly standings: Standings,
    private readonly releases: Releases,
  ) {}

  ofRoom(open: OpenRoom, failed: (thrown: unknown) => void): LimitsOfRoom {
    return new LimitsOfRoom(open, () => this.lookUp(open), failed);
  }

  private async lookUp({ room, journal }: OpenRoom): Promise<Known> {
    const { project } = await this.places.get(room);
    const counted = await this.runsWithResult(room);
    const lines = await this.releases.linesOf(proceduresIn(journal.document));
    const inRoom = new Set(lines.values());
    return { lines, counted, limits: await this.limits(project, inRoom) };
  }

  private async limits(project: ProjectId, lines: ReadonlySet<string>): Promise<Limit[]> {
    const limits: Limit[] = [];
    for (const row of await this.courses.list(project)) {
      const limited = row.course.modules.filter(({ line, attempts }) => attempts !== null && lines.has(line));
      if (limited.length === 0) continue;
      const people = await this.courses.assigned(row);
      const standings = await this.standings.of(row, people);
      for (const [at, { person }] of people.entries())
        for (const { id, line, mode, title, attempts } of limited) {
          const left = standings[at]!.modules.find(({ module }) => module === id)?.left ?? null;
          const [course, module] = [row.course.title, title].map((text) => text['en'] ?? Object.values(text)[0] ?? '');
          const facts = { course: course!, module: module!, attempts: attempts! };
          if (left !== null) limits.push({ person, line, mode, left, facts });
        }
    }
    return limits;
  }

  private async runsWithResult(room: RoomId): Promise<Set<string>> {
    const rows = await this.database
      .of<TrainingTables>()
      .selectFrom('training_result')
      .select('run')
      .distinct()
      .where('room', '=', room)
      .execute();
    return new Set(rows.map(({ run }) => run));
  }
}

/**
 * Judges starts of runs at once, by what was looked up last and by the room's own journal. In the first moments of a room
 * nothing is known yet: a start is let through then, and counts for no course, because the standing knows the limit, too.
 */
export class LimitsOfRoom {
  #known: Known | null = null;
  #lookAtMs = 0;
  #isBusy = false;

  constructor(
    private readonly open: OpenRoom,
    private readonly lookUp: () => Promise<Known>,
    private readonly failed: (thrown: unknown) => void,
  ) {}

  tick(nowMs: number): void {
    if (this.#isBusy || nowMs < this.#lookAtMs) return;
    this.#isBusy = true;
    this.#lookAtMs = nowMs + LOOK_AGAIN_MS;
    this.lookUp()
      .then((known) => (this.#known = known))
      .catch(this.failed)
      .finally(() => (this.#isBusy = false));
  }

  /** A result was kept. */
  changed(): void {
    this.#lookAtMs = 0;
  }

  /** Null: it may be started. Who conducts trainings may start a run for anybody: it counts for no course. */
  refusal(op: Op, { role }: Pick<SeatOfRoom, 'role'>): Problem | null {
    if (op.type !== 'run.start' || !this.#known || may(role, 'run.start')) return null;
    const start = TRAINING_OPS['run.start'].safeParse(op.payload);
    if (!start.success) return null;
    const { procedure, mode, participants } = start.data;
    const line = this.#known.lines.get(procedure);
    for (const { id } of participants) {
      const over = this.#known.limits.find(
        (limit) =>
          limit.person === id && limit.line === line && counts(mode, limit) && limit.left - this.#underWay(limit) <= 0,
      );
      if (over) return problems.noAttemptLeft(over.facts).problem;
    }
    return null;
  }

  /** Runs that will count: those that go on, and those whose result is not counted yet. */
  #underWay(limit: Limit): number {
    const { counted, lines } = this.#known!;
    return runsOf(this.open.journal.document).filter(
      ({ id, procedure, mode, participants }) =>
        !counted.has(id) &&
        lines.get(procedure) === limit.line &&
        counts(mode, limit) &&
        participants.some((one) => one.id === limit.person),
    ).length;
  }
}

const counts = (mode: string, limit: Limit): boolean => mode === limit.mode || mode === 'exam';
