import { useEffect, useState } from 'react';
import { problem } from '#protocol/errors';
import type { Examination } from '../model/examine.ts';
import { training } from '../training.ts';
import type { ExamineMessage } from './examine.worker.ts';

export type Examining =
  { readonly state: 'reading'; readonly share: number } | ({ readonly state: 'done' } & Examination);

/** Fetches the room's journal and has it examined beside the page; anew with each `attempt`. */
export function useExamined(room: string, run: string, isReady: boolean, attempt: number): Examining {
  const [found, setFound] = useState<Examining>({ state: 'reading', share: 0 });
  useEffect(() => {
    if (!isReady) return;
    setFound({ state: 'reading', share: 0 });
    const stop = new AbortController();
    const worker = new Worker(new URL('./examine.worker.ts', import.meta.url), { type: 'module' });
    const fail = (message: string) =>
      setFound({ state: 'done', ok: false, problem: problem('training', 'not_read', message, { next: 'Try again.' }) });
    worker.onmessage = ({ data }: MessageEvent<ExamineMessage>) =>
      setFound('share' in data ? { state: 'reading', share: data.share } : { state: 'done', ...data });
    worker.onerror = ({ message }) => fail(message);
    training
      .journal(room, stop.signal)
      .then((journal) => worker.postMessage({ journal, run }, [journal.buffer as ArrayBuffer]))
      .catch((thrown: unknown) => {
        if (!stop.signal.aborted) fail(thrown instanceof Error ? thrown.message : String(thrown));
      });
    return () => {
      stop.abort();
      worker.terminate();
    };
  }, [room, run, isReady, attempt]);
  return found;
}
