import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.ts';
import type { SavedMachine } from './hosted-machine.ts';
import type { TrainingTables } from './training.migrations.ts';

/** Where machines stand between one opening of their room and the next. Written here alone, so not checked again. */
@Injectable()
export class MachineStore {
  /** Saves of one machine are written in their order. */
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(private readonly database: Database) {}

  async load(run: string): Promise<SavedMachine | null> {
    const row = await this.db.selectFrom('training_machine').select('saved').where('run', '=', run).executeTakeFirst();
    return row ? (JSON.parse(row.saved) as SavedMachine) : null;
  }

  async save(run: string, machine: SavedMachine): Promise<void> {
    const saved = JSON.stringify(machine);
    const before = this.#last.get(run) ?? Promise.resolve();
    const write = before.then(
      () => this.write(run, saved),
      () => this.write(run, saved),
    );
    this.#last.set(run, write);
    await write.finally(() => {
      if (this.#last.get(run) === write) this.#last.delete(run);
    });
  }

  private async write(run: string, saved: string): Promise<void> {
    await this.db
      .insertInto('training_machine')
      .values({ run, saved })
      .onConflict((conflict) => conflict.column('run').doUpdateSet({ saved }))
      .execute();
  }

  private get db() {
    return this.database.of<TrainingTables>();
  }
}
