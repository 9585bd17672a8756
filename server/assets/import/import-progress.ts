/** Turns stages into one fraction that only grows. */
import { IMPORT_STAGES } from '#protocol/assets/import-status';
import type { ImportStage } from '#protocol/assets/import-status';

/** Where each stage ends, as a share of the whole; measured on assemblies of 18 to 2 000 parts. */
const ENDS: Readonly<Record<ImportStage, number>> = {
  waiting: 0,
  reading: 0.05,
  tessellating: 0.62,
  recovering_instances: 0.7,
  optimising: 0.92,
  validating: 0.94,
  storing: 1,
};
/** What the CAD kernel gets through, bytes of STEP text a second: only to move a bar, never to promise a time. */
const KERNEL_BYTES_PER_S = 600_000;

export function overallFraction(stage: ImportStage, fractionOfStage: number): number {
  const start = ENDS[IMPORT_STAGES[IMPORT_STAGES.indexOf(stage) - 1] ?? 'waiting'];
  return start + (ENDS[stage] - start) * Math.min(1, Math.max(0, fractionOfStage));
}

/** The kernel is one call that reports nothing: its share is approached, never reached, as time goes by. */
export function estimatedFraction(elapsedMs: number, fileBytes: number): number {
  const expectedMs = 400 + (fileBytes / KERNEL_BYTES_PER_S) * 1000;
  return 1 - Math.exp((-1.6 * elapsedMs) / expectedMs);
}
