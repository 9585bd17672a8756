import { Injectable } from '@nestjs/common';
import { toProblem, WorkhallError, type Problem } from '#protocol/errors';
import { Clock, Ids } from '../clock/index.ts';

export type JobState =
  | { readonly phase: 'waiting'; readonly ahead: number }
  | { readonly phase: 'running'; readonly progress: number; readonly detail: string }
  | { readonly phase: 'done'; readonly result: unknown }
  | { readonly phase: 'failed'; readonly problem: Problem }
  | { readonly phase: 'cancelled' };

export interface JobContext {
  /** Aborted when the job is cancelled or the server stops. */
  readonly signal: AbortSignal;
  /** `progress` from 0 to 1; `detail` is a short phrase for a person. */
  report(progress: number, detail: string): void;
}

export interface Job<Result = unknown> {
  readonly id: string;
  readonly queue: string;
  /** Settles with the work: the result, or the problem thrown. */
  readonly finished: Promise<Result>;
}

interface QueueOptions {
  /** Jobs of this queue that run at the same time. */
  readonly concurrency: number;
  /** Jobs that may wait; one more is refused with `jobs.queue_full`. */
  readonly maxWaiting: number;
}

const DEFAULTS: QueueOptions = { concurrency: 1, maxWaiting: 64 };
/** A finished job can be asked for this long. */
const KEEP_MS = 10 * 60_000;

interface Entry {
  readonly queue: string;
  state: JobState;
  readonly controller: AbortController;
  readonly run: () => Promise<void>;
  readonly cancel: () => void;
  finishedAtMs?: number;
}

/**
 * Work that outlives a request: imports, renderings, publications. In process and not durable: what a job makes is
 * durable, and a job that a crash ended is simply asked for again.
 */
@Injectable()
export class Jobs {
  private readonly entries = new Map<string, Entry>();
  private readonly waiting = new Map<string, string[]>();
  private readonly running = new Map<string, number>();
  private readonly options = new Map<string, QueueOptions>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  configure(queue: string, options: Partial<QueueOptions>): void {
    this.options.set(queue, { ...DEFAULTS, ...options });
  }

  add<Result>(queue: string, work: (context: JobContext) => Promise<Result>): Job<Result> {
    this.forgetOld();
    const waiting = this.waiting.get(queue) ?? [];
    this.waiting.set(queue, waiting);
    const { maxWaiting } = this.optionsOf(queue);
    if (waiting.length >= maxWaiting) {
      throw new WorkhallError('jobs', 'queue_full', `${waiting.length} jobs already wait in the queue ${queue}.`, {
        facts: { queue, waiting: waiting.length },
        next: 'Try again in a minute.',
        status: 429,
      });
    }
    const id = this.ids.next();
    const controller = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    promise.catch(() => {}); // who does not wait for the job still reads its state

    const settle = (state: JobState) => {
      entry.state = state;
      entry.finishedAtMs = this.clock.nowMs();
    };
    const entry: Entry = {
      queue,
      controller,
      state: { phase: 'waiting', ahead: waiting.length },
      run: async () => {
        entry.state = { phase: 'running', progress: 0, detail: '' };
        try {
          const result = await work({
            signal: controller.signal,
            report: (progress, detail) => {
              if (entry.state.phase === 'running') entry.state = { phase: 'running', progress, detail };
            },
          });
          if (controller.signal.aborted) throw controller.signal.reason;
          settle({ phase: 'done', result });
          resolve(result);
        } catch (thrown) {
          settle(controller.signal.aborted ? { phase: 'cancelled' } : { phase: 'failed', problem: toProblem(thrown) });
          reject(thrown);
        }
      },
      cancel: () => {
        controller.abort(new WorkhallError('jobs', 'cancelled', 'The job was cancelled.', { status: 409 }));
        if (entry.state.phase !== 'waiting') return;
        settle({ phase: 'cancelled' });
        reject(controller.signal.reason);
      },
    };
    this.entries.set(id, entry);
    waiting.push(id);
    this.pump(queue);
    return { id, queue, finished: promise };
  }

  stateOf(id: string): JobState | undefined {
    const entry = this.entries.get(id);
    if (entry?.state.phase !== 'waiting') return entry?.state;
    return { phase: 'waiting', ahead: this.waiting.get(entry.queue)?.indexOf(id) ?? 0 };
  }

  /** False when the job is unknown or already finished. */
  cancel(id: string): boolean {
    const entry = this.entries.get(id);
    if (!entry || entry.finishedAtMs !== undefined) return false;
    const waiting = this.waiting.get(entry.queue) ?? [];
    const place = waiting.indexOf(id);
    if (place >= 0) waiting.splice(place, 1);
    entry.cancel();
    return true;
  }

  onModuleDestroy(): void {
    for (const id of this.entries.keys()) this.cancel(id);
  }

  private pump(queue: string): void {
    const waiting = this.waiting.get(queue) ?? [];
    const running = this.running.get(queue) ?? 0;
    if (running >= this.optionsOf(queue).concurrency) return;
    const id = waiting.shift();
    const entry = id === undefined ? undefined : this.entries.get(id);
    if (!entry) return;
    this.running.set(queue, running + 1);
    void entry.run().finally(() => {
      this.running.set(queue, (this.running.get(queue) ?? 1) - 1);
      this.pump(queue);
    });
    this.pump(queue);
  }

  private optionsOf(queue: string): QueueOptions {
    return this.options.get(queue) ?? DEFAULTS;
  }

  private forgetOld(): void {
    const oldestMs = this.clock.nowMs() - KEEP_MS;
    for (const [id, entry] of this.entries) {
      if (entry.finishedAtMs !== undefined && entry.finishedAtMs < oldestMs) this.entries.delete(id);
    }
  }
}
