import { useCallback, useMemo, useRef, useState } from 'react';
import type { ImportProgress } from '../project/import-file.ts';
import { noticeDone, noticeProblem, problemOf } from '../../ui/index.ts';
import { useRoom } from './room-context.tsx';
import { roomStrings } from './strings.ts';

export interface RoomImport {
  readonly name: string;
  readonly progress: ImportProgress;
}

/** Brings files into the room one after the other, through the session that is open already. */
export function useImport() {
  const room = useRoom();
  const [current, setCurrent] = useState<RoomImport | null>(null);
  const stop = useRef<AbortController | null>(null);
  const queue = useRef<File[]>([]);

  const next = useCallback(async (): Promise<void> => {
    const file = queue.current.shift();
    if (!file) return setCurrent(null);
    const { api, session, view } = room;
    const controller = new AbortController();
    stop.current = controller;
    setCurrent({ name: file.name, progress: { step: 'uploading', fraction: 0 } });
    try {
      const { importFile } = await import('../project/import-file.ts');
      const { parts, result } = await importFile({
        file,
        api,
        room: session.room,
        // It may end while the person looks at the past: the parts come into the room as it is.
        join: { session: session.live },
        signal: controller.signal,
        onProgress: (progress) => setCurrent({ name: file.name, progress }),
      });
      const roots = parts.slice(0, 1);
      if (!session.past.isPast) {
        view.selection.set(new Set(roots));
        view.frame(roots);
      }
      noticeDone(roomStrings.text('imported', { name: file.name, count: result.counts.placed }), () =>
        session.live.undo(),
      );
    } catch (thrown) {
      if (problemOf(thrown).key !== 'cancelled') noticeProblem(thrown);
    }
    stop.current = null;
    return next();
  }, [room]);

  const add = useCallback(
    (files: readonly File[]) => {
      queue.current.push(...files);
      if (!stop.current) void next();
    },
    [next],
  );
  const cancel = useCallback(() => {
    queue.current = [];
    stop.current?.abort();
  }, []);
  return useMemo(() => ({ current, add, cancel }), [current, add, cancel]);
}
