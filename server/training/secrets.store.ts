import { Injectable } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { SealedFact, type OpenedSeal } from '#protocol/training/index';
import { Ids } from '../platform/clock/index.ts';
import { Database } from '../platform/database/index.ts';
import type { TrainingTables } from './training.migrations.ts';

/** What only instructors know until the debrief, and the salts of the seals that stand for it in the journal. */
@Injectable()
export class Secrets {
  constructor(
    private readonly database: Database,
    private readonly ids: Ids,
  ) {}

  async add(run: string, { event, atMs }: SealedFact): Promise<void> {
    const row = {
      id: this.ids.next(),
      run,
      slot: null,
      at_ms: String(atMs),
      event: JSON.stringify(event),
      by: event.by,
    };
    await this.db.insertInto('training_secret').values(row).execute();
  }

  /** In the order of their time. */
  async of(run: string): Promise<(SealedFact & { slot: number | null })[]> {
    const rows = await this.db.selectFrom('training_secret').selectAll().where('run', '=', run).execute();
    return rows
      .map(({ event, at_ms, slot }) => ({
        ...SealedFact.parse({ event: JSON.parse(event), atMs: Number(at_ms) }),
        slot,
      }))
      .sort((a, b) => a.atMs - b.atMs);
  }

  /**
   * What the next seal stands for: all that no seal stands for yet. Asked again after a crash it is the same and what
   * came since, so a seal that did not reach the journal is made anew.
   */
  async gather(room: string, run: string, slot: number): Promise<OpenedSeal> {
    await this.db
      .updateTable('training_secret')
      .set({ slot })
      .where('run', '=', run)
      .where('slot', 'is', null)
      .execute();
    return this.opened(run, slot, await this.saltOf(room, run), await this.of(run));
  }

  /** All seals of a run, to be revealed. */
  async all(room: string, run: string, seals: number): Promise<OpenedSeal[]> {
    const [salt, facts] = [await this.saltOf(room, run), await this.of(run)];
    return Array.from({ length: seals }, (_, slot) => this.opened(run, slot, salt, facts));
  }

  /** Of a machine's states: nobody guesses from its hash what fault it has. */
  async machineSalt(room: string, run: string): Promise<string> {
    return saltFor(await this.saltOf(room, run), `${run}/machine`);
  }

  /** The room of a run that has been sealed at least once. */
  async roomOf(run: string): Promise<string | null> {
    const row = await this.db.selectFrom('training_run').select('room').where('run', '=', run).executeTakeFirst();
    return row?.room ?? null;
  }

  private opened(
    run: string,
    slot: number,
    salt: Buffer,
    facts: readonly (SealedFact & { slot: number | null })[],
  ): OpenedSeal {
    return {
      salt: saltFor(salt, `${run}/${slot}`),
      facts: facts.filter((fact) => fact.slot === slot).map(({ event, atMs }) => ({ event, atMs })),
    };
  }

  private async saltOf(room: string, run: string): Promise<Buffer> {
    await this.db
      .insertInto('training_run')
      .values({ run, room, salt: randomBytes(32), stated_at: null })
      .onConflict((conflict) => conflict.column('run').doNothing())
      .execute();
    const row = await this.db
      .selectFrom('training_run')
      .select('salt')
      .where('run', '=', run)
      .executeTakeFirstOrThrow();
    return row.salt;
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}

const saltFor = (salt: Buffer, purpose: string): string =>
  createHash('sha256').update(salt).update(purpose).digest('hex');
