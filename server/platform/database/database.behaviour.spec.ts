import { sql, type Generated, type Kysely } from 'kysely';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChildProcesses, DataFolder } from '../processes/index.ts';
import { Database, externalServer, type DatabaseServer } from './database.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { migrate, type Migration } from './migrations.ts';

/**
 * One behaviour for both ways to a database: the one we start, and one that others started and that we know by its
 * URL alone (here a second engine of the same build, in a folder of its own, so the test needs nothing installed).
 */
interface Engine {
  path: string;
  server: DatabaseServer;
  end(): Promise<void>;
}

async function startEngine(): Promise<Engine> {
  const path = mkdtempSync(join(tmpdir(), 'workhall-database-'));
  const folder = await DataFolder.open(path);
  const children = new ChildProcesses(folder);
  const server = await startEmbeddedPostgres(folder, children);
  const end = async () => {
    await server.stop();
    await children.stopAll();
    folder.release();
    rmSync(path, { recursive: true, force: true });
  };
  return { path, server, end };
}

interface Tables {
  part: { id: Generated<number>; name: string };
}

const parts: Migration = {
  id: '2026-01-part',
  up: (db) => sql`create table part (id serial primary key, name text not null)`.execute(db).then(() => {}),
};

const adapters = [
  { name: 'embedded', serverOf: (engine: Engine) => engine.server },
  { name: 'DATABASE_URL', serverOf: (engine: Engine) => externalServer(engine.server.url) },
];

describe.each(adapters)('a database: $name', ({ serverOf }) => {
  let engine: Engine;
  let database: Database;
  let db: Kysely<Tables>;
  beforeAll(async () => {
    engine = await startEngine();
    database = new Database(serverOf(engine));
    await database.connect();
    db = database.of<Tables>();
  }, 60_000);
  afterAll(async () => {
    await database.onApplicationShutdown();
    await engine.end();
  });

  test('migrations run once, in order of their ids, also when two processes start together', async () => {
    const order: string[] = [];
    const step = (id: string): Migration => ({ id, up: async () => void order.push(id) });
    const all = [step('2026-03'), parts, step('2026-02')];
    const runs = await Promise.all([migrate(database.of(), all), migrate(database.of(), all)]);
    expect(runs.map((run) => run.length).sort()).toEqual([0, 3]);
    expect(order).toEqual(['2026-02', '2026-03']);
    expect(await migrate(database.of(), all)).toEqual([]);
  });

  test('a migration that fails leaves nothing behind and names itself', async () => {
    const half: Migration = {
      id: '2026-09-half',
      up: async (db) => {
        await sql`create table half (id int)`.execute(db);
        throw new Error('power cut');
      },
    };
    const others = ['2026-03', '2026-02'].map((id) => ({ id, up: async () => {} }));
    await expect(migrate(database.of(), [parts, ...others, half])).rejects.toThrow(/2026-09-half/);
    const found = await sql`select to_regclass('half') as oid`.execute(db);
    expect(found.rows).toEqual([{ oid: null }]);
  });

  test('an older release refuses data that a newer one has written', async () => {
    await expect(migrate(database.of(), [parts])).rejects.toThrow(/newer Workhall/);
  });

  test('a transaction that throws leaves no trace, one that resolves is there for everybody', async () => {
    const insert = (outcome: () => void) =>
      database.transaction<void, Tables>(async (transaction) => {
        await transaction.insertInto('part').values({ name: 'sun gear' }).execute();
        outcome();
      });
    await expect(
      insert(() => {
        throw new Error('rejected');
      }),
    ).rejects.toThrow('rejected');
    expect(await db.selectFrom('part').selectAll().execute()).toEqual([]);
    await insert(() => {});
    expect(await db.selectFrom('part').select('name').execute()).toEqual([{ name: 'sun gear' }]);
  });

  test('the state of the part names the version of the engine', async () => {
    expect(await database.check()).toMatchObject({ ok: true, detail: expect.stringMatching(/^PostgreSQL 1\d/) });
  });

  test('what is committed is on disk before the answer', async () => {
    const { rows } = await sql`select current_setting('fsync') f, current_setting('synchronous_commit') s`.execute(db);
    expect(rows).toEqual([{ f: 'on', s: 'on' }]);
  });
});

test('a database that does not answer is explained, without its password', async () => {
  const database = new Database({
    url: 'postgres://u:hunter2@127.0.0.1:1/x',
    place: '127.0.0.1/x',
    stop: async () => {},
  });
  const message = await database.connect().catch((thrown: Error) => thrown.message);
  expect(message).toContain('127.0.0.1/x');
  expect(message).not.toContain('hunter2');
  await database.onApplicationShutdown();
});

test('an engine that the system killed comes back at the same address with what was committed', async () => {
  const engine = await startEngine();
  const database = new Database({ ...engine.server, stop: async () => {} });
  await sql`create table kept as select 42 as value`.execute(database.of());
  const pidFile = join(engine.path, 'run', 'postgres.pid');
  const readPid = () => (JSON.parse(readFileSync(pidFile, 'utf8')) as { pid: number }).pid;
  const killed = readPid();
  process.kill(killed, 'SIGKILL');
  await expect.poll(() => existsSync(pidFile) && readPid() !== killed, { timeout: 30_000 }).toBe(true);
  const read = () =>
    sql<{ value: number }>`select value from kept`.execute(database.of()).then(({ rows }) => rows[0]?.value);
  await expect.poll(() => read().catch(() => 'not yet'), { timeout: 30_000, interval: 100 }).toBe(42);
  await database.onApplicationShutdown();
  await engine.end();
}, 60_000);
