import { z } from 'zod';
import { CidText, ProjectId, RoomId, UserId } from '../ids.ts';
import { Mode } from '../procedures/behaviour.ts';
import { FaultId } from '../procedures/ids.ts';
import { Rubric } from '../procedures/rubric.ts';
import { Text } from '../procedures/text.ts';
import { RunId } from '../training/ids.ts';

export const TrainingRoomNew = z.strictObject({
  title: z.string().trim().min(1).max(200),
  /** CIDs of signed releases of the project's procedures. */
  releases: z.array(CidText).min(1).max(20),
});
export const TrainingRoomView = z.object({
  room: RoomId,
  project: ProjectId,
  title: z.string(),
  openedAt: z.number().int(),
  openedBy: UserId,
  procedures: z.array(
    z.object({
      release: CidText,
      procedure: CidText,
      title: Text,
      /** Of the procedure: all its releases have it. */
      line: z.string(),
      number: z.number().int(),
      /** What there is of it by now; the release itself when nothing newer is there. */
      newest: z.object({ release: CidText, number: z.number().int() }),
    }),
  ),
  /** Names of those who are in it now. */
  present: z.array(z.string()),
  /** Runs that are not over. */
  underWay: z.number().int(),
  /** Who has closed it, and when: no run starts here any more. */
  closed: z.object({ by: z.string(), at: z.number().int() }).nullable(),
});
export type TrainingRoomView = z.infer<typeof TrainingRoomView>;
export const TrainingRoomList = z.object({ rooms: z.array(TrainingRoomView) });
export const ProcedureLoad = z.strictObject({ release: CidText });

export const FaultNew = z.strictObject({ fault: FaultId, isCleared: z.boolean().default(false) });
export const FaultList = z.object({
  faults: z.array(z.object({ fault: FaultId, isCleared: z.boolean(), atMs: z.number().int(), by: UserId })),
});

export const ScoreView = z.object({
  run: RunId,
  room: RoomId,
  /** Last journal entry of the run: with it anybody can recompute the sheet. */
  head: z.string(),
  length: z.number().int(),
  rubric: Rubric,
  sheet: z.object({
    rubricVersion: z.number().int(),
    points: z.number().int(),
    full: z.number().int(),
    passMark: z.number().int(),
    isPassed: z.boolean(),
    failedBy: z.array(z.string()),
    durationMs: z.number(),
    lines: z.array(
      z.object({
        reason: z.string(),
        points: z.number().int(),
        event: z.number().int().nullable(),
        atMs: z.number(),
        step: z.string().nullable(),
        facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    ),
    faults: z.array(
      z.object({ fault: z.string(), foundAfterMs: z.number().nullable(), diagnosedAfterMs: z.number().nullable() }),
    ),
    mustNot: z.array(z.string()),
    status: z.string(),
  }),
});
export type ScoreView = z.infer<typeof ScoreView>;
export const RubricNew = z.strictObject({ rubric: Rubric });

export const RunResult = z.object({
  run: RunId,
  room: RoomId,
  person: UserId,
  name: z.string(),
  procedure: CidText,
  mode: Mode,
  startedAt: z.number().int(),
  endedAt: z.number().int(),
  outcome: z.enum(['completed', 'failed', 'abandoned']),
  points: z.number().int(),
  full: z.number().int(),
  isPassed: z.boolean(),
  rubricVersion: z.number().int(),
  head: z.string(),
});
export type RunResult = z.infer<typeof RunResult>;
export const RunResults = z.object({ results: z.array(RunResult) });
