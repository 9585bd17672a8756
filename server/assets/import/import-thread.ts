/** Runs one import in a thread of its own, within a time and two memory limits, and ends the thread whatever happens. */
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ImportStage } from '#protocol/assets/import-status';
import { importProblem, importProblemFrom } from './import-problem.ts';
import { occtWasmPath } from './occt.reader.ts';
import type { PipelineInput, PipelineOutput } from './pipeline.ts';
import type { WorkerInput, WorkerMessage } from './worker-message.ts';

export interface ThreadLimits {
  readonly timeoutMs: number;
  /** JavaScript heap of the thread, MiB. */
  readonly heapMiB: number;
  /** Memory of the CAD kernel, bytes; V8's limits do not cover wasm. */
  readonly wasmBytes: number;
}

const IS_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(IS_SOURCE ? './import.worker.ts' : './import.worker.js', import.meta.url);

let kernel: Promise<WebAssembly.Module> | undefined;

/** Compiled once for all imports: a thread that gets the module starts at once, and shares its optimised code. */
function compiledKernel(): Promise<WebAssembly.Module> {
  kernel ??= readFile(occtWasmPath()).then((bytes) => WebAssembly.compile(bytes));
  return kernel;
}

/** @throws WorkhallError of scope `import`: whatever the pipeline found, `took_too_long`, `out_of_memory`, `cancelled`. */
export async function runInThread(
  input: PipelineInput,
  limits: ThreadLimits,
  signal: AbortSignal,
  onProgress: (stage: ImportStage, fraction: number) => void,
): Promise<PipelineOutput> {
  const workerData: WorkerInput = { ...input, occt: await compiledKernel(), wasmLimitBytes: limits.wasmBytes };
  if (signal.aborted) throw importProblem('cancelled');
  const worker = new Worker(WORKER, {
    workerData,
    // From source, `#protocol/*` means the .ts files.
    ...(IS_SOURCE && { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] }),
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMiB, stackSizeMb: 8 },
    env: {},
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<PipelineOutput>();
  const timer = setTimeout(
    () => reject(importProblem('took_too_long', { limitMs: limits.timeoutMs })),
    limits.timeoutMs,
  );
  const onAbort = () => reject(importProblem('cancelled'));
  signal.addEventListener('abort', onAbort, { once: true });
  worker.on('message', (message: WorkerMessage) => {
    if (message.type === 'progress') onProgress(message.stage, message.fraction);
    else if (message.type === 'done') resolve(message.output);
    else reject(importProblemFrom(message.problem));
  });
  worker.on('error', (error: Error & { code?: string }) => {
    const isMemory =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' || /out of memory|Array buffer allocation/i.test(error.message);
    reject(
      isMemory
        ? importProblem('out_of_memory', {}, error)
        : importProblem('importer_failed', { reason: error.message.slice(0, 300) }, error),
    );
  });
  worker.on('exit', (code) =>
    reject(importProblem('importer_failed', { reason: `the import thread ended with code ${code}` })),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
