import { Injectable } from '@nestjs/common';
import type { ExpertRun } from '#protocol/api/experts';
import { RoomId, UserId } from '#protocol/ids';
import { consentOf, RunId, runOf, type RunRow } from '#protocol/training/index';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { problems } from './problems.ts';
import type { TrainingTables } from './training.migrations.ts';

/**
 * Runs that their people let others follow. The mark lies beside the motion, not in the journal: when the motion is
 * erased or its time is over, there is nothing to follow and the run is no expert's any more.
 */
@Injectable()
export class Experts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly host: RoomHost,
  ) {}

  /** Own, alone, done to the end, and with motion that may be shown: else the reason is thrown. */
  async mark(room: RoomId, run: string, person: UserId): Promise<void> {
    const { document } = await this.host.state(room);
    const row = runOf(document, run);
    if (!row) throw problems.noSuchRun(run);
    const isOwn = row.participants.length === 1 && row.participants[0]!.id === person;
    if (!isOwn || row.outcome !== 'completed') throw problems.noExpertsRun(run, isOwn);
    if (!consentOf(document, person)?.motion || !(await this.hasMotion(room, row))) throw problems.noMotion(run);
    await this.db
      .insertInto('training_expert')
      .values({ room, run, person, marked_at: new Date(this.clock.nowMs()) })
      .onConflict((conflict) => conflict.columns(['room', 'run']).doNothing())
      .execute();
  }

  async unmark(room: RoomId, run: string, person: UserId): Promise<void> {
    await this.db
      .deleteFrom('training_expert')
      .where('room', '=', room)
      .where('run', '=', run)
      .where('person', '=', person)
      .execute();
  }

  /** Newest first; those whose motion is gone, or no longer agreed to, are left out. */
  async list(room: RoomId): Promise<ExpertRun[]> {
    const rows = await this.db
      .selectFrom('training_expert')
      .selectAll()
      .where('room', '=', room)
      .orderBy('marked_at', 'desc')
      .execute();
    if (rows.length === 0) return [];
    const { document } = await this.host.state(room);
    const experts: ExpertRun[] = [];
    for (const { run, person } of rows) {
      const row = runOf(document, run);
      if (!row || row.endedAtMs === null || !consentOf(document, person)?.motion) continue;
      if (!(await this.hasMotion(room, row))) continue;
      experts.push({
        run: RunId.parse(run),
        procedure: row.procedure as ExpertRun['procedure'],
        person: UserId.parse(person),
        name: row.participants[0]!.name,
        startedAtMs: row.startedAtMs,
        endedAtMs: row.endedAtMs,
      });
    }
    return experts;
  }

  private async hasMotion(room: string, { participants, startedAtMs, endedAtMs }: RunRow): Promise<boolean> {
    const row = await this.db
      .selectFrom('training_motion')
      .select('from_ms')
      .where('room', '=', room)
      .where('person', '=', participants[0]!.id)
      .where('to_ms', '>=', String(startedAtMs))
      .where('from_ms', '<=', String(endedAtMs ?? startedAtMs))
      .where('forget_at', '>', new Date(this.clock.nowMs()))
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}
