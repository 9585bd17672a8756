/** Takes a file in, runs it through the import thread in a queue, stores what comes out, and keeps the result for a while. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { BehaviorSubject } from 'rxjs';
import type { Observable } from 'rxjs';
import { toProblem, WorkhallError } from '#protocol/errors';
import type { ImportResult, ImportStage, ImportStatus, ImportUnit, UpAxis } from '#protocol/assets/import-status';
import { ProductStructure } from '#protocol/assets/product-structure';
import { Clock, Ids } from '../../platform/clock/index.ts';
import { Config } from '../../platform/config/index.ts';
import { ThisProcess } from '../../platform/fleet/index.ts';
import { Jobs } from '../../platform/jobs/index.ts';
import type { Job } from '../../platform/jobs/index.ts';
import { AssetStore } from '../asset.store.ts';
import { ImportLimits } from './import-limits.ts';
import { importProblem } from './import-problem.ts';
import { estimatedFraction, overallFraction } from './import-progress.ts';
import { runInThread } from './import-thread.ts';
import type { PipelineOutput } from './pipeline.ts';

const QUEUE = 'import';
const TICK_MS = 200;

export interface ImportRequest {
  readonly fileName: string;
  /** Deleted when the import ends. */
  readonly filePath: string;
  readonly unit?: ImportUnit;
  readonly upAxis?: UpAxis;
  /** Who may look at it and stop it; nobody else is told that it exists. Absent: whoever has the id. */
  readonly owner?: string;
}

interface Entry {
  readonly request: ImportRequest;
  readonly status: BehaviorSubject<ImportStatus>;
  jobId: string;
  finishedAtMs?: number;
}

@Injectable()
export class ImportService {
  private readonly entries = new Map<string, Entry>();
  private readonly folder: string;

  constructor(
    config: Config,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly store: AssetStore,
    private readonly limits: ImportLimits,
    private readonly process: ThisProcess,
  ) {
    this.folder = join(config.tree.dataDir, 'uploads');
    jobs.configure(QUEUE, { concurrency: limits.concurrency, maxWaiting: limits.maxWaiting });
  }

