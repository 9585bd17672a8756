import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoomSession } from '#net/index';
import { stateHash } from '#protocol/document/index';
import { PartId } from '#protocol/ids';
import { percentile } from '../benchmarks/figures.ts';
import type { CrowdOrder } from '../benchmarks/rooms/crowd.worker.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { BadLine, whyNoLines } from './bad-line.ts';
import type { BotOrder, BotReport } from './bot.worker.ts';

const missing = whyNoLines();
if (missing) console.log(`Skipped, network conditions: ${missing}.`);

/** People on good lines whose motion everybody sees: together more than 64 kbit/s carry. */
const CROWD = 24;
/** Ops are never left out: together they must fit into 64 kbit/s, which is some twenty a second. */
const EDIT_EVERY_MS = 1_000;
const BLACKOUT_MS = 10_000;
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const BOT = fileURLToPath(new URL('bot.worker.ts', import.meta.url));
const CROWD_WORKER = fileURLToPath(new URL('../benchmarks/rooms/crowd.worker.ts', import.meta.url));

describe.skipIf(missing)(`a room with people on bad lines (seed ${SEED})`, () => {
  let hall: Hall;
  let ann: Person;
  let room: string;
  let witness: RoomSession;
  let crowd: ChildProcess;
  let lines: BadLine[] = [];
  let bots: Bot[] = [];

  beforeAll(async () => {
    lines = [0, 1, 2].map((n) => new BadLine(SEED + n));
    await Promise.all(lines.map((line) => line.ready()));
    // On an address of a line; the other two, and people here, reach it as well.
    hall = await startHall({ env: { HOST: lines[0]!.addressHere } });
    const people = await Promise.all(['Ann', 'Bo', 'Cai', 'Dee'].map((name) => signIn(hall.url, name)));
    ann = people[0]!;
    ({ room } = await openProject(ann, people.slice(1)));
    witness = await ann.enter(room);
    const names = Array.from({ length: CROWD + 10 }, (_, n) => `part-${n}`);
    witness.submit('parts.add', { parts: names.map((name) => solid(name)) });
    await until('the parts are saved', () => witness.pendingCount.get() === 0);
    crowd = fork(CROWD_WORKER, { execArgv: ['--disable-warning=ExperimentalWarning'] });
    const order: CrowdOrder = {
      hallUrl: hall.url,
      rooms: [room],
      token: ann.token,
      people: CROWD,
      opsPerSecond: 0.3,
      partOf: 'part-',
      warmUpMs: 600_000,
      measureMs: 1,
    };
    crowd.send(order);
    await until('the crowd is in', () => witness.participants.get().length > CROWD, 30_000);
    bots = await Promise.all(
      lines.map((line, n) =>
        Bot.start(line, {
          hallUrl: hall.url,
          token: people[n + 1]!.token,
          room,
          n: CROWD + 1 + n,
          editEveryMs: EDIT_EVERY_MS,
        }),
      ),
    );
  }, 90_000);

  afterAll(async () => {
    crowd?.kill();
    await Promise.all(bots.map((bot) => bot.end()));
    await witness?.leave();
    await hall?.stop();
    await Promise.all(lines.map((line) => line.close()));
  });

  it('stays usable for them, everything arrives, and nobody else is slowed', async () => {
    const before = await latenciesOf(witness, 8_000);
    const [lossy, dark, thin] = lines as [BadLine, BadLine, BadLine];
    lossy.set({ delayMs: 100, loss: 0.03 });
    dark.set({ delayMs: 100 });
    thin.set({ delayMs: 30, kbit: 64 });
    for (const bot of bots) bot.tell('forget');
    for (const bot of bots) bot.tell('work');
    const during: number[] = [];
    const work = (async () => void during.push(...(await latenciesOf(witness, 36_000))))();
    await sleep(10_000);
    dark.set({ isCut: true });
    await sleep(BLACKOUT_MS);
    dark.set({ isCut: false });
    await work;
    const busy = await Promise.all(bots.map((bot) => bot.report()));
    for (const bot of bots) bot.tell('rest');
    crowd.kill();
    const figures = busy.map((report) => ({
      edits: report.edits,
      shownAtOnce: report.shownAtOnce,
      acked: report.ackMs.length,
      ackP50Ms: Math.round(percentile(report.ackMs, 0.5)),
      ackP95Ms: Math.round(percentile(report.ackMs, 0.95)),
      ackMostMs: Math.round(Math.max(...report.ackMs)),
      presencePerSecond: Math.round(report.presenceGapMs.length / 36),
      presenceGapMostMs: Math.round(Math.max(...report.presenceGapMs)),
      pending: report.pending,
      states: report.states.join(' '),
    }));
    console.log(
      JSON.stringify({
        seed: SEED,
        lossy: figures[0],
        dark: figures[1],
        thin: figures[2],
        othersAckP95Ms: [before, during].map((list) => Math.round(percentile(list, 0.95))),
      }),
    );
    const calm = await settled(bots, witness);
    for (const report of busy) {
      expect(report.shownAtOnce).toBe(report.edits);
      expect(report.refused).toEqual([]);
      expect(report.edits).toBeGreaterThan(25);
    }
    // Two round trips at 95 of 100, whatever a lost packet costs at worst.
    expect(figures[0]!.ackP95Ms).toBeLessThan(1_000);
    expect(figures[0]!.ackMostMs).toBeLessThan(6_000);
    expect(figures[1]!.ackMostMs).toBeLessThan(BLACKOUT_MS + 8_000);
    expect(figures[2]!.ackP95Ms).toBeLessThan(3_000);
    expect(figures[2]!.ackMostMs).toBeLessThan(6_000);
    for (const [n, most] of [3_000, BLACKOUT_MS + 8_000, 3_000].entries())
      expect(figures[n]!.presenceGapMostMs, ['lossy', 'dark', 'thin'][n]).toBeLessThan(most);
    expect(percentile(during, 0.95)).toBeLessThan(Math.max(3 * percentile(before, 0.95), 60));
    const hash = stateHash(witness.document.get());
    for (const report of calm) {
      expect(report.hash).toBe(hash);
      expect(report.ackMs.length).toBe(report.edits);
    }
  }, 120_000);
});

