/** One server process. */
export interface HallProcess {
  /** New at each start: what a process owned before it died is not its any more. */
  readonly id: string;
  /** Stays over restarts; in paths (`/<name>/<room>`) and in ids that one process alone knows (`<name>.<id>`). */
  readonly name: string;
}

/** The process that we are. */
export class ThisProcess implements HallProcess {
  constructor(
    readonly id: string,
    readonly name: string,
    /** Whether there may be others in this hall. */
    private readonly isShared: boolean,
  ) {}

  /** An id of something that only this process knows: the others pass requests for it on. */
  ownId(id: string): string {
    return this.isShared ? `${this.name}.${id}` : id;
  }
}

/**
 * The server processes that form this hall, as everybody sees them: one (the default), or several that share a
 * PostgreSQL and a Redis (`REDIS_URL`; `RedisFleet`).
 */
export abstract class Fleet {
  abstract readonly self: HallProcess;
  /** False in a hall of one process. */
  abstract readonly isShared: boolean;
  /** Runs `work` while no other work with this key runs in any process. Not to be nested. */
  abstract exclusively<Result>(key: string, work: () => Promise<Result>): Promise<Result>;
}
