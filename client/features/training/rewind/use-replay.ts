import { useQuery } from '@tanstack/react-query';
import type { TrainingSession } from '#net/index';
import { decodeBlock, openEntry } from '#protocol/journal/index';
import { RunRecorder, type RunRow } from '#protocol/training/index';
import { Replay } from '../model/replay.ts';
import { training } from '../training.ts';

/**
 * All states that a run which stands still was in, from the room's journal as the hall has it. Null while it is read.
 * What is sealed stays so before the debrief: nobody is told by looking back.
 */
export function useReplay(session: TrainingSession, run: RunRow | null): Replay | null {
  const read = useQuery({
    queryKey: ['replay', session.room, run?.id, run?.digest],
    enabled: run !== null,
    staleTime: Infinity, // facts that are there stay
    gcTime: 60_000,
    retry: 5,
    queryFn: async ({ signal }) => replayOf(await training.journal(session.room, signal), session, run!.id),
  });
  return read.data ?? null;
}

function replayOf(journal: Uint8Array, session: TrainingSession, run: string): Replay {
  const { blocks } = decodeBlock(journal) as { readonly blocks: readonly Uint8Array[] };
  const recorder = new RunRecorder(run);
  for (const bytes of blocks) recorder.note(openEntry(bytes));
  const record = recorder.recordOf(session.document.get());
  // The newest facts may not be on the hall's disk yet: it is read again.
  if (!record?.isWhole) throw new Error('The run is not whole yet.');
  return new Replay(record.procedure, record.open);
}
