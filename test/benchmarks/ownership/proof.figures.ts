import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signIn, type Person } from '../../support/people.ts';
import { startHall, type Hall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';
import { designedRoom, mintRevision, publish } from './published.ts';

const CLI = join(import.meta.dirname, '..', '..', '..', 'dist', 'server', 'cli', 'main.js');
const SIZES = [1_000, 10_000];

/** `workhall verify` over chain and gateway, as a program from its start to its verdict; and the same on the page. */
export const proof: Part = {
  name: 'proof',
  async measure(): Promise<Figure[]> {
    const hall = await startHall({ timeoutMs: 60_000 });
    try {
      const person = await signIn(hall.url, 'Ann');
      const figures: Figure[] = [];
      for (const ops of SIZES) figures.push(...(await prove(hall, person, ops)));
      return figures;
    } finally {
      await hall.stop();
    }
  },
};

async function prove(hall: Hall, person: Person, ops: number): Promise<Figure[]> {
  const room = await designedRoom(person, ops);
  const publishMs = performance.now();
  const cid = await publish(person, room);
  const publishedMs = performance.now() - publishMs;
  const tokenId = await mintRevision(person, cid);
  const cliMs = performance.now();
  const run = await promisify(execFile)(process.execPath, [CLI, 'verify', tokenId, '--hall', hall.url, '--json']);
  const cliTookMs = performance.now() - cliMs;
  const { tookMs } = JSON.parse(run.stdout) as { tookMs: number };
  const report = await person.ask<{ ok: boolean; tookMs: number }>('POST', `/api/tokens/${tokenId}/verify`);
  if (!report.ok) throw new Error(JSON.stringify(report));
  return [
    { name: `publish ${ops} ops`, measured: publishedMs, unit: 'ms' },
    { name: `workhall verify, ${ops} ops, whole program`, measured: cliTookMs, unit: 'ms' },
    { name: `workhall verify, ${ops} ops, the proof alone`, measured: tookMs, unit: 'ms' },
    { name: `Verify button, ${ops} ops`, measured: report.tookMs, unit: 'ms' },
  ];
}
