import { useEffect, useSyncExternalStore } from 'react';
import type { GuidanceSession } from '#net/index';
import { jobOf, jobState } from '#protocol/guidance/index';
import { nextDueAtMs } from '#protocol/procedures/index';

/** However near the next thing is, ms: a clock that is a little behind does not ask without end. */
const LEAST_MS = 500;

/** Away from the hall this device says when time has come for something: a dwell is over, a step has timed out. */
export function useJobClock(session: GuidanceSession): void {
  const document = useSyncExternalStore(session.document.subscribe, session.document.get);
  const { state } = useSyncExternalStore(session.connection.subscribe, session.connection.get);
  useEffect(() => {
    const job = jobOf(document);
    const run = state === 'reconnecting' && job?.status === 'running' ? jobState(document, job) : null;
    const dueAtMs = run && nextDueAtMs(run);
    if (dueAtMs === null) return undefined;
    const timer = setTimeout(() => void session.submitJob('job.time', {}), Math.max(LEAST_MS, dueAtMs - Date.now()));
    return () => clearTimeout(timer);
  }, [session, document, state]);
}
