import { Fleet, type HallProcess } from './fleet.ts';
import { Turns } from './turns.ts';

/** A hall of one process. */
export class SoleProcess extends Fleet {
  readonly isShared = false;
  readonly #turns = new Turns();

  constructor(readonly self: HallProcess) {
    super();
  }

  exclusively<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(key, work);
  }
}
