import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { Database, migrate } from '../../server/platform/database/index.ts';
import { startEmbeddedPostgres } from '../../server/platform/database/embedded-postgres.ts';
import { ChildProcesses, DataFolder } from '../../server/platform/processes/index.ts';
import { journalMigrations } from '../../server/rooms/index.ts';
import { behavesLikeAJournalStore } from '../../server/rooms/journal/journal.store.behaviour.ts';
import { PostgresJournalStore } from '../../server/rooms/journal/postgres-journal.store.ts';

const path = mkdtempSync(join(tmpdir(), 'workhall-journal-'));
let folder: DataFolder;
let children: ChildProcesses;
let database: Database;

beforeAll(async () => {
  folder = await DataFolder.open(path);
  children = new ChildProcesses(folder);
  database = new Database(await startEmbeddedPostgres(folder, children));
  await database.connect();
  await migrate(database.of(), journalMigrations);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await children.stopAll();
  folder.release();
  rmSync(path, { recursive: true, force: true });
});

behavesLikeAJournalStore('PostgreSQL', async () => new PostgresJournalStore(database));
