import { signIn } from '../../support/people.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';
import type { AuthorsOrder, AuthorsResult } from './authors.worker.ts';
import { measured, roomWithParts } from './load.ts';
import { pin } from './pinned.ts';

const AUTHORS = 50;
const WARM_UP_MS = 3_000;
const MEASURE_MS = 10_000;

/** Ops that are validated, permission-checked, chained, on disk and acknowledged, per second and process. */
export const throughput: Part = {
  name: 'throughput',
  async measure(): Promise<Figure[]> {
    const hall = await startHall();
    try {
      const ann = await signIn(hall.url, 'Ann');
      const room = await roomWithParts(ann, AUTHORS);
      pin(hall.pid, 0);
      const order: AuthorsOrder = {
        hallUrl: hall.url,
        room,
        token: ann.token,
        authors: AUTHORS,
        inFlight: 200,
        partOf: 'part-',
        warmUpMs: WARM_UP_MS,
        measureMs: MEASURE_MS,
      };
      const result = await measured<AuthorsOrder, AuthorsResult>('authors.worker.ts', order, hall.pid);
      return [
        {
          name: `durable ops per second, ${AUTHORS} authors, embedded PostgreSQL`,
          measured: result.acks / result.seconds,
          unit: '1/s',
          target: 10_000,
          is: 'above',
          note: `every op goes to all ${AUTHORS}; ${result.rejects} refused; server at ${(result.cpuShare * 100).toFixed(0)} % of a core`,
        },
      ];
    } finally {
      await hall.stop();
    }
  },
};
