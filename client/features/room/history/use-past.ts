import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { partsOf } from '#protocol/design/index';
import { colorsOfUsers } from '#protocol/room/index';
import type { PastState } from '../../../net/past-view.ts';
import { colorOf } from '../model/holding.ts';
import { historyLines, namesIn, type HistoryLine } from '../model/history-lines.ts';
import { useDocument, useReadable, useRoom } from '../room-context.tsx';

export const usePastState = (): PastState => useReadable(useRoom().session.past.state);

/** Follows one fact of it; a component draws again when that changes, not at every slice of replay. */
export function usePastFact<T>(fact: (state: PastState) => T): T {
  const { state } = useRoom().session.past;
  const subscribe = useCallback((listener: () => void) => state.subscribe(listener), [state]);
  return useSyncExternalStore(subscribe, () => fact(state.get()));
}

/** Whether the room is shown as it was. */
export const useIsPast = (): boolean => usePastFact(({ seq }) => seq !== null);

/** What was done at one entry, in words to be filled in; null when it was not read so far. */
export function useDeedAt(seq: number): HistoryLine | null {
  const { past } = useRoom().session;
  const parts = partsOf(useDocument());
  const replayed = usePastFact((state) => state.replayed >= state.total);
  const names = useMemo(() => (replayed ? namesIn(past.entries()) : new Map<string, string>()), [past, replayed]);
  const entry = past.entryAt(seq);
  return entry ? (historyLines([entry], (id) => parts.get(id)?.name ?? names.get(id))[0] ?? null) : null;
}

/** Colour of everybody who did something here: as in the roster for those who are here. */
export function useColorsOf(users: readonly string[]): (user: string) => string {
  const roster = useReadable(useRoom().session.participants);
  return useMemo(() => {
    const here = new Map(roster.map(({ user, color }) => [user as string, color]));
    const others = colorsOfUsers(users);
    return (user) => colorOf(here.get(user) ?? others.get(user) ?? 0);
  }, [users, roster]);
}
