import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index.ts';
import { Fleet } from '../platform/fleet/index.ts';

/**
 * One thing at a time for each registration: the order of its statements decides. In this process they queue; in a hall of
 * several processes a lock of the database stands behind the queue.
 */
@Injectable()
export class RegistrationLocks {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly fleet: Fleet,
  ) {}

  async run<Result>(registration: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.queues.get(registration) ?? Promise.resolve();
    const next = before.then(() => (this.fleet.isShared ? this.database.locked(`cmi5 ${registration}`, work) : work()));
    const settled = next.catch(() => undefined);
    this.queues.set(registration, settled);
    try {
      return await next;
    } finally {
      if (this.queues.get(registration) === settled) this.queues.delete(registration);
    }
  }
}
