import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { percentile } from './figures.ts';

/** An idle process wakes this often, ms; a gap that is longer than `GAP_MS` is the machine's. */
const WAKE_MS = 5;
const GAP_MS = 25;
const IDLER = `
  let before = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - before > ${WAKE_MS + GAP_MS}) process.send([before, now]);
    before = now;
  }, ${WAKE_MS});
  process.once('disconnect', () => process.exit());
`;

/** One thing that was waited for. */
export interface Sample {
  /** ms since 1970. */
  readonly startMs: number;
  readonly tookMs: number;
}

export interface Standstills {
  /**
   * The times of the samples within which the machine ran all the while. Of a shared machine others take the cores
   * away, for 50 to 300 ms at times: that is in nobody's hands here, and is told beside.
   */
  running(samples: readonly Sample[]): number[];
  /** Such as `31 of 1000 left out, in which the machine stood still; with them 904 ms`. */
  told(samples: readonly Sample[], share: number): string;
  stop(): void;
}

/** Watches whether the machine runs at all, by a process that has nothing to do and goes before all others. */
export function watchStandstills(): Standstills {
  const gaps: [number, number][] = [];
  const idler = spawn(process.execPath, ['-e', IDLER], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  idler.on('message', (gap: [number, number]) => gaps.push(gap));
  try {
    setPriority(idler.pid!, constants.priority.PRIORITY_HIGH);
  } catch {
    // Only root may: then it waits like everybody, and says so too often rather than too rarely.
  }
  const ran = ({ startMs, tookMs }: Sample) => !gaps.some(([from, to]) => from < startMs + tookMs && to > startMs);
  return {
    running: (samples) => samples.filter(ran).map(({ tookMs }) => tookMs),
    told: (samples, share) => {
      const left = samples.filter((sample) => !ran(sample)).length;
      if (left === 0) return 'the machine never stood still';
      const all = samples.map(({ tookMs }) => tookMs);
      return `${left} of ${samples.length} left out, within which the machine stood still; with them ${percentile(all, share).toFixed(0)} ms`;
    },
    stop: () => void idler.kill(),
  };
}
