import { availableParallelism } from 'node:os';

/** What an import may cost. One object, so that a hall with more memory can be given more. */
export class ImportLimits {
  /** Largest upload, bytes. */
  maxUploadBytes = 500_000_000;
  /** From the start of the thread to its last shape. */
  timeoutMs = 300_000;
  heapMiB = 3072;
  /** The kernel's own ceiling is 2 GiB. */
  wasmBytes = 1_800_000_000;
  /** Imports that run at the same time; on a small machine one, so that the rooms keep a core. */
  concurrency = availableParallelism() >= 4 ? 2 : 1;
  /** Imports that may wait; one more is refused. */
  maxWaiting = 32;
  /** A finished import can be asked for this long; what it stored stays. */
  keepMs = 30 * 60_000;
}
