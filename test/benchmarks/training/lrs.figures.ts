import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request, Agent } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { Procedure, type Participant, type RunEvent } from '#protocol/procedures/index';
import { statementsOf, toldRun, type Statement } from '#protocol/xapi/index';
import { startHall, type Hall } from '../../support/server.ts';
import { percentile, type Figure, type Part } from '../figures.ts';

/**
 * Statements of a real run (the gearbox sample, as `statementsOf` tells it) into the built-in LRS over HTTP, against
 * what the same PostgreSQL takes when the very same text is inserted with nothing around it. The load comes from the
 * same two cores.
 */
const FILE = new URL('../../../assets/procedures/gearbox-assembly.procedure.json', import.meta.url);
const ROUND_MS = 4_000;
const ROUNDS = 3;
const QUERIES = 200;

export const lrs: Part = { name: 'lrs', measure };

async function measure(): Promise<Figure[]> {
  const hall = await startHall({ env: { VOICE: '0', LOG_LEVEL: 'error' } });
  const client = new pg.Client({ connectionString: databaseOf(hall) });
  try {
    await client.connect();
    await client.query('create table bare (id uuid primary key, statement text not null)');
    const { key, secret } = keyOf(hall);
    const lrs = new Load(hall.port, `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`);
    const samples = { one: [0], sequential: [0], fifty: [0], bareOne: [0], bare: [0] };
    for (const list of Object.values(samples)) list.length = 0;
    await lrs.store(50, 4, 1_000); // warm
    for (let round = 0; round < ROUNDS; round++) {
      // Interleaved, so that a busy moment of the machine hits all of them.
      samples.bare.push(await bare(client, 50));
      samples.fifty.push(await lrs.store(50, 4, ROUND_MS));
      samples.bareOne.push(await bare(client, 1));
      samples.one.push(await lrs.store(1, 32, ROUND_MS));
      samples.sequential.push(await lrs.store(1, 1, ROUND_MS));
    }
    const latencies = await lrs.query();
    await lrs.end();
    const { rows } = await client.query<{ count: string; bytes: string }>(
      'select count(*) as count, pg_total_relation_size($1) as bytes from xapi_statement',
      ['xapi_statement'],
    );
    const [stored, bytes] = [Number(rows[0]!.count), Number(rows[0]!.bytes)];
    const median = (list: number[]) => percentile(list, 0.5);
    const note = `median of ${ROUNDS} rounds; statements of the gearbox run, ${Math.round(lrs.meanBytes)} bytes; checked, indexed, durable`;
    const share = (100 * median(samples.fifty)) / median(samples.bare);
    return [
      {
        name: 'stored, batches of 50',
        measured: median(samples.fifty),
        unit: '1/s',
        target: 2_000,
        is: 'above',
        note: `${note}; 4 connections`,
      },
      {
        name: 'bare inserts, batches of 50',
        measured: median(samples.bare),
        unit: '1/s',
        note: 'the same text and its id into a table of two columns, one commit per batch',
      },
      {
        name: 'share of the bare database, batches of 50',
        measured: share,
        unit: '%',
        note: 'the rest is HTTP, JSON, the rules of xAPI and four indexes',
      },
      {
        name: 'stored, one per request',
        measured: median(samples.one),
        unit: '1/s',
        target: 500,
        is: 'above',
        note: `${note}; 32 connections, commits are shared`,
      },
      {
        name: 'bare inserts, one by one',
        measured: median(samples.bareOne),
        unit: '1/s',
        note: 'one connection, a commit each',
      },
      {
        name: 'stored, one after the other',
        measured: median(samples.sequential),
        unit: '1/s',
        note: `${note}; one connection`,
      },
      {
        name: 'query of 100 by verb and person, p95',
        measured: percentile(latencies, 0.95),
        unit: 'ms',
        target: 100,
        note: `newest first, of ${stored} statements`,
      },
      { name: 'disk per statement', measured: bytes / stored / 1000, unit: 'kB', note: 'table, TOAST and indexes' },
    ];
  } finally {
    await client.end();
    await hall.stop();
  }
}

