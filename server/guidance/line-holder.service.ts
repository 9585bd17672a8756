import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { sql } from 'kysely';
import { z } from 'zod';
import { Database } from '../platform/database/index.ts';
import { Fleet, isAlive } from '../platform/fleet/index.ts';
import type { GuidanceTables } from './guidance.migrations.ts';

const ROW = 'lines';
const LOOK_MS = 1_000;
/** Whoever could not renew its hold for so long lets go: as long as the others wait before they take it (docs/decisions/0012). */
const LET_GO_MS = 3_000;

/** What the process that holds the lines tells the others of them. */
const Told = z.object({ port: z.number().int().default(0), up: z.array(z.string()).default([]) });
export type LinesTold = z.infer<typeof Told>;
const NOTHING: LinesTold = { port: 0, up: [] };

export interface HeldLines {
  /** Called once a second while this process holds the lines, and at once when it gets them. */
  tend(): Promise<LinesTold>;
  /** Another process has them now. */
  letGo(): Promise<void>;
}

/**
 * Lines to tools and instruments run once in a hall, however many processes it has: a controller talks to one, and a broker keeps
 * one queue for it. A row says which process has them; a dead one's are taken by another within seconds.
 */
@Injectable()
export class LineHolder implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Lines');
  private lines: HeldLines | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isOurs = false;
  private renewedAt = 0;
  private told: LinesTold = NOTHING;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly fleet: Fleet,
  ) {}

  /** Resolves when it is known whether they are ours, and they are open if so. */
  async start(lines: HeldLines): Promise<void> {
    this.lines = lines;
    await this.look();
    if (this.fleet.isShared) this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** Something about the stations changed: what is ours is tended now, others see it within a second. */
  look(): Promise<void> {
    this.looking = this.looking
      .then(() => this.lookNow())
      .catch((thrown: unknown) => {
        this.logger.warn(`${thrown instanceof Error ? thrown.message : 'failed'}; it is tried again.`);
      });
    return this.looking;
  }

  get isShared(): boolean {
    return this.fleet.isShared;
  }

  /** Of the process that has the lines. */
  get status(): LinesTold {
    return this.told;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.drop();
  }

  private async lookNow(): Promise<void> {
    if (!this.fleet.isShared) {
      this.isOurs = true;
      this.told = await this.lines!.tend();
      return;
    }
    const now = performance.now();
    try {
      if (!(await this.take())) {
        await this.drop();
        const row = await this.db.selectFrom('line_holder').select('told').where('id', '=', ROW).executeTakeFirst();
        this.told = row ? Told.parse(JSON.parse(row.told)) : NOTHING;
        return;
      }
    } catch (thrown) {
      if (this.isOurs && now - this.renewedAt > LET_GO_MS) await this.drop();
      throw thrown;
    }
    this.isOurs = true;
    this.renewedAt = now;
    this.told = await this.lines!.tend();
    await this.db
      .updateTable('line_holder')
      .set({ told: JSON.stringify(this.told) })
      .where('id', '=', ROW)
      .where('process', '=', this.fleet.self.id)
      .execute();
  }

  /** Whether they are ours: nobody, a dead process, one that stops, or we ourselves had them. */
  private async take(): Promise<boolean> {
    const { id } = this.fleet.self;
    const { rows } = await sql`
      insert into line_holder (id, process, told) values (${ROW}, ${id}, '{}')
      on conflict (id) do update set process = excluded.process
      where line_holder.process = excluded.process or not exists (
        select 1 from hall_process where hall_process.id = line_holder.process and ${isAlive} and not is_draining
      )
      returning process`.execute(this.db);
    return rows.length > 0;
  }

  private async drop(): Promise<void> {
    if (!this.isOurs) return;
    this.isOurs = false;
    await this.lines!.letGo();
  }

  private get db() {
    return this.database.of<GuidanceTables>();
  }
}
