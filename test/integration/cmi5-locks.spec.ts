import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RegistrationLocks } from '../../server/cmi5/registration-locks.ts';
import { Database } from '../../server/platform/database/index.ts';
import type { Fleet } from '../../server/platform/fleet/index.ts';
import { InProcessHall } from './projects-hall.ts';

let hall: InProcessHall;
let database: Database;
beforeAll(async () => {
  hall = await InProcessHall.open();
  database = hall.app.get(Database, { strict: false });
});
afterAll(() => hall?.close());

/** What two processes of one hall have: queues of their own, and one database. */
const twoProcesses = () =>
  [1, 2].map(() => new RegistrationLocks(database, { isShared: true } as Fleet)) as [
    RegistrationLocks,
    RegistrationLocks,
  ];
const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('statements of one registration that come to two processes', () => {
  test('are judged one after the other, each after what the one before wrote', async () => {
    let [inside, most, written] = [0, 0, 0];
    const work = async () => {
      most = Math.max(most, ++inside);
      const before = written;
      await moment();
      written = before + 1;
      inside -= 1;
    };
    const processes = twoProcesses();
    await Promise.all(Array.from({ length: 12 }, (_, n) => processes[n % 2]!.run('reg', work)));
    expect({ most, written, inside }).toEqual({ most: 1, written: 12, inside: 0 });
  });

  test('and a failure in one does not hold up the other', async () => {
    const [one, other] = twoProcesses();
    const failed = one.run('reg', () => Promise.reject(new Error('refused')));
    const done = other.run('reg', () => Promise.resolve('stored'));
    await expect(failed).rejects.toThrow('refused');
    expect(await done).toBe('stored');
    expect(await one.run('reg', () => Promise.resolve('again'))).toBe('again');
  });

  test('another registration does not wait', async () => {
    const [one, other] = twoProcesses();
    const [begun, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = one.run('reg', () => {
      begun.resolve();
      return mayEnd.promise;
    });
    await begun.promise;
    expect(await other.run('another', () => Promise.resolve('stored'))).toBe('stored');
    mayEnd.resolve();
    await held;
  });
});
