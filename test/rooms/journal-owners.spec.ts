import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RoomId } from '#protocol/ids';
import type { StoredEntry } from '#protocol/journal/index';
import { Database, migrate } from '../../server/platform/database/index.ts';
import { startEmbeddedPostgres } from '../../server/platform/database/embedded-postgres.ts';
import { fleetMigrations, ProcessRegistry } from '../../server/platform/fleet/process-registry.ts';
import { ChildProcesses, DataFolder } from '../../server/platform/processes/index.ts';
import { journalMigrations } from '../../server/rooms/index.ts';
import { JournalOwners } from '../../server/rooms/journal/journal-owners.ts';
import { chainOf } from '../../server/rooms/journal/journal.store.behaviour.ts';
import { PostgresJournalStore } from '../../server/rooms/journal/postgres-journal.store.ts';

const path = mkdtempSync(join(tmpdir(), 'workhall-owners-'));
let folder: DataFolder;
let children: ChildProcesses;
let database: Database;

beforeAll(async () => {
  folder = await DataFolder.open(path);
  children = new ChildProcesses(folder);
  database = new Database(await startEmbeddedPostgres(folder, children));
  await database.connect();
  await migrate(database.of(), [...fleetMigrations, ...journalMigrations]);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await children.stopAll();
  folder.release();
  rmSync(path, { recursive: true, force: true });
});

describe('who may write a journal', () => {
  let room: RoomId;
  let chain: StoredEntry[];
  let store: PostgresJournalStore;
  let first: Member;
  let second: Member;
  let rounds = 0;

  interface Member {
    readonly owners: JournalOwners;
    readonly registry: ProcessRegistry;
  }
  const joinAs = async (name: string): Promise<Member> => {
    const self = { id: `${name}-${rounds}`, name: `${name}-${rounds}` };
    const registry = new ProcessRegistry(database, self, `/data/${self.name}`);
    await registry.join();
    await registry.announce('http://127.0.0.1:1');
    return { owners: new JournalOwners(database, self), registry };
  };

  beforeEach(async () => {
    rounds += 1;
    await sql`delete from hall_process`.execute(database.of());
    room = RoomId.parse(`room-${rounds}`);
    chain = chainOf(room, 6);
    store = new PostgresJournalStore(database);
    await store.create(room, { kind: 'design', purpose: 'project', title: 'Pump' }, chain[0]!);
    [first, second] = [await joinAs('first'), await joinAs('second')];
  });

  it('has one owner at a time, and another only after the owner has let go or died', async () => {
    const fence = await first.owners.take(room);
    await expect(second.owners.take(room)).rejects.toMatchObject({ problem: { key: 'not_owner' } });
    expect((await second.owners.ownerOf(room))?.id).toBe(fence.process);
    await first.owners.release(room, fence);
    expect(await second.owners.ownerOf(room)).toBeNull();
    const next = await second.owners.take(room);
    expect(next.epoch).toBeGreaterThan(fence.epoch);
    await second.registry.declareDead(next.process);
    expect((await first.owners.take(room)).epoch).toBeGreaterThan(next.epoch);
  });

  it('is decided for one of many who ask at once', async () => {
    const members = [first, second, await joinAs('third'), await joinAs('fourth')];
    const asked = Array.from({ length: 40 }, (_, i) => members[i % 4]!.owners.take(room));
    const taken = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled');
    const owners = new Set(taken.map((one) => (one as PromiseFulfilledResult<{ process: string }>).value.process));
    expect(owners.size).toBe(1);
  });

  it('writes nothing for an owner that is not one any more, not even where its entries would fit', async () => {
    const stale = await first.owners.take(room);
    await store.append(room, chain.slice(1, 3), stale);
    await first.registry.declareDead(stale.process);
    const fence = await second.owners.take(room);
    // Back from a pause: alive again by its own beat, but the room is another's.
    await first.registry.beat(0);
    await expect(store.append(room, chain.slice(3, 4), stale)).rejects.toMatchObject({ problem: { key: 'not_owner' } });
    expect((await store.find(room))!.length).toBe(3);
    await store.append(room, chain.slice(3, 5), fence);
    expect((await store.find(room))!.length).toBe(5);
  });

  it('lets a new owner in only after a write that is under way has landed', async () => {
    const fence = await first.owners.take(room);
    let isTaken = false;
    let taking: Promise<unknown> = Promise.resolve();
    await database.transaction(async (transaction) => {
      // The statement of `append`, held open before its commit.
      const here = { of: () => transaction } as unknown as Database;
      await new PostgresJournalStore(here).append(room, chain.slice(1, 2), fence);
      await first.registry.declareDead(fence.process);
      taking = second.owners.take(room).then(() => (isTaken = true));
      await sleep(150);
      expect(isTaken).toBe(false);
    });
    await taking;
    expect((await store.find(room))!.length).toBe(2);
  });

  it('tells a process that was away that it has lost its rooms', async () => {
    const stale = await first.owners.take(room);
    expect(await first.owners.mine()).toEqual(new Map([[room, stale.epoch]]));
    await first.registry.declareDead(stale.process);
    await second.owners.take(room);
    await first.registry.beat(0);
    expect(await first.owners.mine()).toEqual(new Map());
  });

  it('gives new rooms to the process with the fewest people, and none to one that drains', async () => {
    await first.registry.beat(7);
    await second.registry.beat(5);
    const places: string[] = [];
    for (let i = 0; i < 4; i++) places.push((await first.registry.place())!.name.split('-')[0]!);
    expect(places).toEqual(['second', 'second', 'first', 'second']);
    await second.registry.drain();
    expect((await second.registry.place())!.name).toMatch(/^first/);
    await first.registry.declareDead(`first-${rounds}`);
    expect(await second.registry.place()).toBeNull();
  });

  it('refuses a second living process of one name, but not one that follows on the same data folder', async () => {
    const twin = new ProcessRegistry(database, { id: 'twin', name: `first-${rounds}` }, '/data/elsewhere');
    const beats = setInterval(() => void first.registry.beat(0), 500);
    await expect(twin.join()).rejects.toMatchObject({ problem: { key: 'name_taken' } });
    clearInterval(beats);
    const heir = new ProcessRegistry(database, { id: 'heir', name: `first-${rounds}` }, `/data/first-${rounds}`);
    await heir.join();
    await heir.announce('http://127.0.0.1:1');
    expect((await heir.living()).map(({ id }) => id)).toContain('heir');
  });

  it('refuses a process whose master key is another one', async () => {
    await first.registry.agree('MASTER_KEY', 'aa');
    await second.registry.agree('MASTER_KEY', 'aa');
    await expect(second.registry.agree('MASTER_KEY', 'bb')).rejects.toMatchObject({
      problem: { key: 'setting_differs' },
    });
  });
});
