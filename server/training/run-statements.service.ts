import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { WorkhallError } from '#protocol/errors';
import { RoomId } from '#protocol/ids';
import { runOf, RunRecorder, type RunRecord } from '#protocol/training/index';
import { statementsOf, toldRun, type Statement } from '#protocol/xapi/index';
import { RoomPlaces } from '../design/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Config } from '../platform/config/index.ts';
import { Database } from '../platform/database/index.ts';
import { RoomHost } from '../rooms/index.ts';
import { compartmentOf, homeOf, Recorder } from '../xapi/index.ts';
import { Results } from './results.service.ts';
import type { TrainingTables } from './training.migrations.ts';

const READ_BATCH = 500;
/** Statements recorded in one transaction. */
const TOLD_TOGETHER = 200;

/**
 * What runs say in xAPI: while they go on, each time they are sealed, and whole after the debrief. Ids follow from the run
 * and the fact, so what was said before a crash is said again and stays one; a run is ticked off when its end is recorded,
 * and what is not ticked off is told when the hall starts, whoever is in the room.
 */
@Injectable()
export class RunStatements implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Training');
  private readonly home: string;
  private isStopping = false;
  private catchingUp: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly host: RoomHost,
    private readonly places: RoomPlaces,
    private readonly recorder: Recorder,
    private readonly results: Results,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.home = homeOf(config);
  }

  onApplicationBootstrap(): void {
    this.catchingUp = this.catchUp().catch((thrown: unknown) =>
      this.logger.error('Runs that are over could not be told to the LRS; the next start tries again', thrown),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.catchingUp;
  }

  ofRoom(room: RoomId): StatementsOfRoom {
    return new StatementsOfRoom(room, this.host, (record, part) => this.record(room, record, part));
  }

  /** What a crash left between the debrief and its last statement. */
  private async catchUp(): Promise<void> {
    const rows = await this.db
      .selectFrom('training_run')
      .select(['run', 'room'])
      .where('stated_at', 'is', null)
      .execute();
    for (const { run, room: text } of rows) {
      if (this.isStopping) return;
      const room = RoomId.parse(text);
      try {
        if (!runOf((await this.host.state(room)).document, run)?.isRevealed) continue;
        await this.results.keep(room, run);
        await this.ofRoom(room).tellEnd(run);
      } catch (thrown) {
        // One room that cannot be read keeps nobody else from being told.
        this.logger.error(
          `Run ${run} of room ${room} could not be told to the LRS; the next start tries again`,
          thrown,
        );
      }
    }
  }

  private async record(room: RoomId, record: RunRecord, part: 'open' | 'revealed'): Promise<void> {
    const { run, procedure, recorded, open } = record;
    const { project } = await this.places.get(room);
    const names = new Map(run.participants.map(({ id, name }): [string, string] => [id, name]));
    const about = {
      id: run.id,
      home: this.home,
      revision: run.procedure,
      nameOf: (person: string) => names.get(person),
      abandonedAtMs: run.outcome === 'abandoned' ? run.endedAtMs : null,
    };
    const parts = part === 'open' ? (['open'] as const) : (['open', 'revealed'] as const);
    const statements = parts.flatMap((one) =>
      statementsOf(toldRun(procedure, one === 'open' ? open : recorded, { ...about, part: one })),
    );
    for (let from = 0; from < statements.length; from += TOLD_TOGETHER)
      await this.tell(compartmentOf(project), statements.slice(from, from + TOLD_TOGETHER));
    if (part === 'open') return;
    await this.db
      .updateTable('training_run')
      .set({ stated_at: new Date(this.clock.nowMs()) })
      .where('run', '=', run.id)
      .execute();
  }

  /** What an earlier version of the hall, or another PUBLIC_URL, said otherwise stays as it was said. */
  private async tell(compartment: ReturnType<typeof compartmentOf>, statements: readonly Statement[]): Promise<void> {
    try {
      await this.recorder.record(compartment, statements);
    } catch (thrown) {
      if (!(thrown instanceof WorkhallError) || thrown.problem.key !== 'statement_differs') throw thrown;
      if (statements.length > 1) for (const one of statements) await this.tell(compartment, [one]);
      else this.logger.warn(`The statement ${statements[0]!.id} is stored with other words already; these stay`);
    }
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}

/** Follows the journal of one room that is open, so that each entry is read once for all its runs. */
export class StatementsOfRoom {
  readonly #recorders = new Map<string, RunRecorder>();
  readonly #toldEvents = new Map<string, number>();
  #read = 0;

  constructor(
    private readonly room: RoomId,
    private readonly host: RoomHost,
    private readonly record: (record: RunRecord, part: 'open' | 'revealed') => Promise<void>,
  ) {}

  /** As far as the run is; nothing where nothing happened since. */
  async tell(run: string): Promise<void> {
    const record = await this.#recordOf(run);
    if (!record?.isWhole || this.#toldEvents.get(run) === record.open.events.length) return;
    await this.record(record, 'open');
    this.#toldEvents.set(run, record.open.events.length);
  }

  /** All of it, with what was sealed and how it ended. */
  async tellEnd(run: string): Promise<void> {
    const record = await this.#recordOf(run);
    if (!record?.isWhole || !record.run.isRevealed) return;
    await this.record(record, 'revealed');
    this.#recorders.delete(run);
  }

  async #recordOf(run: string): Promise<RunRecord | null> {
    const { document, length } = await this.host.state(this.room);
    // A run that the others were read without is read from the start; that happens once for each.
    if (!this.#recorders.has(run)) {
      const recorder = new RunRecorder(run);
      await this.#each(0, this.#read, (stored) => recorder.note(stored));
      this.#recorders.set(run, recorder);
    }
    await this.#each(this.#read, length, (stored) => {
      for (const recorder of this.#recorders.values()) recorder.note(stored);
    });
    this.#read = Math.max(this.#read, length);
    return this.#recorders.get(run)!.recordOf(document);
  }

  async #each(from: number, to: number, note: (stored: Parameters<RunRecorder['note']>[0]) => void): Promise<void> {
    for (let at = from; at < to; at += READ_BATCH)
      for (const stored of await this.host.entries(this.room, at, Math.min(READ_BATCH, to - at))) note(stored);
  }
}
