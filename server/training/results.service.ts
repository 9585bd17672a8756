import { Injectable } from '@nestjs/common';
import { RunResult, type ScoreView } from '#protocol/api/training';
import type { RoomId } from '#protocol/ids';
import type { Rubric } from '#protocol/procedures/index';
import { RunRecorder, scoreOf, type RunRecord } from '#protocol/training/index';
import { RoomPlaces } from '../design/index.ts';
import { Database } from '../platform/database/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';
import { RunCertificates } from './run-certificates.service.ts';
import type { TrainingTables } from './training.migrations.ts';

const READ_BATCH = 500;

/** Sheets made from journals. The journal is what counts: a result here is a copy for lists and courses. */
@Injectable()
export class Results {
  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly certificates: RunCertificates,
  ) {}

  /** Reads a run's facts out of its room's journal. Throws `training.no_such_run`. */
  async record(room: RoomId, run: string): Promise<RunRecord> {
    const { document, length } = await this.host.state(room);
    const recorder = new RunRecorder(run);
    for (let from = 0; from < length; from += READ_BATCH)
      for (const stored of await this.host.entries(room, from, Math.min(READ_BATCH, length - from)))
        recorder.note(stored);
    const record = recorder.recordOf(document);
    if (!record) throw problems.noSuchRun(run);
    if (!record.isWhole) throw problems.notWhole(run);
    return record;
  }

  /** Only of runs whose seals are open: before that, faults would tell themselves by the points. */
  async sheet(room: RoomId, run: string, rubric?: Rubric): Promise<ScoreView> {
    const record = await this.record(room, run);
    if (!record.run.isRevealed) throw problems.goesOn(run);
    const used = rubric ?? record.procedure.rubric;
    const { lines, faults, failedBy, mustNot, ...sheet } = scoreOf(record, used);
    return {
      run: record.run.id as ScoreView['run'],
      room,
      head: record.head,
      length: record.length,
      rubric: used,
      sheet: {
        ...sheet,
        failedBy: [...failedBy],
        mustNot: [...mustNot],
        faults: faults.map((fault) => ({ ...fault })),
        lines: lines.map((line) => ({ ...line, facts: { ...line.facts } })),
      },
    };
  }

  /** Keeps the result of a run that is over, for each of its people. Again and again gives the same. */
  async keep(room: RoomId, run: string): Promise<void> {
    const record = await this.record(room, run);
    const { outcome, endedAtMs, startedAtMs, participants, procedure, mode } = record.run;
    if (outcome === null || endedAtMs === null) return;
    const { project } = await this.places.get(room);
    const sheet = scoreOf(record);
    const { points, full, isPassed, rubricVersion } = sheet;
    const rows = participants.map(({ id, name }) => ({
      run,
      person: id,
      name,
      room,
      project,
      procedure,
      mode,
      started_at: new Date(startedAtMs),
      ended_at: new Date(endedAtMs),
      outcome,
      points,
      full_points: full,
      is_passed: isPassed,
      rubric_version: rubricVersion,
      head: record.head,
    }));
    await this.db
      .insertInto('training_result')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['run', 'person']).doNothing())
      .execute();
    await this.certificates.certify({ room, project }, record, sheet);
  }

  /** Newest first; `own`: of this person, and of rooms and runs that they answer for. */
  async list(where: {
    room?: string;
    project?: string;
    own?: { person: string; rooms: readonly string[]; runs: readonly string[] };
  }): Promise<RunResult[]> {
    let query = this.db.selectFrom('training_result').selectAll().orderBy('ended_at', 'desc').limit(1000);
    for (const key of ['room', 'project'] as const) {
      const value = where[key];
      if (value !== undefined) query = query.where(key, '=', value);
    }
    const { own } = where;
    if (own)
      query = query.where((is) =>
        is.or([
          is('person', '=', own.person),
          ...(own.rooms.length > 0 ? [is('room', 'in', own.rooms)] : []),
          ...(own.runs.length > 0 ? [is('run', 'in', own.runs)] : []),
        ]),
      );
    const rows = await query.execute();
    return rows.map(({ full_points: full, is_passed: isPassed, rubric_version: rubricVersion, ...row }) =>
      RunResult.parse({
        ...row,
        full,
        isPassed,
        rubricVersion,
        startedAt: row.started_at.getTime(),
        endedAt: row.ended_at.getTime(),
      }),
    );
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}
