import { table, type Document } from '../document/document.ts';
import type { Problem } from '../errors.ts';
import type { UserId } from '../ids.ts';
import { procedureIn } from '../procedures/loaded.ts';
import type { Procedure } from '../procedures/procedure.ts';
import { stateOf, type EngineRow } from '../procedures/run-rows.ts';
import type { RunState } from '../procedures/run-state.ts';
import type { Pose } from '../spatial/pose.ts';
import { gated } from './gated.ts';
import type { HelpTables } from './help.ts';
import type { CrewMember, Disposition, ShownSkill, ToolResult } from './ops.ts';
import type { JobPlan, PartCode } from './plan.ts';

/**
 * Tables of a guidance room: `procedures` (and `parts`), `runs` with the one job, `world` and `placements` of its engine,
 * `visits` (each time a step was gone through), `deviations`, `results`, `scans`, `photos`, `measures`, `checks`, `skills`,
 * `alignments`, `pauses`; of help: `calls`, `marks`, `stills`, `handed`, `lines`, `recordings`. Rows are numbered in the order of the journal.
 */
export const JOB = 'job';

export type JobStatus = 'waiting' | 'running' | 'paused' | 'onHold' | 'finished' | 'scrapped';

export interface JobRow {
  readonly id: typeof JOB;
  readonly order: string;
  readonly serial: string;
  readonly station: string;
  /** CID of the procedure's document, and of the release that names it. */
  readonly procedure: string;
  readonly release: string;
  readonly revision: number;
  readonly plan: JobPlan;
  readonly crew: readonly CrewMember[];
  readonly status: JobStatus;
  readonly openedBy: UserId;
  readonly openedAtMs: number;
  readonly begunAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly pausedForMs: number;
  /** Who acted last: a tool does not know in whose hand it is. */
  readonly atWork: UserId | null;
  /** The engine's state but for its world; null until work begins. */
  readonly state: Omit<RunState, 'world'> | null;
  /** Thread of the engine to the visit that it is in. */
  readonly visiting: Readonly<Record<string, number>>;
  /** Rows so far, by table. */
  readonly counts: Readonly<Record<string, number>>;
  /** Deviations that nobody has decided about, and those whose rework is not done. */
  readonly undecided: readonly string[];
  readonly inRework: readonly string[];
  readonly alignedWithinM: number | null;
  readonly migrations: readonly { readonly from: string; readonly to: string; readonly atMs: number }[];
  /** What supervisors decided about newer releases, in order. */
  readonly revising: readonly Revising[];
  /** Devices that took the job along. Absent: none ever did. */
  readonly away?: readonly AwayDevice[];
  readonly signature: { readonly by: UserId; readonly statement: string; readonly atMs: number } | null;
  /** The last act that was not let happen, and why. */
  readonly refused: { readonly op: string; readonly problem: Problem } | null;
}

export interface AwayDevice {
  readonly device: string;
  readonly person: UserId;
  readonly name: string;
  readonly atMs: number;
  /** After that nothing that is done there can be believed: it holds nobody up. */
  readonly untilMs: number;
  /** The window by which it last said that all was sent; null: it has not been back. */
  readonly session: string | null;
}

export interface Revising {
  readonly release: string;
  readonly decision: 'migrate' | 'stay';
  readonly by: UserId;
  readonly reason: string;
  readonly atMs: number;
}

/** `checked`: all its conditions and gates held. `released`: by a supervisor, or by concession. */
export type HowLeft = 'checked' | 'released' | 'skipped' | 'spent' | 'jumped' | 'stopped' | 'retried';

export interface Visit {
  readonly n: number;
  readonly step: string;
  readonly thread: string;
  readonly attempt: number;
  readonly revision: number;
  readonly enteredAtMs: number;
  readonly leftAtMs: number | null;
  readonly how: HowLeft | null;
  /** Everybody who did something in it. */
  readonly by: readonly UserId[];
  /** Gates that are met. */
  readonly met: readonly string[];
  readonly isReleased: boolean;
}

