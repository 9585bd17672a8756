import type { RunStory } from './story.ts';

/** A fault of a run with who named it, for the debrief's page and paper. Run time, ms. */
export interface FaultRow {
  readonly fault: string;
  readonly injectedMs: number;
  /** After it was injected; null: nobody said that something is wrong. */
  readonly foundAfterMs: number | null;
  readonly namedAfterMs: number | null;
  /** Id of who named it first. */
  readonly namedBy: string | null;
}

export const faultRows = ({ faults, reports }: Pick<RunStory, 'faults' | 'reports'>): FaultRow[] =>
  faults.map(({ fault, injectedMs, foundMs, diagnosedMs }) => ({
    fault,
    injectedMs,
    foundAfterMs: foundMs === null ? null : foundMs - injectedMs,
    namedAfterMs: diagnosedMs === null ? null : diagnosedMs - injectedMs,
    namedBy:
      diagnosedMs === null
        ? null
        : (reports.find((one) => one.diagnosis === fault && one.isRight && one.atMs >= injectedMs)?.by ?? null),
  }));