  /** Uploads of a server that was killed are worth nothing: their imports are gone. */
  async onModuleInit(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Writes a body to a file of ours. @throws WorkhallError `import.file_too_large`, `import.file_empty`. */
  async receive(body: Readable, statedBytes?: number): Promise<string> {
    const limit = this.limits.maxUploadBytes;
    const refusal = () =>
      importProblem('file_too_large', { limitBytes: limit, ...(statedBytes !== undefined && { statedBytes }) });
    if (statedBytes !== undefined && statedBytes > limit) throw refusal();
    await mkdir(this.folder, { recursive: true });
    const filePath = join(this.folder, this.ids.next());
    let received = 0;
    const cap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.byteLength;
        done(received > limit ? refusal() : null, chunk);
      },
    });
    try {
      await pipeline(body, cap, createWriteStream(filePath, { flags: 'wx' }));
      if (received === 0) throw importProblem('file_empty');
      return filePath;
    } catch (thrown) {
      await rm(filePath, { force: true });
      throw thrown instanceof WorkhallError
        ? thrown
        : importProblem('file_broken', { reason: 'the upload broke off' }, thrown);
    }
  }

  start(request: ImportRequest): string {
    this.forgetOld();
    const id = this.process.ownId(this.ids.next());
    const status = new BehaviorSubject<ImportStatus>({
      id,
      fileName: request.fileName,
      state: 'queued',
      stage: 'waiting',
      fraction: 0,
    });
    const entry: Entry = { request, status, jobId: '' };
    const job = this.enqueue(entry);
    entry.jobId = job.id;
    this.entries.set(id, entry);
    job.finished
      .then(
        (result) => this.settle(entry, { state: 'done', stage: 'storing', fraction: 1, result }),
        (thrown: unknown) => {
          const problem = toProblem(thrown);
          const isCancelled = problem.key === 'cancelled';
          const { facts } = problem;
          this.settle(
            entry,
            isCancelled
              ? { state: 'cancelled' }
              : { state: 'failed', problem: { ...problem, facts: structuredClone(facts) as never } },
          );
        },
      )
      .finally(() => rm(request.filePath, { force: true }));
    return id;
  }

  private enqueue(entry: Entry): Job<ImportResult> {
    try {
      return this.jobs.add(QUEUE, ({ signal }) => this.run(entry, signal));
    } catch (cause) {
      void rm(entry.request.filePath, { force: true });
      throw importProblem('busy', { waiting: this.limits.maxWaiting }, cause);
    }
  }

  /** @throws WorkhallError `import.import_unknown`. */
  status(id: string, asker?: string): ImportStatus {
    return this.entry(id, asker).status.value;
  }

  /** The status now and at each change; completes when the import has ended. */
  events(id: string, asker?: string): Observable<ImportStatus> {
    return this.entry(id, asker).status.asObservable();
  }

  cancel(id: string, asker?: string): ImportStatus {
    const entry = this.entry(id, asker);
    this.jobs.cancel(entry.jobId);
    return entry.status.value;
  }

  /** Resolves with the last status: done, failed or cancelled. */
  async finished(id: string): Promise<ImportStatus> {
    const { status } = this.entry(id);
    return new Promise((resolve) => status.subscribe({ complete: () => resolve(status.value) }));
  }

  private async run(entry: Entry, signal: AbortSignal): Promise<ImportResult> {
    const { request } = entry;
    const figures: Record<string, number> = {};
    const startedMs = performance.now();
    const { size } = await stat(request.filePath);
    let stage: ImportStage = 'reading';
    let stageSinceMs = startedMs;
    const enter = (next: ImportStage, fraction: number) => {
      if (next !== stage) {
        figures[stage] = (figures[stage] ?? 0) + Math.round(performance.now() - stageSinceMs);
        [stage, stageSinceMs] = [next, performance.now()];
      }
      this.update(entry, { state: 'running', stage: next, fraction: overallFraction(next, fraction) });
    };
    enter('reading', 0);
    const ticker = setInterval(
      () => stage === 'tessellating' && enter(stage, estimatedFraction(performance.now() - stageSinceMs, size)),
      TICK_MS,
    );
    try {
      const output = await runInThread(request, this.limits, signal, enter);
      enter('storing', 0);
      const stored = await this.storeAll(request, output, signal, (fraction) => enter('storing', fraction));
      figures[stage] = Math.round(performance.now() - stageSinceMs);
      figures['total'] = Math.round(performance.now() - startedMs);
      return { ...stored, figures };
    } finally {
      clearInterval(ticker);
    }
  }

  private async storeAll(
    request: ImportRequest,
    output: PipelineOutput,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Omit<ImportResult, 'figures'>> {
    const original = await this.store.putFile(createReadStream(request.filePath));
    const shapes: ProductStructure['shapes'] = [];
    for (const { glb, ...shape } of output.shapes) {
      if (signal.aborted) throw importProblem('cancelled');
      const { cid, size } = await this.store.putFile(glb);
      shapes.push({ ...shape, cid: cid.toString() as ProductStructure['shapes'][number]['cid'], size });
      onProgress(shapes.length / output.shapes.length);
    }
    const structure = ProductStructure.parse({ unit: 'metre', up: 'y', nodes: output.nodes, shapes });
    const placed = structure.nodes.filter((node) => node.kind === 'part');
    return {
      fileName: request.fileName,
      format: output.format,
      original: { cid: original.cid.toString() as ImportResult['original']['cid'], size: original.size },
      unit: output.unit,
      upAxis: output.upAxis,
      structure,
      counts: {
        placed: placed.length,
        shapes: new Set(shapes.map(({ cid }) => cid)).size,
        triangles: placed.reduce((sum, node) => sum + shapes[node.shape!]!.triangleCount, 0),
      },
      warnings: output.warnings,
    };
  }

  private update(entry: Entry, change: Partial<ImportStatus>): void {
    const before = entry.status.value;
    if (entry.finishedAtMs !== undefined) return;
    const fraction = Math.max(before.fraction, change.fraction ?? 0);
    entry.status.next({ ...before, ...change, fraction });
  }

  private settle(entry: Entry, change: Partial<ImportStatus>): void {
    this.update(entry, change);
    entry.finishedAtMs = this.clock.nowMs();
    entry.status.complete();
  }

  private entry(id: string, asker?: string): Entry {
    const entry = this.entries.get(id);
    if (!entry || (entry.request.owner !== undefined && entry.request.owner !== asker))
      throw importProblem('import_unknown', { id: id.slice(0, 64) });
    return entry;
  }

  private forgetOld(): void {
    const oldestMs = this.clock.nowMs() - this.limits.keepMs;
    for (const [id, entry] of this.entries)
      if (entry.finishedAtMs !== undefined && entry.finishedAtMs < oldestMs) this.entries.delete(id);
  }
}
