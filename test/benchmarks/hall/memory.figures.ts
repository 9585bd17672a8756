import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../../support/processes.ts';
import { startHall } from '../../support/server.ts';
import type { Figure, Part } from '../figures.ts';

/** Long enough that idle database connections are closed and start-up garbage is collected. */
const IDLE_MS = 20_000;

export const memory: Part = {
  name: 'memory',
  async measure(): Promise<Figure[]> {
    const hall = await startHall({ env: { DEMO: '1' } });
    try {
      await sleep(IDLE_MS);
      const { pssMb, processes } = memoryOf(hall.pid, hall.dataDir);
      const note = `${processes} processes, ${IDLE_MS / 1000} s after the start, proportional set size`;
      return [{ name: 'idle memory of all processes', measured: pssMb, unit: 'MB', target: 600, note }];
    } finally {
      await hall.stop();
    }
  },
};
