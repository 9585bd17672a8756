import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, externalServer } from './database.ts';
import type { ConfigTree } from '../config/index.ts';
import { SUPERUSER } from './embedded-postgres.setup.ts';

/** Line of postmaster.pid that holds the port (PostgreSQL, "Database File Layout"). */
const PORT_LINE = 3;

/**
 * The database of a hall that runs, for a command beside it: DATABASE_URL, or the embedded engine that the hall started.
 * Null when there is none to be reached. Close it with `onApplicationShutdown`.
 */
export async function openRunningDatabase({ databaseUrl, dataDir }: ConfigTree): Promise<Database | null> {
  const url = databaseUrl ?? embeddedUrl(dataDir);
  if (url === null) return null;
  const database = new Database(externalServer(url));
  try {
    await database.connect();
    return database;
  } catch (thrown) {
    await database.onApplicationShutdown();
    if (databaseUrl) throw thrown;
    return null; // left behind by an engine that is gone
  }
}

function embeddedUrl(dataDir: string): string | null {
  const [note, secret] = [join(dataDir, 'postgres', 'postmaster.pid'), join(dataDir, 'postgres.password')];
  if (!existsSync(note) || !existsSync(secret)) return null;
  const port = readFileSync(note, 'utf8').split('\n')[PORT_LINE]?.trim();
  return port ? `postgres://${SUPERUSER}:${readFileSync(secret, 'utf8').trim()}@127.0.0.1:${port}/postgres` : null;
}