async function bare(client: pg.Client, batch: number): Promise<number> {
  const next = endless();
  const from = performance.now();
  let count = 0;
  while (performance.now() - from < ROUND_MS) {
    const statements = Array.from({ length: batch }, next);
    await client.query('insert into bare select * from unnest($1::uuid[], $2::text[])', [
      statements.map(({ id }) => id),
      statements.map((one) => JSON.stringify(one)),
    ]);
    count += batch;
  }
  return count / ((performance.now() - from) / 1000);
}

class Load {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly next = endless();
  private readonly port: number;
  private readonly authorization: string;
  private bytes = 0;
  private count = 0;

  constructor(port: number, authorization: string) {
    this.port = port;
    this.authorization = authorization;
  }

  get meanBytes(): number {
    return this.bytes / this.count;
  }

  /** Statements per second that were acknowledged. */
  async store(batch: number, connections: number, ms: number): Promise<number> {
    const from = performance.now();
    let stored = 0;
    const work = async () => {
      while (performance.now() - from < ms) {
        const body = JSON.stringify(Array.from({ length: batch }, this.next));
        this.bytes += body.length;
        this.count += batch;
        await this.ask('POST', '/xapi/statements', body);
        stored += batch;
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    return stored / ((performance.now() - from) / 1000);
  }

  async query(): Promise<number[]> {
    const verb = 'http://adlnet.gov/expapi/verbs/attempted';
    const latencies: number[] = [];
    for (let at = 0; at < QUERIES; at++) {
      const agent = JSON.stringify({ account: { homePage: 'http://localhost', name: at % 2 ? 'ann' : 'ben' } });
      const search = new URLSearchParams({ verb, agent, limit: '100' });
      const from = performance.now();
      await this.ask('GET', `/xapi/statements?${search.toString()}`);
      latencies.push(performance.now() - from);
    }
    return latencies;
  }

  async end(): Promise<void> {
    this.agent.destroy();
  }

  private ask(method: string, path: string, body?: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: this.authorization,
        'x-experience-api-version': '1.0.3',
        'content-type': 'application/json',
      };
      const sent = request(
        { port: this.port, host: '127.0.0.1', method, path, headers, agent: this.agent },
        (answer) => {
          answer.resume();
          answer.once('error', reject).once('end', () => {
            if (answer.statusCode === 200) resolve();
            else reject(new Error(`${method} ${path}: ${answer.statusCode}`));
          });
        },
      );
      sent.once('error', reject).end(body);
    });
  }
}

/** The run again and again, each time with ids of its own. */
function endless(): () => Statement {
  const procedure = Procedure.parse(JSON.parse(readFileSync(FILE, 'utf8')));
  const participants = ['ann', 'ben'].map((id) => ({ id, roles: [], station: null })) as unknown as Participant[];
  const steps = procedure.chapters.flatMap((chapter) => chapter.steps);
  const events = steps.map(({ id }, at) => ({
    event: { type: 'jumped', by: 'ann', to: id } as unknown as RunEvent,
    atMs: 1_000 + at * 60_000,
  }));
  const record = { mode: 'practice', seed: 1, participants, startedAtMs: 1_000, events } as const;
  const told = toldRun(procedure, record, { id: 'x', home: 'http://localhost', revision: 'bafy' });
  const run = statementsOf(told);
  let at = 0;
  return () => ({ ...run[at++ % run.length]!, id: crypto.randomUUID() });
}

function keyOf({ dataDir }: Hall): { key: string; secret: string } {
  const cli = join(import.meta.dirname, '..', '..', '..', 'dist', 'server', 'cli', 'main.js');
  const args = [cli, 'xapi-key', 'make', 'bench', '--data', dataDir, '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as { key: string; secret: string };
}

/** As server/platform/database/running-database.ts finds it. */
function databaseOf({ dataDir }: Hall): string {
  const port = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
    .split('\n')[3]!
    .trim();
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  return `postgres://workhall:${password}@127.0.0.1:${port}/postgres`;
}