export const DEVIATION_KINDS = [
  'wrong_part',
  'wrong_order',
  'wrong_tool',
  'wrong_control',
  'wrong_result',
  'wrong_answer',
  'out_of_tolerance',
  'safety',
  'value_out_of_range',
  'calibration_expired',
  'serial_twice',
  'check_failed',
  'unskilled',
  'skipped',
  'attempts_spent',
  'unchecked',
  'released',
  'procedure_failed',
  'reported',
] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];

export interface Deviation {
  readonly id: string;
  readonly kind: DeviationKind;
  readonly step: string | null;
  readonly visit: number | null;
  readonly by: UserId | null;
  readonly atMs: number;
  /** The same again while nobody has decided counts here. */
  readonly count: number;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  readonly text: string;
  readonly decided: {
    readonly disposition: Disposition;
    readonly by: UserId;
    readonly reason: string;
    readonly atMs: number;
  } | null;
  /** Of rework: the visit in which it was done right. */
  readonly reworkedIn: number | null;
}

interface Noted {
  readonly n: number;
  readonly step: string | null;
  readonly visit: number | null;
  readonly by: UserId;
  readonly atMs: number;
}
export interface ResultRow extends Noted {
  readonly result: ToolResult;
  readonly thing: string | null;
  readonly tool: string | null;
  /** `counted`: the step took it; `failed`: it was for the step, and wrong; else it was kept only, and why. */
  readonly verdict:
    'counted' | 'failed' | 'job_not_running' | 'not_waited_for' | 'too_late' | 'calibration_expired' | 'not_allowed';
}
export interface ScanRow extends Noted {
  readonly thing: string;
  readonly code: PartCode;
  readonly isRight: boolean;
}
export interface PhotoRow extends Noted {
  readonly gate: string;
  readonly cid: string;
  readonly kind: 'picture' | 'clip';
}
export interface MeasureRow extends Noted {
  readonly variable: string;
  readonly value: number;
  readonly unit: string | null;
  readonly isInRange: boolean;
  readonly instrument: { readonly device: string; readonly calibratedUntilMs: number | null } | null;
}
export interface CheckRow extends Noted {
  readonly gate: string | null;
  readonly isOk: boolean;
  readonly note: string;
}
export interface AlignmentRow extends Noted {
  readonly productInRoom: Pose;
  readonly expectedErrorM: number;
  readonly poseCovariance?: readonly number[];
  readonly leastM?: number;
  readonly how: string;
  readonly markers: readonly string[];
}
export interface PauseRow extends Noted {
  readonly reason: string;
  readonly isHold: boolean;
  readonly endedAtMs: number | null;
}
export interface SkillRow {
  readonly person: string;
  readonly skills: readonly ShownSkill[];
  readonly atMs: number;
}

export interface JobTables extends HelpTables {
  visits: Visit;
  deviations: Deviation;
  results: ResultRow;
  scans: ScanRow;
  photos: PhotoRow;
  measures: MeasureRow;
  checks: CheckRow;
  alignments: AlignmentRow;
  pauses: PauseRow;
}

export const jobOf = (document: Document): JobRow | undefined =>
  table(document, 'runs').get(JOB) as unknown as JobRow | undefined;

/** Rows of one table in their order. */
export const rowsOf = <T extends keyof JobTables>(document: Document, name: T): JobTables[T][] =>
  Array.from({ length: jobOf(document)?.counts[name] ?? 0 }, (_, n) => table(document, name).get(`${n}`)).filter(
    (row) => row !== undefined,
  ) as unknown as JobTables[T][];

export const skillsIn = (document: Document, person: string): readonly ShownSkill[] =>
  (table(document, 'skills').get(person) as unknown as SkillRow | undefined)?.skills ?? [];

/** The procedure as the job runs it: with the plan's gates on its steps. */
export function jobProcedure(document: Document, job: Pick<JobRow, 'procedure' | 'plan'>): Procedure | null {
  const procedure = procedureIn(document, job.procedure);
  return procedure && gated(procedure, job.plan);
}

/** The engine's state; null before work begins. */
export function jobState(document: Document, job: JobRow): RunState | null {
  const procedure = jobProcedure(document, job);
  return job.state && procedure ? stateOf(document, job as EngineRow, procedure) : null;
}
