import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { packMotion, type MotionSample } from '#protocol/training/index';
import { RoomPlaces } from '../design/index.ts';
import { Clock } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import { Procedures } from '../procedures/index.ts';
import type { TrainingTables } from './training.migrations.ts';

const DAY_MS = 86_400_000;
/** What is over is not shown from that moment on; from the disk it goes within this time. */
const FORGET_EVERY_MS = 3_600_000;
const compress = promisify(deflateRaw);

export interface MotionChunk {
  readonly fromMs: number;
  readonly toMs: number;
  /** deflate (RFC 1951) of `protocol/training/recording.ts`. */
  readonly bytes: Uint8Array;
}

/**
 * Motion of people who agreed to it, in chunks of some seconds each, beside the journal and never in it: what is erased
 * here leaves the journal, and the score, as verifiable as before.
 */
@Injectable()
export class Recordings implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('Training');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly places: RoomPlaces,
    private readonly procedures: Procedures,
  ) {}

  onModuleInit(): Promise<void> {
    this.timer = setInterval(() => {
      this.forget().catch((thrown: unknown) =>
        this.logger.warn(
          `Recordings that are over are still there; in an hour they are tried again. ${String(thrown)}`,
        ),
      );
    }, FORGET_EVERY_MS).unref();
    return this.forget();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Keeps a chunk for as long as the project says; 0 days: not at all. */
  async keep(room: string, person: string, samples: readonly MotionSample[]): Promise<void> {
    const { project } = await this.places.get(room);
    const { recordingDays } = await this.procedures.rules(project);
    if (recordingDays === 0 || samples.length === 0) return;
    const bytes = await compress(packMotion(samples));
    await this.db
      .insertInto('training_motion')
      .values({
        room,
        person,
        from_ms: String(samples[0]!.atMs),
        to_ms: String(samples.at(-1)!.atMs),
        bytes,
        forget_at: new Date(this.clock.nowMs() + recordingDays * DAY_MS),
      })
      .onConflict((conflict) => conflict.columns(['room', 'person', 'from_ms']).doNothing())
      .execute();
  }

  /** Who was recorded in the room, from when to when, and how many bytes that takes. */
  async list(room: string): Promise<{ person: string; fromMs: number; toMs: number; bytes: number }[]> {
    const rows = await this.db
      .selectFrom('training_motion')
      .select(({ fn }) => [
        'person',
        fn.min<string>('from_ms').as('from'),
        fn.max<string>('to_ms').as('to'),
        fn.sum<string>(fn('octet_length', ['bytes'])).as('size'),
      ])
      .where('room', '=', room)
      .where('forget_at', '>', new Date(this.clock.nowMs()))
      .groupBy('person')
      .execute();
    return rows.map(({ person, from, to, size }) => ({
      person,
      fromMs: Number(from),
      toMs: Number(to),
      bytes: Number(size),
    }));
  }

  /** Chunks that touch a stretch of time, in order, at most `limit`. */
  async read(room: string, person: string, fromMs: number, toMs: number, limit: number): Promise<MotionChunk[]> {
    const rows = await this.db
      .selectFrom('training_motion')
      .select(['from_ms', 'to_ms', 'bytes'])
      .where('room', '=', room)
      .where('person', '=', person)
      .where('to_ms', '>=', String(fromMs))
      .where('from_ms', '<=', String(toMs))
      .where('forget_at', '>', new Date(this.clock.nowMs()))
      .orderBy('from_ms')
      .limit(limit)
      .execute();
    return rows.map(({ from_ms, to_ms, bytes }) => ({
      fromMs: Number(from_ms),
      toMs: Number(to_ms),
      bytes: new Uint8Array(bytes),
    }));
  }

  /** All of a person's motion in a room; returns how many chunks. */
  async erase(room: string, person: string): Promise<number> {
    const done = await this.db
      .deleteFrom('training_motion')
      .where('room', '=', room)
      .where('person', '=', person)
      .executeTakeFirst();
    return Number(done.numDeletedRows);
  }

  /** What has been kept long enough. */
  async forget(): Promise<void> {
    await this.db.deleteFrom('training_motion').where('forget_at', '<=', new Date(this.clock.nowMs())).execute();
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}
