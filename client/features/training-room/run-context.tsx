import { createContext, use } from 'react';
import type { TrainingSession } from '#net/index';
import type { EquipmentModel } from '#protocol/equipment/index';
import type { RoomInfo } from '#protocol/api/index';
import type { Participant, Procedure, RunState } from '#protocol/procedures/index';
import type { RunRow } from '#protocol/training/index';
import type { Speaker } from '../procedures/model/words.ts';
import { useReadable } from '../room/room-context.tsx';
import type { MachinePicture, Machines } from './model/machine-feed.ts';
import type { RunHand } from './model/run-hand.ts';
import type { Said } from './model/said.ts';

/** One run as I see it now. */
export interface RunThings {
  readonly session: TrainingSession;
  readonly info: RoomInfo;
  readonly machines: Machines;
  readonly row: RunRow;
  readonly procedure: Procedure;
  readonly state: RunState;
  /** Everybody is shown it as it was: `state` is of then, and nothing can be done. */
  readonly isPast: boolean;
  /** Of the simulated machine, if the run has one. */
  readonly model: EquipmentModel | null;
  readonly hand: RunHand;
  readonly say: Speaker;
  /** Newest last. */
  readonly said: readonly Said[];
  readonly tell: (text: string, tone?: Said['tone']) => void;
}

const RunContext = createContext<RunThings | null>(null);
export const RunProvider = RunContext.Provider;

export function useRun(): RunThings {
  const run = use(RunContext);
  if (!run) throw new Error('A panel of a run stands outside of it.');
  return run;
}

/** What the run's machine shows; null before the first picture, or without a machine. */
export function useMachine(): MachinePicture | null {
  const { machines, row } = useRun();
  return useReadable(machines.pictures).get(row.id) ?? null;
}

export function useMyself(): Participant | null {
  const { session, row } = useRun();
  return row.participants.find(({ id }) => id === session.me.user) ?? null;
}
