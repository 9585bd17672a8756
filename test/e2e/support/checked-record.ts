import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { until, type Person } from '../../support/people.ts';

const CLI = fileURLToPath(new URL('../../../dist/server/cli/main.js', import.meta.url));

/** The as-built record of a job that was signed off, as text, when the hall has made it. */
export async function recordOf(person: Person, room: string, patienceMs: number): Promise<string> {
  let record: unknown = null;
  await until(
    'the record is made',
    async () => {
      record = await person.ask('GET', `/api/jobs/${room}/record`).catch(() => null);
      return record !== null;
    },
    patienceMs,
  );
  return JSON.stringify(record);
}

/** `workhall job` finds the record to be what the job's journal says, and with one word changed it does not. */
export function expectVerified(record: string, journal: Uint8Array, [word, other]: readonly [string, string]): void {
  const folder = mkdtempSync(join(tmpdir(), 'workhall-story-'));
  const files = [join(folder, 'record.json'), join(folder, 'journal.cbor')] as const;
  writeFileSync(files[1], journal);
  const check = (text: string) => {
    writeFileSync(files[0], text);
    return spawnSync(process.execPath, [CLI, 'job', files[0], '--journal', files[1]], { encoding: 'utf8' });
  };
  expect(check(record)).toMatchObject({ status: 0, stdout: expect.stringContaining('replayed here: the same record') });
  expect(record).toContain(word);
  expect(check(record.replace(word, other)).status).not.toBe(0);
  rmSync(folder, { recursive: true });
}
