import { useEffect } from 'react';
import { useReadable, useRoom } from './room-context.tsx';

/** The room's newest journal entries, fetched when first asked for. */
export function useHistory() {
  const { history } = useRoom();
  useEffect(() => history.read(), [history]);
  return useReadable(history.store);
}
