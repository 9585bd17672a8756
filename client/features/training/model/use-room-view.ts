import { useQuery } from '@tanstack/react-query';
import type { TrainingRoomView } from '#protocol/api/training';
import { training } from '../training.ts';

/** Releases come while a page is open, ms. */
const REFRESH_MS = 20_000;

/** What the hall says of a training room beside its journal: which releases it has, and whether newer ones are out. */
export function useRoomView(room: string): TrainingRoomView | null {
  const view = useQuery({
    queryKey: ['training', room],
    queryFn: ({ signal }) => training.room(room, signal),
    refetchInterval: REFRESH_MS,
  });
  return view.data ?? null;
}
