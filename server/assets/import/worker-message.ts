/** What crosses the border between the import service and its worker. */
import type { Problem } from '#protocol/errors';
import type { ImportStage } from '#protocol/assets/import-status';
import type { PipelineInput, PipelineOutput } from './pipeline.ts';

export interface WorkerInput extends PipelineInput {
  readonly wasmLimitBytes: number;
}

export type WorkerMessage =
  | { readonly type: 'progress'; readonly stage: ImportStage; readonly fraction: number }
  | { readonly type: 'done'; readonly output: PipelineOutput }
  | { readonly type: 'failed'; readonly problem: Problem };
