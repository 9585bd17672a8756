import { expect, test } from 'vitest';
import { FixedClock, SeededIds } from '../clock/index.ts';
import { Jobs } from './index.ts';

const newJobs = () => new Jobs(new SeededIds(1), new FixedClock());

test('a queue runs no more jobs at once than it may, and all of them in order', async () => {
  const jobs = newJobs();
  jobs.configure('import', { concurrency: 2 });
  const started: number[] = [];
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const all = gates.map((gate, index) =>
    jobs.add('import', async () => {
      started.push(index);
      await gate.promise;
      return index;
    }),
  );
  expect(started).toEqual([0, 1]);
  expect(jobs.stateOf(all[3]!.id)).toEqual({ phase: 'waiting', ahead: 1 });
  gates[1]!.resolve();
  await all[1]!.finished;
  await Promise.resolve();
  expect(started).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(all.map((job) => job.finished))).toEqual([0, 1, 2, 3]);
});

test('progress and outcome can be read while the job runs and after it', async () => {
  const jobs = newJobs();
  const gate = Promise.withResolvers<void>();
  const job = jobs.add('import', async ({ report }) => {
    report(0.4, 'tessellating');
    await gate.promise;
    return 'cid';
  });
  expect(jobs.stateOf(job.id)).toEqual({ phase: 'running', progress: 0.4, detail: 'tessellating' });
  gate.resolve();
  await job.finished;
  expect(jobs.stateOf(job.id)).toEqual({ phase: 'done', result: 'cid' });
});

test('a job that throws fails alone; the next one runs', async () => {
  const jobs = newJobs();
  const bad = jobs.add('import', async () => {
    throw new Error('secret detail');
  });
  const good = jobs.add('import', async () => 1);
  expect(await good.finished).toBe(1);
  const state = jobs.stateOf(bad.id);
  expect(state?.phase).toBe('failed');
  expect(JSON.stringify(state)).not.toContain('secret detail');
});

test('a waiting job is cancelled at once, a running one through its signal', async () => {
  const jobs = newJobs();
  const running = jobs.add('import', ({ signal }) => {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const waiting = jobs.add('import', async () => 1);
  expect(jobs.cancel(waiting.id)).toBe(true);
  expect(jobs.cancel(running.id)).toBe(true);
  await expect(running.finished).rejects.toThrow(/cancelled/);
  await expect(waiting.finished).rejects.toThrow(/cancelled/);
  expect(jobs.stateOf(running.id)).toEqual({ phase: 'cancelled' });
  expect(jobs.cancel(running.id)).toBe(false);
});

test('a full queue refuses the next job with a status that says when to come back', () => {
  const jobs = newJobs();
  jobs.configure('import', { maxWaiting: 1 });
  const forever = () => new Promise<void>(() => {});
  jobs.add('import', forever);
  jobs.add('import', forever);
  expect(() => jobs.add('import', forever)).toThrow(expect.objectContaining({ status: 429 }));
});
