/** One server process. */
export interface HallProcess {
  /** New at each start: what a process owned before it died is not its any more. */
  readonly id: string;
  /** Stays over restarts; in paths (`/<name>/<room>`) and in ids that one process alone knows (`<name>.<id>`). */
  readonly name: string;
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
  /** An id of something that only this process knows: the others pass requests for it on. */
  abstract ownId(id: string): string;
}
