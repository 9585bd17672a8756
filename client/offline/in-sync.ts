import type { GuidanceSession } from '#net/index';
import { jobOf } from '#protocol/guidance/index';

type Session = Pick<GuidanceSession, 'connection' | 'document' | 'me' | 'pendingCount' | 'submitJob'>;

/**
 * A device that took the job along is back when all that was done on it is at the hall: it says so, behind everything that
 * waited, and again when the hall had lost it. Until then no newer instruction comes. Returns what ends it.
 */
export function tellInSync(session: Session, device: string): () => void {
  const look = () => {
    if (session.connection.get().state !== 'live' || session.pendingCount.get() > 0) return;
    const job = jobOf(session.document.get());
    const row = job?.away?.find((one) => one.device === device);
    const { session: window, user } = session.me;
    if (!row || row.person !== user || row.session === window || !job!.crew.some(({ id }) => id === user)) return;
    session.submitJob('job.inSync', { device, session: window });
  };
  const stops = [session.connection, session.pendingCount, session.document].map((one) => one.subscribe(look));
  look();
  return () => stops.forEach((stop) => stop());
}
