import { createContext, use } from 'react';
import type { GuidanceSession, Readable } from '#net/index';
import type { Camera } from '#protocol/alignment/index';
import type { Document } from '#protocol/document/index';
import type { Disposition, JobRow } from '#protocol/guidance/index';
import type { RoomInfo } from '#protocol/api/index';
import type { CameraSource } from '../../camera/index.ts';
import type { Action, Role } from '#protocol/permissions/index';
import type { Procedure, RunState } from '#protocol/procedures/index';
import type { UserId } from '#protocol/ids';
import type { Said } from '../training-room/model/said.ts';
import type { Speaker } from '../procedures/model/words.ts';
import type { HandsFree } from './hands-free/hands-free.ts';
import type { Aligner } from './model/aligner.ts';
import type { Held } from './model/held.ts';
import type { JobHand } from './model/job-hand.ts';
import type { StepNow, Task } from './model/tasks.ts';

/** A job as its panels need it. */
export interface JobThings {
  readonly session: GuidanceSession;
  readonly info: RoomInfo;
  readonly document: Document;
  readonly job: JobRow;
  /** As its author wrote it: gates of the plan stand beside it, in `steps`. */
  readonly procedure: Procedure;
  /** Null before the job is begun. */
  readonly state: RunState | null;
  readonly steps: readonly StepNow[];
  /** What keeps a step until somebody decides; null: nothing does. */
  readonly held: Held | null;
  readonly next: { readonly step: StepNow; readonly task: Task } | null;
  readonly hand: JobHand;
  readonly say: Speaker;
  /** Newest last. */
  readonly said: readonly Said[];
  readonly tell: (text: string, tone?: Said['tone']) => void;
  readonly me: { readonly user: UserId; readonly role: Role; readonly isCrew: boolean };
  readonly may: (action: Action) => boolean;
  readonly handsFree: HandsFree;
  readonly aligner: Aligner;
}

/** What panels open beside the step. */
export type Opened =
  | { readonly kind: 'scan'; readonly thing: string }
  | { readonly kind: 'photo'; readonly gate: string }
  | { readonly kind: 'second'; readonly gate: string }
  | { readonly kind: 'skill'; readonly gate: string }
  | { readonly kind: 'decide'; readonly deviation: string; readonly way: Disposition }
  | { readonly kind: 'overview' | 'deviations' | 'align' | 'lens' | 'pause' }
  | null;

export interface JobPage extends JobThings {
  readonly opened: Opened;
  readonly open: (what: Opened) => void;
  /** The one next act, whatever asked for it. */
  readonly goOn: () => void;
  readonly video: Readable<HTMLVideoElement | null>;
  /** Of the camera whose picture is shown; null before its first, and without one. */
  readonly lens: Readable<Camera | null>;
  readonly source: CameraSource | null;
}

const JobContext = createContext<JobPage | null>(null);
export const JobProvider = JobContext.Provider;

export function useJob(): JobPage {
  const job = use(JobContext);
  if (!job) throw new Error('A panel of a job stands outside of it.');
  return job;
}
