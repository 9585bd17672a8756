import { expect, it } from 'vitest';
import { ann, JobJournal } from '../../test/support/jobs.ts';
import type { OpenRoom } from '../rooms/index.ts';
import { BackDevices } from './back-devices.ts';

const DEVICE = 'device-one';
const WINDOW = 'window-of-ann';

/** A room with or without Ann's window in it, each time by another connection. */
function roomOf(job: JobJournal) {
  let client: object | null = null;
  const opened = {
    journal: { durable: job.state },
    *seats() {
      if (client) yield { client, session: WINDOW, user: ann, role: 'engineer', isSlow: false };
    },
  } as unknown as { journal: { durable: JobJournal['state'] } } & OpenRoom;
  const back = new BackDevices(opened);
  const put = (...[type, payload, by]: Parameters<JobJournal['put']>) => {
    expect(job.put(type, payload as never, by)).toBeNull();
    opened.journal.durable = job.state;
    back.heard({ type, payload });
  };
  return { back, put, comes: () => void (client = {}), goes: () => void (client = null) };
}

it('takes a device for back by the connection on which it said so, and for lost when that is another or none', () => {
  const job = new JobJournal().begin();
  const { back, put, comes, goes } = roomOf(job);
  put('job.takeAlong', { person: ann, name: 'Ann', device: DEVICE, untilMs: job.atMs + 1e9 });
  comes();
  expect(back.lost(), 'it has not been back yet').toEqual([]);
  put('job.inSync', { device: DEVICE, session: WINDOW }, 'ann');
  expect(back.lost()).toEqual([]);
  comes();
  expect(back.lost(), 'it comes again, with what it did meanwhile').toEqual([DEVICE]);
  put('job.away', { device: DEVICE });
  expect(back.lost()).toEqual([]);
  put('job.inSync', { device: DEVICE, session: WINDOW }, 'ann');
  goes();
  expect(back.lost()).toEqual([DEVICE]);
  // After a crash of the hall nobody remembers by which connection it was.
  comes();
  expect(roomOf(job).back.lost()).toEqual([DEVICE]);
});