class Bot {
  readonly #over: Promise<never>;

  private constructor(private readonly process: ChildProcess) {
    this.#over = new Promise((_, reject) =>
      this.process.once('exit', (code) => reject(new Error(`a bot ended (${code})`))),
    );
    this.#over.catch(() => undefined);
  }

  static async start(line: BadLine, order: BotOrder): Promise<Bot> {
    const bot = new Bot(line.run(BOT));
    const isIn = bot.#next();
    bot.process.send({ begin: order });
    await isIn;
    return bot;
  }

  tell(what: 'work' | 'rest' | 'forget'): void {
    this.process.send(what);
  }

  report(): Promise<BotReport> {
    const answer = this.#next() as Promise<BotReport>;
    this.process.send('report');
    return answer;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.send('leave');
    setTimeout(() => this.process.kill('SIGKILL'), 5_000).unref();
    await ended;
  }

  #next(): Promise<unknown> {
    const told = new Promise((resolve, reject) => {
      this.process.once('message', (said: { failed?: string }) =>
        said.failed ? reject(new Error(said.failed)) : resolve(said),
      );
    });
    return Promise.race([told, this.#over]);
  }
}

/** Edits of somebody on a good line, one after the other. */
async function latenciesOf(session: RoomSession, forMs: number): Promise<number[]> {
  const latencies: number[] = [];
  const endMs = performance.now() + forMs;
  for (let n = 0; performance.now() < endMs; n++) {
    const startMs = performance.now();
    const made = session.submit('part.move', {
      moves: [{ id: PartId.parse('part-0'), poseInParent: { position: [n % 9, 0, 0], rotation: [0, 0, 0, 1] } }],
    });
    if ('id' in made) await session.confirmed(made.id);
    latencies.push(performance.now() - startMs);
    await sleep(400);
  }
  return latencies;
}

async function settled(bots: readonly Bot[], witness: RoomSession): Promise<BotReport[]> {
  let reports: BotReport[] = [];
  await until(
    'everybody has everything',
    async () => {
      reports = await Promise.all(bots.map((bot) => bot.report()));
      const hash = stateHash(witness.document.get());
      return reports.every(({ pending, hash: theirs }) => pending === 0 && theirs === hash);
    },
    30_000,
  ).catch((cause: Error) => {
    const left = reports.map(
      ({ pending, length, states }) => `${pending} pending, ${length} entries, ${states.join(' ')}`,
    );
    throw new Error(`${cause.message}\n${left.join('\n')}`, { cause });
  });
  return reports;
}
