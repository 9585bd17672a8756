import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openProject, solid, until, type Person } from '../../support/people.ts';
import { startHall, type Hall } from '../../support/server.ts';
import { cpuSeconds, pin } from './pinned.ts';

/** A room with parts `part-0` … that a load can move. */
export async function roomWithParts(ann: Person, people: number): Promise<string> {
  const { room } = await openProject(ann);
  const session = await ann.enter(room);
  const parts = Array.from({ length: people }, (_, n) => solid(`part-${n}`));
  for (let from = 0; from < people; from += 200) session.submit('parts.add', { parts: parts.slice(from, from + 200) });
  await until('the parts are saved', () => session.pendingCount.get() === 0);
  await session.leave();
  return room;
}

/** A hall to measure. `PROFILE=folder` keeps a profile of its processor time there, to see what a figure consists of. */
export function startMeasuredHall(): Promise<Hall> {
  const folder = process.env['PROFILE'];
  return startHall(folder ? { env: { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${resolve(folder)}` } } : {});
}

/** A process of its own for the load, on a core of its own where there are two. */
export function forked(file: string, core: number): ChildProcess {
  const worker = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  pin(worker.pid!, core);
  return worker;
}

/**
 * Gives a worker its order; resolves with what it measured and the share of a core that process `pid` used meanwhile. The
 * worker says when it begins and when it is done: its own sums, and its people leaving, are not what is measured. `at` is
 * told both moments, while all are still there, and waited for.
 */
export async function measured<Order extends { measureMs: number }, Result extends { seconds: number }>(
  file: string,
  order: Order,
  pid: number,
  at: (moment: 'measuring' | 'measured') => Promise<unknown> = async () => undefined,
): Promise<Result & { cpuShare: number }> {
  const worker = forked(file, 1);
  let before = 0;
  let after = 0;
  const asked: Promise<unknown>[] = [];
  try {
    const result = await new Promise<Result>((resolve, reject) => {
      worker.on('message', (told: Result | 'measuring' | 'measured') => {
        if (told === 'measuring') before = cpuSeconds(pid);
        else if (told === 'measured') after = cpuSeconds(pid);
        else return resolve(told);
        asked.push(at(told));
      });
      worker.once('exit', (code) => reject(new Error(`${file} ended early (${code})`)));
      worker.send(order);
    });
    await Promise.all(asked);
    return { ...result, cpuShare: (after - before) / result.seconds };
  } finally {
    worker.kill();
  }
}
