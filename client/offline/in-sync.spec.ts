import { expect, it } from 'vitest';
import { Store } from '#net/store';
import { ann, JobJournal } from '../../test/support/jobs.ts';
import { tellInSync } from './in-sync.ts';

const DEVICE = 'device-one';
const WINDOW = 'window-of-ann';

it('says that it is back behind everything that waited, once, and again when the hall had lost it', () => {
  const job = new JobJournal().begin();
  job.put('job.takeAlong', { person: ann, name: 'Ann', device: DEVICE, untilMs: job.atMs + 1e9 });
  const said: string[] = [];
  const session = {
    connection: new Store<{ state: 'live' } | { state: 'reconnecting'; attempt: number }>({
      state: 'reconnecting',
      attempt: 1,
    }),
    pendingCount: new Store(2),
    document: new Store(job.state.document),
    me: { session: WINDOW, user: ann, participant: 1, role: 'engineer' as const },
    submitJob: (type: string, payload: unknown) => {
      said.push(type);
      job.put(type as 'job.inSync', payload as never, 'ann');
      session.document.set(job.state.document);
      return { id: 'op' };
    },
  };
  const stop = tellInSync(session, DEVICE);
  session.connection.set({ state: 'live' });
  expect(said).toEqual([]);
  session.pendingCount.set(0);
  expect(said).toEqual(['job.inSync']);
  session.pendingCount.set(1);
  session.pendingCount.set(0);
  expect(said).toHaveLength(1);
  job.put('job.away', { device: DEVICE });
  session.document.set(job.state.document);
  expect(said).toHaveLength(2);
  stop();
});
